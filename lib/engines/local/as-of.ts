/** Columns of another entity as of a row's time, found through a relation. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { Relation } from "@/lib/domain/definitions/entity";
import type { EngineInstance } from "@/lib/domain/runs/variant-plan";
import {
  EVENT_TIME,
  type Frame,
  type FrameColumn,
  ROW_ID,
  columnKey,
  findColumn,
  keysOf,
  physicalNames,
} from "./frame";
import type { Frames } from "./frames";
import { stageError } from "./operators/local-operator";
import { readColumns, readerOf, relationTo } from "./plan-uses";
import { quoteName } from "./quote";

const TIME = quoteName(EVENT_TIME);
const ROW = quoteName(ROW_ID);

/**
 * The value that the other entity's newest row at or before the reader's time has; the newest of all for a reader without
 * time; by key alone where the other entity's rows have none.
 */
export async function readAsOf(
  frames: Frames,
  reader: Frame,
  column: string,
  writer: string | null,
  relation: Relation,
  instance: EngineInstance,
): Promise<FrameColumn> {
  const tag = `|${relation.name}`;
  const cached = reader.columns.get(columnKey(column, writer) + tag);
  if (cached) return cached;

  const by = await frames.own(
    reader,
    `${reader.entity.name}.${relation.by}`,
    null,
    `Relation ${relation.name} of ${reader.entity.name}`,
  );
  const target = await frames.holding(relation.entity, [{ column, instance: writer }]);
  if (target.entity.joinKeys.length !== 1) {
    throw stageError(
      instance.stage,
      `relation ${relation.name} leads to ${relation.entity}, which has ${target.entity.joinKeys.length} join keys; a relation needs exactly one.`,
      { path: ["via"] },
    );
  }
  const bySql = quoteName(physicalNames(by.physical)[0] ?? "");
  const timeless = target.statics ? findColumn(target.statics, column, writer) : undefined;
  if (target.statics && timeless)
    return frames.joinByKey(reader, target.statics, [bySql], column, writer, timeless, tag);

  const from = await frames.own(target, column, writer, `Stage ${instance.stage.name}`);
  if (!target.timed) return frames.joinByKey(reader, target, [bySql], column, writer, from, tag);

  // Read for every row of the reader, perhaps many times: worth a table.
  await frames.store(target);
  await frames.number(target);
  const relationName = await frames.lend(target);
  await point(frames, reader, relation, bySql, target, instance);
  const pointer = quoteName(reader.pointers.get(target)?.get(relation.name) ?? "");
  return frames.joinColumn(reader, relationName, `f.${pointer} = s.${ROW}`, column, writer, from, tag);
}

/**
 * Finds, once for each relation, the newest row of the other entity at or before each row's time, and remembers its
 * number: every further column is then a plain join. The lookup is DuckDB's ASOF join; a null key matches nothing.
 * Relations to the same rows that later stages follow are looked up in the same copy.
 */
async function point(
  frames: Frames,
  reader: Frame,
  relation: Relation,
  bySql: string,
  target: Frame,
  instance: EngineInstance,
): Promise<void> {
  const known = reader.pointers.get(target) ?? new Map<string, string>();
  if (known.has(relation.name)) return;
  const relations = new Map([[relation.name, bySql]]);
  for (const other of relationsToCome(frames, reader, target)) {
    if (relations.has(other.name) || known.has(other.name)) continue;
    const by = await frames.own(reader, `${reader.entity.name}.${other.by}`, null, `Relation ${other.name}`);
    relations.set(other.name, quoteName(physicalNames(by.physical)[0] ?? ""));
  }

  const [key = ""] = keysOf(target);
  const newest = `SELECT ${key}, ${TIME}, max(${ROW}) AS ${ROW} FROM ${target.relation} WHERE ${key} IS NOT NULL AND ${TIME} IS NOT NULL GROUP BY ALL`;
  let query = `SELECT * FROM ${reader.relation}`;
  const pointers: [relation: string, name: string][] = [];
  for (const [name, by] of relations) {
    const pointer = frames.fresh(`row by ${name}`);
    pointers.push([name, pointer]);
    query = reader.timed
      ? `SELECT f.*, s.${ROW} AS ${quoteName(pointer)} FROM (${query}) f ASOF LEFT JOIN (${newest}) s ON f.${by} = s.${key} AND f.${TIME} >= s.${TIME}`
      : `SELECT f.*, s.${ROW} AS ${quoteName(pointer)} FROM (${query}) f LEFT JOIN (SELECT ${key}, max_by(${ROW}, ${TIME}) AS ${ROW} FROM (${newest}) GROUP BY 1) s ON f.${by} = s.${key}`;
  }
  frames.control.progress({
    done: frames.at,
    total: frames.steps,
    instance: instance.key,
    message: `joining ${target.entity.name} as of each ${reader.entity.name}`,
  });
  await frames.store(
    reader,
    query,
    pointers.map(([, name]) => name),
  );
  for (const [name, pointer] of pointers) known.set(name, pointer);
  reader.pointers.set(target, known);
}

function relationsToCome(frames: Frames, reader: Frame, target: Frame): Relation[] {
  return frames.order
    .slice(frames.at)
    .filter((instance) => readerOf(instance) === reader.entity.name)
    .flatMap((instance) =>
      readColumns(instance)
        .filter(
          (column) =>
            splitColumn(column)[0] === target.entity.name &&
            frames.held(target.entity.name, [{ column, instance: instance.inputs[column] ?? null }]) === target,
        )
        .map(() => relationTo(reader.entity, target.entity.name, instance)),
    );
}
