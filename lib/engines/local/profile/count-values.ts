/** A column with few different values is counted by value and target: every figure comes exactly from those counts. */
import { groupBy } from "@/lib/domain/group-by";
import { quoteText } from "../quote";
import type { Session } from "../session";
import { CELL, type ColumnRequest } from "./column-request";

/** So many of the most frequent values are kept as examples. */
export const TOP_SHOWN = 10;

/** `value_counts(target, v, n)`: how often each value occurs in each target. */
export async function countValues({ session, value, rows }: ColumnRequest): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TABLE value_counts AS SELECT target, v, sum(n)::BIGINT AS n FROM (SELECT ${CELL} AS cell, ${value} AS v, count(*) AS n FROM ${rows} GROUP BY ALL) JOIN cell_targets USING (cell) GROUP BY ALL`,
  );
}

/** A value as JSON and every database can hold it: text with a NUL shows its symbol. */
const SHOWN = "replace(CAST(v AS VARCHAR), chr(0), '\u2400')";

/** The same of a text that is here. */
export function shownText(text: string): string {
  return text.replaceAll("\u0000", "\u2400");
}

/** Target → its most frequent values, from `value_counts`. */
export async function topValues(
  session: Session,
  limit: number,
): Promise<Map<number, { value: string; count: number }[]>> {
  const rows = await session.rows<{ target: number; shown: string; n: number }>(
    `SELECT target, ${SHOWN} AS shown, n FROM value_counts WHERE v IS NOT NULL QUALIFY row_number() OVER (PARTITION BY target ORDER BY n DESC, v) <= ${limit} ORDER BY target, n DESC, v`,
  );
  const top = groupBy(rows, (row) => row.target);
  return new Map([...top].map(([target, list]) => [target, list.map(({ shown, n }) => ({ value: shown, count: n }))]));
}

/** Target → how often each of the values occurs there, from `value_counts`. */
export async function countListed(session: Session, values: string[]): Promise<(target: number) => number[]> {
  const listed = values.map(quoteText).join(", ");
  const rows =
    values.length === 0
      ? []
      : await session.rows<{ target: number; shown: string; n: number }>(
          `SELECT target, ${SHOWN} AS shown, sum(n)::BIGINT AS n FROM value_counts WHERE ${SHOWN} IN (${listed}) GROUP BY 1, 2`,
        );
  const counts = new Map(rows.map((row) => [`${row.target}|${row.shown}`, row.n]));
  return (target) => values.map((value) => counts.get(`${target}|${value}`) ?? 0);
}
