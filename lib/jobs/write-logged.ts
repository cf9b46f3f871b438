import { createWriteStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { ValueFiles } from "@/lib/domain/outcomes/outcomes";
import { countLogged, type LoggedKind, readLogged } from "@/lib/registry/monitors/logged-values";

interface Logged {
  workspaceId: string;
  model: string;
  entity: EntityDefinition;
  /** Where the file goes. */
  folder: string;
}

/** Writes what services logged of a model as a text file that the engine reads as a source; nothing when there is none. */
export async function writeLogged(logged: Logged, what: LoggedKind): Promise<ValueFiles[]> {
  const { workspaceId, model, entity, folder } = logged;
  if ((await countLogged(workspaceId, model, what)) === 0) return [];
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

async function* linesOf({ workspaceId, model, entity }: Logged, what: LoggedKind) {
  const names = entity.joinKeys.map(({ name }) => name);
  yield `${[...names, entity.eventTime ?? "at", VALUE].map(quote).join(",")}\n`;
  for await (const values of readLogged(workspaceId, model, what))
    yield values
      .map(
        ({ key, at, value }) =>
          `${[...names.map((name) => key[name] ?? ""), at.toISOString(), String(value)].map(quote).join(",")}\n`,
      )
      .join("");
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
