/** Labels and predictions as tables with one row for each row of their entity, whatever files they come from. */
import { DomainError } from "@/lib/domain/errors";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { ColumnFiles, ValueFiles } from "@/lib/domain/outcomes/outcomes";
import { fitsType } from "./column-fit";
import { EVENT_TIME, firstLine, identityOf, keyName } from "./frame";
import { SQL_TYPES, quoteName, quoteText } from "./quote";
import { interval } from "./row-selection";
import type { Session } from "./session";
import { openSource } from "./open-source";

const TIME = quoteName(EVENT_TIME);

/** Whose rows are read, and which of them. */
export interface OutcomeRows {
  entity: EntityDefinition;
  /** `[from, to)` on the event time, ISO. */
  window: [string, string] | null;
  /** Column whose hash assigns rows, where something is assigned by it. */
  bucketKey: string | null;
}

/** What identifies a row: SQL of every key and of the event time, under the engine's own names. */
export function outcomeIdentity({ entity }: Pick<OutcomeRows, "entity">): string[] {
  return identityOf({ entity, timed: entity.eventTime !== undefined });
}

export interface FileRows {
  /** SELECT of the identity, `value`, `place` (files counted from 1) and, in a label, `bucket_key`. */
  query: string;
  /** Whether rows know the bucket key. */
  assigned: boolean;
}

/** Rows of files that runs wrote, or of a source's as it declares them. */
export async function readLabels(
  session: Session,
  request: OutcomeRows,
  label: ValueFiles,
  asker = "The label",
): Promise<FileRows> {
  const { entity, bucketKey } = request;
  const { source } = label;
  if (!source) return readOutput(session, request, label, asker);
  const opened = await openSource(session, source, label.files);
  const sqlOf = (name: string | undefined) =>
    name !== undefined && source.columns.some((column) => column.name === name) ? opened.expression(name) : undefined;
  const value = sqlOf(label.column);
  const keys = entity.joinKeys.map((key) => sqlOf(key.name));
  const time = entity.eventTime === undefined ? undefined : sqlOf(source.timeColumn);
  if (value === undefined || keys.includes(undefined) || (entity.eventTime !== undefined && time === undefined))
    throw new DomainError(
      "invalid",
      `Source ${source.name} cannot label rows of ${entity.name}: it needs ${[label.column, ...entity.joinKeys.map((key) => key.name)].join(", ")}${entity.eventTime === undefined ? "" : " and a time column"}.`,
    );
  const select = [
    ...entity.joinKeys.map((key, i) => `CAST(${keys[i]} AS ${SQL_TYPES[key.type]}) AS ${quoteName(keyName(i))}`),
    ...(time === undefined ? [] : [`CAST(${time} AS TIMESTAMP) AS ${TIME}`]),
    `CAST(${value} AS DOUBLE) AS value`,
    "1 AS place",
  ];
  const key = bucketKey === null ? undefined : sqlOf(bucketKey);
  if (key !== undefined) select.push(`${key} AS bucket_key`);
  return {
    query: `SELECT ${select.join(", ")} FROM ${opened.relation}`,
    assigned: key !== undefined,
  };
}

/** Rows of files that runs wrote. Throws `invalid` when a file lacks a key or the column, or when the column is no number. */
export async function readOutput(
  session: Session,
  { entity, bucketKey }: OutcomeRows,
  { files, column }: ColumnFiles,
  asker: string,
): Promise<FileRows> {
  const list = `[${files.map(quoteText).join(", ")}]`;
  const relation = `read_parquet(${list}, filename = true, union_by_name = true)`;
  let types: Map<string, string>;
  try {
    const found = await session.rows<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM ${relation}`,
    );
    types = new Map(found.map((row) => [row.column_name, row.column_type]));
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError("invalid", `The files of ${asker} cannot be read: ${firstLine(error)}`);
  }
  const names = [
    ...entity.joinKeys.map((key) => key.name),
    ...(entity.eventTime === undefined ? [] : [entity.eventTime]),
  ];
  const missing = [...names, column].filter((name) => !types.has(name));
  if (missing.length > 0)
    throw new DomainError("invalid", `The files of ${asker} lack ${missing.join(", ")}: ${files.join(", ")}.`, {
      expected: [...names, column].join(", "),
      found: [...types.keys()].filter((name) => name !== "filename").join(", "),
    });
  const type = types.get(column) ?? "";
  if (!(["boolean", "bigint", "double"] as const).some((wanted) => fitsType(type, wanted)))
    throw new DomainError(
      "invalid",
      `${asker} holds ${column} as ${type}, and only numbers and true/false values can be compared.`,
    );
  const select = [
    ...entity.joinKeys.map(
      (key, i) => `CAST(${quoteName(key.name)} AS ${SQL_TYPES[key.type]}) AS ${quoteName(keyName(i))}`,
    ),
    ...(entity.eventTime === undefined ? [] : [`CAST(${quoteName(entity.eventTime)} AS TIMESTAMP) AS ${TIME}`]),
    `CAST(${quoteName(column)} AS DOUBLE) AS value`,
    `list_position(${list}, filename) AS place`,
  ];
  const assigned = bucketKey !== null && types.has(bucketKey);
  if (assigned) select.push(`${quoteName(bucketKey)} AS bucket_key`);
  return { query: `SELECT ${select.join(", ")} FROM ${relation}`, assigned };
}

/** A table with one row for each identity, the last file's. Throws `invalid` when one file holds a row twice. */
export async function storeRows(
  session: Session,
  name: string,
  { query, assigned }: FileRows,
  request: OutcomeRows,
  asker: string,
): Promise<{ table: string; assigned: boolean }> {
  const table = quoteName(name);
  const identity = outcomeIdentity(request).join(", ");
  const where = request.window === null || request.entity.eventTime === undefined ? "true" : interval(request.window);
  try {
    await session.run(`CREATE TABLE ${table} AS SELECT * FROM (${query}) WHERE ${where}`);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError("invalid", `The files of ${asker} cannot be read: ${firstLine(error)}`);
  }
  const [twice] = await session.rows<{ key: string; n: number }>(
    `SELECT CAST(${quoteName(keyName(0))} AS VARCHAR) AS key, count(*) AS n FROM ${table} GROUP BY ${identity}, place HAVING count(*) > 1 LIMIT 1`,
  );
  if (twice)
    throw new DomainError(
      "invalid",
      `The files of ${asker} hold ${twice.n} rows for ${request.entity.name} ${twice.key}, so a prediction and its label cannot be told from others.`,
      { expected: "one row", found: `${twice.n} rows` },
    );
  const { files } = await session.row<{ files: number }>(`SELECT count(DISTINCT place) AS files FROM ${table}`);
  if (files < 2) return { table, assigned };
  const once = quoteName(`${name} once`);
  await session.run(
    `CREATE TABLE ${once} AS SELECT * FROM ${table} QUALIFY row_number() OVER (PARTITION BY ${identity} ORDER BY place DESC) = 1`,
  );
  return { table: once, assigned };
}
