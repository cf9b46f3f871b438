import { createWriteStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { prisma } from "@/lib/db/client";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { ValueFiles } from "@/lib/domain/outcomes/outcomes";

interface Logged {
  workspaceId: string;
  model: string;
  entity: EntityDefinition;
  /** Where the file goes. */
  folder: string;
}

const ROWS_AT_ONCE = 10_000;

/** Writes what services logged of a model as a text file that the engine reads as a source; nothing when there is none. */
export async function writeLogged(logged: Logged, what: "predictions" | "outcomes"): Promise<ValueFiles[]> {
  const { workspaceId, model, entity, folder } = logged;
  const where = { workspaceId, model };
  const count =
    what === "predictions"
      ? await prisma().loggedPrediction.count({ where })
      : await prisma().loggedOutcome.count({ where });
  if (count === 0) return [];
  const file = path.join(folder, `${what}.csv`);
  await pipeline(Readable.from(linesOf(logged, what)), createWriteStream(file));
  const timeColumn = entity.eventTime ?? "at";
  const source: SourceDefinition = {
    kind: "Source",
    name: `logged_${what}`,
    entity: entity.name,
    format: "csv",
    location: file,
    rowKey: entity.joinKeys.map(({ name }) => name),
    timeColumn,
    columns: [...entity.joinKeys, { name: timeColumn, type: "timestamp" }, { name: VALUE, type: "double" }],
  };
  return [{ files: [file], column: VALUE, source }];
}

/** No join key has such a name: names begin with a letter. */
const VALUE = "_value";

async function* linesOf({ workspaceId, model, entity }: Logged, what: "predictions" | "outcomes") {
  const names = entity.joinKeys.map(({ name }) => name);
  yield `${[...names, entity.eventTime ?? "at", VALUE].map(quote).join(",")}\n`;
  let after: string | undefined;
  for (;;) {
    const page = {
      where: { workspaceId, model, ...(after !== undefined && { id: { gt: after } }) },
      orderBy: { id: "asc" },
      take: ROWS_AT_ONCE,
    } as const;
    const rows =
      what === "predictions"
        ? (await prisma().loggedPrediction.findMany(page)).map((row) => ({ ...row, value: row.prediction }))
        : (await prisma().loggedOutcome.findMany(page)).map((row) => ({ ...row, value: row.outcome }));
    after = rows.at(-1)?.id;
    yield rows
      .map(({ key, at, value }) => {
        const texts = JSON.parse(key) as Record<string, string>;
        return `${[...names.map((name) => texts[name] ?? ""), at.toISOString(), String(value)].map(quote).join(",")}\n`;
      })
      .join("");
    if (rows.length < ROWS_AT_ONCE) return;
  }
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
