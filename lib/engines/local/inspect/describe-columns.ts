/** What the columns of opened data hold, and the documents that they would be declared as. */
import type { InspectedColumn } from "@/lib/domain/datasets/file-inspection";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { OpenSource } from "../open-source";
import type { Session } from "../session";
import { specNames } from "./names";

const SAMPLED_ROWS = 1000;
const PREVIEW_ROWS = 20;
const SAMPLES = 5;
/** Above so many rows different values are estimated. */
const EXACT_ROWS = 1_000_000;
/** Where no column tells rows apart, their position does. */
export const ROW_NUMBER = "row_number";

/** Missing and different values of each, with samples. */
export async function describeColumns(session: Session, opened: OpenSource, rows: number): Promise<InspectedColumn[]> {
  const columns = [...opened.columns.values()];
  const textOf = (sql: string) => `CAST(${sql} AS VARCHAR)`;
  const count = (sql: string) => (rows <= EXACT_ROWS ? `count(DISTINCT ${sql})` : `approx_count_distinct(${sql})`);
  const counts = columns.map(
    ({ value }, i) => `count(*) - count(${value.sql}) AS m${i}, ${count(textOf(value.sql))} AS d${i}`,
  );
  const found = await session.row<Record<string, number>>(`SELECT ${counts.join(", ")} FROM ${opened.relation}`);
  const samples = columns.map(
    ({ value }, i) => `list_sort(list_slice(list(DISTINCT left(${textOf(value.sql)}, 80)), 1, ${SAMPLES})) AS s${i}`,
  );
  const shown = await session.row<Record<string, (string | null)[] | null>>(
    `SELECT ${samples.join(", ")} FROM (SELECT * FROM ${opened.relation} LIMIT ${SAMPLED_ROWS})`,
  );
  return columns.map(({ declared }, i) => ({
    name: declared.name,
    from: declared.from ?? declared.name,
    type: declared.type,
    missing: found[`m${i}`] ?? 0,
    distinct: found[`d${i}`] ?? 0,
    samples: (shown[`s${i}`] ?? []).filter((one) => one !== null),
  }));
}

/** The first rows as text. */
export async function previewOf(
  session: Session,
  opened: OpenSource,
  columns: readonly InspectedColumn[],
): Promise<(string | null)[][]> {
  const select = columns.map(
    ({ name }, i) => `left(CAST(${opened.columns.get(name)?.value.sql} AS VARCHAR), 200) AS c${i}`,
  );
  const rows = await session.rows<Record<string, string | null>>(
    `SELECT ${select.join(", ")} FROM ${opened.relation} LIMIT ${PREVIEW_ROWS}`,
  );
  return rows.map((row) => columns.map((_, i) => row[`c${i}`] ?? null));
}

/** Timestamps before dates, and fewer missing values first. */
export function timesAmong(columns: readonly InspectedColumn[]): string[] {
  return columns
    .filter(({ type }) => type === "timestamp" || type === "date")
    .sort((one, other) => Number(one.type === "date") - Number(other.type === "date") || one.missing - other.missing)
    .map(({ name }) => name);
}

/** Without a row key, rows are numbered. */
export function proposal(
  definition: SourceDefinition,
  columns: readonly InspectedColumn[],
  rowKey: readonly string[] | undefined,
  time: string | undefined,
): { entity: EntityDefinition; source: SourceDefinition } {
  const { reading, ...rest } = definition;
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.type ?? ("bigint" as ColumnType);
  const number = specNames([...columns.map(({ name }) => name), ROW_NUMBER], "column").at(-1) as string;
  const key = rowKey ?? [number];
  const joinKeys = key.filter((name) => name !== time);
  return {
    entity: {
      kind: "Entity",
      name: definition.entity,
      joinKeys: (joinKeys.length > 0 ? joinKeys : key).map((name) => ({ name, type: typeOf(name) })),
      ...(time !== undefined && { eventTime: time }),
    },
    source: {
      ...rest,
      ...(reading && Object.keys(reading).length > 0 && { reading }),
      columns: [...definition.columns, ...(rowKey ? [] : [{ name: number, type: "bigint" as const }])],
      rowKey: [...key],
      ...(time !== undefined && { timeColumn: time }),
      ...(rowKey ? {} : { rowNumber: number }),
    },
  };
}
