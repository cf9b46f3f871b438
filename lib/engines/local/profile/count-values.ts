/** A column with few different values is counted by value and target: every figure comes exactly from those counts. */
import type { CategoricalHistogram } from "@/lib/domain/drift/histogram";
import { groupBy } from "../group-by";
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

/** Target → its most frequent values, from `value_counts`. */
export async function topValues(
  session: Session,
  limit: number,
): Promise<Map<number, { value: string; count: number }[]>> {
  const rows = await session.rows<{ target: number; v: string; n: number }>(
    `SELECT target, CAST(v AS VARCHAR) AS v, n FROM value_counts WHERE v IS NOT NULL QUALIFY row_number() OVER (PARTITION BY target ORDER BY n DESC, value_counts.v) <= ${limit} ORDER BY target, n DESC, value_counts.v`,
  );
  const top = groupBy(rows, (row) => row.target);
  return new Map([...top].map(([target, list]) => [target, list.map(({ v, n }) => ({ value: v, count: n }))]));
}

/** Target → how often each of the values occurs there, from `value_counts`. */
export async function categoricalHistograms(
  session: Session,
  values: string[],
  totals: Map<number, { rows: number; missing: number }>,
): Promise<Map<number, CategoricalHistogram>> {
  const listed = values.map(quoteText).join(", ");
  const rows =
    values.length === 0
      ? []
      : await session.rows<{ target: number; v: string; n: number }>(
          `SELECT target, CAST(v AS VARCHAR) AS v, n FROM value_counts WHERE CAST(v AS VARCHAR) IN (${listed})`,
        );
  const counts = new Map(rows.map((row) => [`${row.target}|${row.v}`, row.n]));
  return new Map(
    [...totals].map(([target, { rows: total, missing }]) => {
      const own = values.map((value) => counts.get(`${target}|${value}`) ?? 0);
      const other = total - missing - own.reduce((sum, n) => sum + n, 0);
      return [target, { kind: "categorical", values, counts: own, other, missing }];
    }),
  );
}
