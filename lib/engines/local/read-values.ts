/** Values that an earlier run wrote, in the place of running their stage again. */
import { existsSync } from "node:fs";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import { operatorName, resolveParams } from "@/lib/domain/operators/operator-table";
import type { EngineInstance } from "@/lib/domain/runs/variant-plan";
import { fitsType } from "./column-fit";
import { EVENT_TIME, type Frame, type FrameColumn, columnKey, firstLine, identityOf, keyName } from "./frame";
import type { Frames } from "./frames";
import { LOCAL_OPERATORS } from "./operators/local-operators";
import { SQL_TYPES, quoteName, quoteText } from "./quote";
import type { Session } from "./session";
import { FINITE, sameRow } from "./source-rows";

/**
 * Takes an instance's outputs from a file that a run wrote, found by join keys and event time. Throws `not_found` for a
 * file that is gone and `invalid` for one that lacks a column, holds a row twice or holds other rows than the entity has.
 */
export async function readValues(
  session: Session,
  frames: Frames,
  instance: EngineInstance,
  { file, columns }: NonNullable<EngineInstance["values"]>,
): Promise<void> {
  const { stage } = instance;
  const entity = frames.entity(stage.entity);
  const refuse = (problem: string, expected: string, found: string): never => {
    throw new DomainError(
      "invalid",
      `The file ${file} cannot stand for stage ${stage.name}: ${problem}. Run the stage again instead.`,
      { file, stage: stage.name, expected, found },
    );
  };
  if (!existsSync(file))
    throw new DomainError(
      "not_found",
      `The file ${file} with the values of stage ${stage.name} is gone. Run the stage again instead.`,
      { file, stage: stage.name, expected: "a file that an earlier run wrote", found: "none" },
    );
  const types = await session
    .rows<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM read_parquet(${quoteText(file)})`)
    .then((rows) => new Map(rows.map((row) => [row.column_name, row.column_type])))
    .catch((error: unknown) => {
      if (error instanceof DomainError) throw error;
      return refuse(`it is no Parquet file: ${firstLine(error)}`, "a Parquet file", firstLine(error));
    });

  const timed = entity.eventTime !== undefined && types.has(entity.eventTime);
  const read = stage.outputs.flatMap((output) => {
    const name = columns[output.column];
    return name === undefined ? [] : [{ ...output, from: name, name: frames.fresh(splitColumn(output.column)[1]) }];
  });
  const expected = [...entity.joinKeys.map((key) => key.name), ...read.map(({ from }) => from)];
  const missing = expected.filter((name) => !types.has(name));
  if (missing.length > 0)
    refuse(`it has no column ${missing.join(", ")}`, expected.join(", "), [...types.keys()].join(", "));
  for (const { from, type } of read) {
    const found = types.get(from) ?? "";
    if (!fitsType(found, type)) refuse(`it holds ${from} as ${found}, not ${type}`, type, found);
  }

  const identity = [...entity.joinKeys.map((_, i) => keyName(i)), ...(timed ? [EVENT_TIME] : [])];
  const select = [
    ...entity.joinKeys.map(
      (key, i) => `CAST(${quoteName(key.name)} AS ${SQL_TYPES[key.type]}) AS ${quoteName(keyName(i))}`,
    ),
    ...(timed && entity.eventTime
      ? [`CAST(${quoteName(entity.eventTime)} AS TIMESTAMP) AS ${quoteName(EVENT_TIME)}`]
      : []),
    ...read.map(({ from, type, name }) => `CAST(${quoteName(from)} AS ${SQL_TYPES[type]}) AS ${quoteName(name)}`),
  ];
  const table = quoteName(frames.fresh(`values of ${stage.name}`));
  await session.run(`CREATE TABLE ${table} AS SELECT ${select.join(", ")} FROM read_parquet(${quoteText(file)})`);
  const found = await countRows(session, table, { entity, timed });
  if (found.different !== found.rows)
    refuse(
      "it holds rows that keys and event time do not tell apart",
      `${found.rows} different rows`,
      `${found.different}`,
    );

  const given = await frames.rowsBeside(instance);
  if (given) {
    if (given.timed !== timed)
      refuse(
        `its rows have ${timed ? "an" : "no"} event time`,
        given.timed ? `rows with ${entity.eventTime}` : `rows without ${entity.eventTime}`,
        [...types.keys()].join(", "),
      );
    const { rows, joined } = await session.row<{ rows: number; joined: number }>(
      `SELECT (SELECT count(*) FROM ${given.relation}) AS rows, count(*) AS joined FROM ${given.relation} f FULL JOIN ${table} s ON ${sameRow(given)}`,
    );
    // A row that one side lacks makes the join longer than a side.
    if (rows !== found.rows || joined !== rows)
      refuse(
        `its rows are not those that ${entity.name} has now`,
        `${rows} rows`,
        rows === found.rows ? `${joined - rows} of ${found.rows} rows are others` : `${found.rows} rows`,
      );
  } else if (entity.eventTime !== undefined && !timed) {
    refuse(`its rows have no ${entity.eventTime}`, entity.eventTime, [...types.keys()].join(", "));
  }
  const categories = categoriesOf(instance);
  const outputs = new Map(
    read.map(({ column, type, name }): [string, FrameColumn] => {
      const known = categories.get(column);
      return [
        columnKey(column, instance.key),
        {
          type,
          physical: { kind: type === "vector" ? "list" : "scalar", name },
          finite: FINITE.has(type),
          ...(known !== undefined && { categories: known }),
        },
      ];
    }),
  );
  await frames.addRows(instance, table, timed, [...identity, ...read.map(({ name }) => name)], outputs);
}

/** Column → how many category numbers it can hold, where the stage writes such numbers: files do not say. */
function categoriesOf({ stage, fit }: EngineInstance): Map<string, number> {
  const learned = fit?.fitted?.learned;
  const sizes =
    learned === undefined
      ? []
      : (LOCAL_OPERATORS[operatorName(stage)]?.categories?.({ params: resolveParams(stage), learned }) ?? []);
  return new Map(
    stage.outputs.flatMap(({ column }, i) => (sizes[i] === undefined ? [] : [[column, sizes[i]] as const])),
  );
}

async function countRows(
  session: Session,
  table: string,
  frame: Pick<Frame, "entity" | "timed">,
): Promise<{ rows: number; different: number }> {
  return session.row(
    `SELECT (SELECT count(*) FROM ${table}) AS rows, (SELECT count(*) FROM (SELECT DISTINCT ${identityOf(frame).join(", ")} FROM ${table})) AS different`,
  );
}
