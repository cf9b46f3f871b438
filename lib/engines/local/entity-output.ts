import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { EntityOutput } from "@/lib/domain/runs/variant-result";
import { EVENT_TIME, type Frame, identityOf, keyName, valueSql } from "./frame";
import type { Frames } from "./frames";
import { groupBy } from "@/lib/domain/group-by";
import { quoteName, quoteText } from "./quote";
import type { Session } from "./session";
import { digestFile } from "@/lib/config/file-digest";

export interface StagedOutput {
  output: EntityOutput;
  temporary: string;
  final: string;
}

/**
 * Writes one Parquet file for each entity into `folder`, rows in order of key and event time so that equal values give
 * equal bytes. Nothing is visible under the plan's output directory until `publish`.
 */
export async function writeOutputs(
  session: Session,
  frames: Frames,
  plan: VariantPlan,
  folder: string,
): Promise<StagedOutput[]> {
  const staged: StagedOutput[] = [];
  for (const [entity, written] of groupBy(plan.materialise, ({ column }) => splitColumn(column)[0])) {
    const frame = await frames.holding(entity, written);
    const { joinKeys, eventTime } = frame.entity;
    const select = joinKeys.map((key, i) => `${quoteName(keyName(i))} AS ${quoteName(key.name)}`);
    const order = joinKeys.map((key) => quoteName(key.name));
    if (frame.timed && eventTime) {
      select.push(`${quoteName(EVENT_TIME)} AS ${quoteName(eventTime)}`);
      order.push(quoteName(eventTime));
    }
    const columns: EntityOutput["columns"] = [];
    const identityTypes = new Map<string, ColumnType>([
      ...joinKeys.map((key) => [key.name, key.type] as const),
      ...(frame.timed && eventTime ? [[eventTime, "timestamp"] as const] : []),
    ]);
    const taken = new Set(identityTypes.keys());
    const entire = !plan.window && (await tellsRowsApart(session, frame));
    for (const { column, instance, name } of written) {
      // Keys and the event time are in every file; as columns that somebody asked for they are values like others.
      const identity = instance === null ? identityTypes.get(name) : undefined;
      if (identity) {
        columns.push({ name, column, type: identity, instance, reusable: false });
        continue;
      }
      if (taken.has(name))
        throw new DomainError(
          "invalid",
          `Two columns of ${entity} would be written as ${name}. Name them apart, as a plan of several variants does.`,
        );
      taken.add(name);
      const found = await frames.own(frame, column, instance, "The plan's output");
      select.push(`${valueSql(found)} AS ${quoteName(name)}`);
      const reusable = entire && frames.held(entity, [{ column, instance }]) === frame;
      columns.push({ name, column, type: found.type, instance, reusable });
    }
    const temporary = join(folder, `${entity}.parquet`);
    await session.run(
      `COPY (SELECT ${select.join(", ")} FROM ${frame.relation} ORDER BY ${order.join(", ")}) TO ${quoteText(temporary)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    const range = frame.timed
      ? `CAST(min(${quoteName(EVENT_TIME)}) AS TIMESTAMP) AS low, CAST(max(${quoteName(EVENT_TIME)}) AS TIMESTAMP) AS high`
      : "NULL AS low, NULL AS high";
    const { n, low, high } = await session.row<{ n: number; low: string | null; high: string | null }>(
      `SELECT count(*) AS n, ${range} FROM ${frame.relation}`,
    );
    const { sha256, bytes } = await digestFile(temporary);
    const final = join(plan.outputDirectory, `${entity}-${sha256}.parquet`);
    staged.push({
      temporary,
      final,
      output: {
        entity,
        columns,
        snapshot: {
          dataset: entity,
          files: [{ path: final, sha256, bytes }],
          rows: n,
          time: low && high ? [low, high] : null,
        },
      },
    });
  }
  return staged;
}

/** Whether every row has keys and an event time of its own; those that a stage made do. */
async function tellsRowsApart(session: Session, frame: Frame): Promise<boolean> {
  const { rows, different } = await session.row<{ rows: number; different: number }>(
    `SELECT (SELECT count(*) FROM ${frame.relation}) AS rows, (SELECT count(*) FROM (SELECT DISTINCT ${identityOf(frame).join(", ")} FROM ${frame.relation})) AS different`,
  );
  return rows === different;
}

/** Moves finished files to their names by content, all or none. An equal file that is there already is the same file. */
export async function publishOutputs(staged: StagedOutput[]): Promise<EntityOutput[]> {
  const added: string[] = [];
  try {
    for (const { temporary, final } of staged) {
      if (!existsSync(final)) added.push(final);
      await rename(temporary, final);
    }
  } catch (error) {
    for (const path of added) await rm(path, { force: true });
    throw error;
  }
  return staged.map(({ output }) => output);
}

/** A folder beside the final files, so that moving is one rename; its name begins with a dot, so that nobody lists it. */
export async function makeStagingFolder(outputDirectory: string, name: string): Promise<string> {
  const folder = join(outputDirectory, `.partial-${name}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
