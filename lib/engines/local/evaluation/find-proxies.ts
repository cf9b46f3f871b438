import { groupBy } from "@/lib/domain/group-by";
import type { EvaluationTask } from "@/lib/domain/outcomes/evaluation";
import { columnBehind } from "@/lib/domain/outcomes/permutation-importance";
import {
  FEWEST_OF_A_CLASS,
  FEWEST_PROXY_ROWS,
  PROXY_FROM,
  type TargetProxy,
} from "@/lib/domain/outcomes/target-proxies";
import type { Bound } from "../operators/local-operator";
import { componentNames } from "../operators/local-operator";
import type { Session } from "../session";
import { finite } from "./outcome-figures";

/** Components that are measured by one statement. */
const AT_ONCE = 20;

/**
 * The inputs that reach `PROXY_FROM` alone, the strongest component of each speaking for it. Nothing for classes without an order, and for too
 * few rows to tell.
 * @param relation with the inputs' components
 * @param label SQL of the label as a number: 0 and 1 of a binary task
 */
export async function findProxies(
  session: Session,
  {
    relation,
    inputs,
    label,
    task,
  }: { relation: string; inputs: readonly Bound[]; label: string; task: EvaluationTask },
): Promise<TargetProxy[]> {
  if (task === "multiclass") return [];
  const components = inputs.flatMap((input) => componentNames([input]).map((name, at) => ({ name, sql: input.sql[at] ?? "NULL" }))); // prettier-ignore
  const found: { name: string; value: number | null; rows: number }[] = [];
  for (let at = 0; at < components.length; at += AT_ONCE) {
    const some = components.slice(at, at + AT_ONCE);
    const each = some.map(({ sql }, i) => figureSql(task, i, `SELECT ${finite(`CAST(${sql} AS DOUBLE)`)} AS x, ${finite(label)} AS y FROM ${relation}`)); // prettier-ignore
    const rows = await session.rows<{ i: number; value: number | null; rows: number }>(each.join(" UNION ALL "));
    found.push(...rows.map(({ i, value, rows: n }) => ({ name: some[Number(i)]?.name ?? "", value, rows: n })));
  }
  const measure = task === "binary" ? "auc" : "r2";
  return [...groupBy(found, ({ name }) => columnBehind(name))].flatMap(([feature, own]): TargetProxy[] => {
    const best = own.reduce((one, other) => ((other.value ?? 0) > (one.value ?? 0) ? other : one));
    return best.value !== null && best.value >= PROXY_FROM ? [{ feature, measure, value: best.value, rows: best.rows }] : []; // prettier-ignore
  });
}

/** SQL of one row: number of the component, figure or null, rows. Equal values have their mean rank (Mann and Whitney 1947). */
function figureSql(task: "binary" | "regression", i: number, pairs: string): string {
  const usable = `(SELECT * FROM (${pairs}) WHERE x IS NOT NULL AND y IS NOT NULL)`;
  if (task === "regression")
    return `SELECT ${i} AS i, CASE WHEN count(*) >= ${FEWEST_PROXY_ROWS} THEN corr(x, y) ^ 2 END AS value, CAST(count(*) AS DOUBLE) AS rows FROM ${usable}`;
  const ranked = `(SELECT y, rank() OVER (ORDER BY x) + (count(*) OVER (PARTITION BY x) - 1) / 2e0 AS r FROM ${usable})`;
  return `SELECT ${i} AS i, CASE WHEN n >= ${FEWEST_PROXY_ROWS} AND least(ones, n - ones) >= ${FEWEST_OF_A_CLASS} THEN greatest(a, 1 - a) END AS value, n AS rows FROM (
    SELECT CAST(count(*) AS DOUBLE) AS n, CAST(count(*) FILTER (WHERE y = 1) AS DOUBLE) AS ones,
      (sum(r) FILTER (WHERE y = 1) - ones * (ones + 1) / 2) / nullif(ones * (n - ones), 0) AS a FROM ${ranked})`;
}
