import { existsSync } from "node:fs";
import { DomainError } from "@/lib/domain/errors";
import type { RowComparison, RowComparisonRequest } from "@/lib/domain/reproductions/row-comparison";
import { quoteName, quoteText } from "./quote";
import type { Session } from "./session";

/** Types whose values may come out a little otherwise when threads add in another order. */
const APPROXIMATE = /^(DOUBLE|FLOAT)(\[\d*\])?$/;

/**
 * See `Engine.compareRows`. Both files are read once for a digest that the order of rows does not change; only where it differs they are
 * joined by their keys, which DuckDB does on disk where memory does not do.
 */
export async function compareRows(session: Session, request: RowComparisonRequest): Promise<RowComparison> {
  const { expected, found } = request;
  for (const file of [expected, found])
    if (!existsSync(file))
      throw new DomainError("not_found", `The file ${file} is gone, so that its rows cannot be compared.`);
  await session.confine([expected, found], [session.scratch]);
  const [before, after] = [await columnsOf(session, expected), await columnsOf(session, found)];
  const missing = [...before.keys()].filter((name) => before.get(name) !== after.get(name));
  const extra = [...after.keys()].filter((name) => !before.has(name));
  const names = [...before.keys()].filter((name) => !missing.includes(name));
  const [one, other] = [await digest(session, expected, names), await digest(session, found, names)];
  const rows = { expected: one.rows, found: other.rows };
  const identical = missing.length + extra.length === 0 && one.digest === other.digest && one.rows === other.rows;
  if (identical || one.digest === other.digest) return { rows, identical, missing, extra, unmatched: 0, columns: [] };
  return { rows, identical, missing, extra, ...(await pair(session, request, names, before)) };
}

async function columnsOf(session: Session, file: string): Promise<Map<string, string>> {
  const rows = await session.rows<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * FROM read_parquet(${quoteText(file)})`,
  );
  return new Map(rows.map((row) => [row.column_name, row.column_type]));
}

/** Two sums of 64-bit hashes of whole rows: the same for the same rows in any order. */
async function digest(session: Session, file: string, names: readonly string[]) {
  const row = `hash(${[...names.map(quoteName), "0"].join(", ")})`;
  const salted = `hash(${["1", ...names.map(quoteName)].join(", ")})`;
  return session.row<{ rows: number; digest: string }>(
    `SELECT CAST(count(*) AS DOUBLE) AS rows, concat_ws(' ', count(*), sum(${row}::HUGEINT), sum(${salted}::HUGEINT)) AS digest FROM read_parquet(${quoteText(file)})`,
  );
}

async function pair(
  session: Session,
  { expected, found, keys, tolerance }: RowComparisonRequest,
  names: readonly string[],
  types: ReadonlyMap<string, string>,
): Promise<Pick<RowComparison, "unmatched" | "columns">> {
  const own = keys.filter((key) => names.includes(key));
  const values = names.filter((name) => !own.includes(name));
  const partition = own.length > 0 ? `PARTITION BY ${own.map(quoteName).join(", ")} ` : "";
  // Rows of one key are in no order of their own; those that differ least come out beside each other.
  const order = values.length > 0 ? `ORDER BY ${values.map(quoteName).join(", ")}` : "";
  const side = (file: string) =>
    `SELECT ${[...names.map(quoteName), `row_number() OVER (${partition}${order}) AS "$nth"`].join(", ")} FROM read_parquet(${quoteText(file)})`;
  const on = [...own, "$nth"].map((name) => `e.${quoteName(name)} IS NOT DISTINCT FROM f.${quoteName(name)}`);
  const both = `e."$nth" IS NOT NULL AND f."$nth" IS NOT NULL`;
  const figures = values.flatMap((name, i) => {
    const [a, b] = [`e.${quoteName(name)}`, `f.${quoteName(name)}`];
    const gap = gapSql(a, b, types.get(name) ?? "");
    return [
      `CAST(count(*) FILTER (WHERE ${both} AND ${gap} > ${tolerance}) AS DOUBLE) AS d${i}`,
      `coalesce(max(${gap}) FILTER (WHERE ${both}), 0) AS l${i}`,
    ];
  });
  const counted = await session.row<Record<string, number>>(
    `SELECT ${[`CAST(count(*) FILTER (WHERE NOT (${both})) AS DOUBLE) AS unmatched`, ...figures].join(", ")} FROM (${side(expected)}) e FULL OUTER JOIN (${side(found)}) f ON ${on.join(" AND ")}`,
  );
  const columns = values.map((name, i) => ({ name, differing: counted[`d${i}`] ?? 0, largest: counted[`l${i}`] ?? 0 }));
  return { unmatched: counted.unmatched ?? 0, columns: columns.filter(({ largest }) => largest > 0) };
}

/** SQL of how far two values are apart: relative to the larger of two numbers, 1 for values that are simply not the same. */
function gapSql(a: string, b: string, type: string): string {
  const between = (one: string, other: string) =>
    `CASE WHEN ${one} IS NOT DISTINCT FROM ${other} THEN 0.0 WHEN isfinite(${one}) AND isfinite(${other}) THEN abs(${one} - ${other}) / greatest(abs(${one}), abs(${other})) ELSE 1.0 END`;
  const equal = `${a} IS NOT DISTINCT FROM ${b}`;
  if (!APPROXIMATE.test(type)) return `CASE WHEN ${equal} THEN 0.0 ELSE 1.0 END`;
  if (!type.endsWith("]")) return between(a, b);
  const gaps = `list_transform(list_zip(${a}, ${b}), pair -> ${between("pair[1]", "pair[2]")})`;
  return `CASE WHEN ${equal} THEN 0.0 WHEN len(${a}) = len(${b}) THEN coalesce(list_max(${gaps}), 0.0) ELSE 1.0 END`;
}
