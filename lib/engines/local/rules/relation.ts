/** How strongly a feature and a label go together, from 0 to 1, whatever their types are. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import { quoteName } from "../quote";
import type { Session } from "../session";

type RelationMeasure = "auc" | "spearman" | "mutual_information" | "correlation_ratio";

export interface Relation {
  measure: RelationMeasure;
  /** The measure itself: an AUC, a rank correlation, nats, a ratio. Null when one of the two never varies. */
  value: number | null;
  /** 0 to 1; null with `value`. */
  strength: number | null;
  /** Rows that have both. */
  rows: number;
}

/**
 * A number and a truth value: |2·AUC − 1|. Two numbers: |Spearman's ρ|. A text and a number: the correlation ratio, corrected
 * for the number of groups (Kelley's ε). Otherwise mutual information ÷ the label's entropy, less what chance alone
 * gives of it, (|X| − 1)(|Y| − 1) ÷ 2n, so that an identifier does not seem to tell everything.
 * @param condition rows to look at
 */
export async function measureRelation(
  session: Session,
  table: string,
  types: ReadonlyMap<string, ColumnType>,
  [feature, label]: [string, string],
  condition: string,
): Promise<Relation> {
  const [x, y] = [toOperand(feature, types), toOperand(label, types)];
  const pairs = `(SELECT ${x.sql} AS x, ${y.sql} AS y FROM ${table} WHERE ${condition} AND ${x.present} AND ${y.present})`;
  if (x.kind === "text" && y.kind === "text") return mutualInformation(session, pairs);
  if (x.kind === "text" && y.kind === "truth") return mutualInformation(session, pairs);
  if (x.kind === "truth" && y.kind === "text") return mutualInformation(session, pairs);
  if (x.kind === "text") return correlationRatio(session, pairs, "x", "y");
  if (y.kind === "text") return correlationRatio(session, pairs, "y", "x");
  return y.kind === "truth" ? auc(session, pairs) : spearman(session, pairs);
}

interface Operand {
  kind: "number" | "truth" | "text";
  sql: string;
  /** Neither missing nor infinite. */
  present: string;
}

function toOperand(name: string, types: ReadonlyMap<string, ColumnType>): Operand {
  const column = quoteName(name);
  const type = types.get(name) as ColumnType;
  const present = `${column} IS NOT NULL`;
  switch (type) {
    case "boolean":
      return { kind: "truth", sql: `${column}::INTEGER::DOUBLE`, present };
    case "bigint":
      return { kind: "number", sql: `${column}::DOUBLE`, present };
    case "double":
      return { kind: "number", sql: column, present: `(${present} AND isfinite(${column}))` };
    case "date":
    case "timestamp":
      return { kind: "number", sql: `epoch(${column}::TIMESTAMP)::DOUBLE`, present };
    case "string":
      return { kind: "text", sql: column, present };
    default:
      throw new DomainError("invalid", `${name} is ${type}: how it goes together with another column is not defined.`);
  }
}

async function auc(session: Session, pairs: string): Promise<Relation> {
  const { rows, value } = await session.row<{ rows: number; value: number | null }>(`
    WITH counts AS (SELECT x, count(*) FILTER (y = 1) AS yes, count(*) FILTER (y = 0) AS no FROM ${pairs} GROUP BY x),
      above AS (SELECT yes, no, sum(no) OVER (ORDER BY x) - no / 2 AS below FROM counts)
    SELECT coalesce(sum(yes + no), 0)::BIGINT AS rows, sum(yes * below) / nullif(sum(yes)::DOUBLE * sum(no), 0) AS value FROM above`);
  return { measure: "auc", value, strength: value === null ? null : Math.abs(2 * value - 1), rows: Number(rows) };
}

async function spearman(session: Session, pairs: string): Promise<Relation> {
  const ranked = (column: string) =>
    `rank() OVER (ORDER BY ${column}) + (count(*) OVER (PARTITION BY ${column}) - 1) / 2`;
  const { rows, value } = await session.row<{ rows: number; value: number | null }>(
    `SELECT count(*) AS rows, corr(x, y) AS value FROM (SELECT ${ranked("x")} AS x, ${ranked("y")} AS y FROM ${pairs})`,
  );
  const known = finite(value);
  return { measure: "spearman", value: known, strength: known === null ? null : Math.abs(known), rows: Number(rows) };
}

async function correlationRatio(session: Session, pairs: string, group: string, number: string): Promise<Relation> {
  const { rows, groups, total, within } = await session.row<{
    rows: number;
    groups: number;
    total: number | null;
    within: number | null;
  }>(`
    WITH grouped AS (SELECT count(*) AS n, avg(${number}) AS mean, var_pop(${number}) AS spread FROM ${pairs} GROUP BY ${group}),
      whole AS (SELECT count(*) AS rows, var_pop(${number}) AS spread FROM ${pairs})
    SELECT whole.rows, (SELECT count(*) FROM grouped) AS groups, whole.spread * whole.rows AS total,
      (SELECT sum(n * spread) FROM grouped) AS within FROM whole`);
  const [n, k] = [Number(rows), Number(groups)];
  const known = n > k && k > 1 && total ? within : null;
  const value = known === null ? null : Math.sqrt(Math.max(0, 1 - known / (n - k) / ((total as number) / (n - 1))));
  return { measure: "correlation_ratio", value, strength: value, rows: n };
}

async function mutualInformation(session: Session, pairs: string): Promise<Relation> {
  const { rows, xs, ys, hx, hy, hxy } = await session.row<Record<string, number | null>>(`
    WITH cells AS (SELECT x, y, count(*) AS n FROM ${pairs} GROUP BY x, y),
      total AS (SELECT sum(n)::DOUBLE AS every FROM cells),
      xs AS (SELECT sum(n) / any_value(every) AS p FROM cells, total GROUP BY x),
      ys AS (SELECT sum(n) / any_value(every) AS p FROM cells, total GROUP BY y)
    SELECT (SELECT every FROM total) AS rows, (SELECT count(*) FROM xs) AS xs, (SELECT count(*) FROM ys) AS ys,
      (SELECT -sum(p * ln(p)) FROM xs) AS hx, (SELECT -sum(p * ln(p)) FROM ys) AS hy,
      (SELECT -sum(n / every * ln(n / every)) FROM cells, total) AS hxy`);
  const n = Number(rows ?? 0);
  if (n === 0 || !hy || !hx || hxy === null)
    return { measure: "mutual_information", value: null, strength: null, rows: n };
  const bias = ((Number(xs) - 1) * (Number(ys) - 1)) / (2 * n);
  const value = Math.max(0, hx + hy - (hxy as number) - bias);
  return { measure: "mutual_information", value, strength: Math.min(1, value / hy), rows: n };
}

/** DuckDB's correlation with a constant is NaN. */
function finite(value: number | null): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
