import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { Rule } from "@/lib/domain/definitions/rule";
import { momentsSql } from "../moments-sql";
import { quoteName } from "../quote";

const NUMERIC: readonly ColumnType[] = ["bigint", "double"];
const ORDERED: readonly ColumnType[] = [...NUMERIC, "string", "date", "timestamp", "boolean"];

/**
 * The one aggregate that a rule about a column's figure judges, or null for a rule that needs more than one aggregate.
 * Standard deviation is the sample's; quantiles are those of `percentile_disc`, values that occur.
 */
export function toFigure(
  { type, kwargs }: Rule,
  types: ReadonlyMap<string, ColumnType>,
  table: string,
  condition: string,
): string | null {
  const name = String(kwargs.column);
  const column = quoteName(name);
  const rows = ` FILTER (${condition})`;
  const of = (aggregate: string, allowed: readonly ColumnType[]): string => {
    const columnType = types.get(name) as ColumnType;
    if (allowed.includes(columnType)) return aggregate;
    throw new DomainError("invalid", `${name} is ${columnType}; ${type} is for ${allowed.join(", ")} columns.`);
  };
  const isInteger = types.get(name) === "bigint";
  const isFinite = `${column} IS NOT NULL AND isfinite(${column}::DOUBLE)`;
  const finite = momentsSql(column, isInteger, table, `${condition} AND ${isFinite}`);
  /** Of infinities and NaN a sum or a mean is what arithmetic makes of them, which compensation would spoil. */
  const whereFinite = (sql: string, otherwise: string) =>
    `CASE WHEN bool_and(isfinite(${column}::DOUBLE))${rows} THEN ${sql} ELSE ${otherwise} END`;
  switch (type) {
    case "expect_column_min_to_be_between":
      return of(`min(${column})${rows}`, ORDERED);
    case "expect_column_max_to_be_between":
      return of(`max(${column})${rows}`, ORDERED);
    case "expect_column_mean_to_be_between":
      return of(whereFinite(finite.mean, `avg(${column})${rows}`), NUMERIC);
    case "expect_column_median_to_be_between":
      return of(`quantile_cont(${column}::DOUBLE, 0.5)${rows}`, NUMERIC);
    case "expect_column_stdev_to_be_between":
      // DuckDB refuses the spread of infinities, even where it is not asked for; there is none.
      return of(whereFinite(finite.sampleStd, "NULL"), NUMERIC);
    case "expect_column_sum_to_be_between":
      return of(
        isInteger ? `sum(${column})${rows}` : whereFinite(`fsum(${column})${rows}`, `sum(${column})${rows}`),
        NUMERIC,
      );
    case "expect_column_unique_value_count_to_be_between":
      return `count(DISTINCT ${column})${rows}`;
    case "expect_column_proportion_of_unique_values_to_be_between":
      // Of no values it is 0 in Great Expectations, on whatever the data are.
      return `COALESCE(count(DISTINCT ${column})${rows} / nullif(count(${column})${rows}, 0), 0)`;
    case "expect_column_quantile_values_to_be_between": {
      const { quantiles } = kwargs.quantile_ranges as { quantiles: number[] };
      return of(`quantile_disc(${column}::DOUBLE, [${quantiles.join(", ")}])${rows}`, NUMERIC);
    }
    default:
      return null;
  }
}
