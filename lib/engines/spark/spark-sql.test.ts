import { describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { parseSql } from "@/lib/sql/parse-sql";
import { SparkSqlRefusal, sparkText, translateProjection } from "./spark-sql";

const COLUMNS = new Map(
  Object.entries({ x: "double", n: "bigint", t: "string", b: "boolean", at: "timestamp", d: "date", v: "vector" }).map(
    ([name, type]) => [name === "at" ? "seen" : name, { sql: `c_${name}`, type: type as ColumnType }] as const,
  ),
);

const translate = async (expression: string) =>
  translateProjection(await parseSql(`SELECT *, ${expression} AS o FROM __THIS__`), COLUMNS).get("o");

describe("a projection in Spark's SQL", () => {
  it.each([
    ["x", "c_x", "double"],
    ['__THIS__."X"', "c_x", "double"],
    ["x * 2", "(c_x * CAST(CAST(2 AS BIGINT) AS DOUBLE))", "double"],
    ["n + 2", "(c_n + CAST(2 AS BIGINT))", "bigint"],
    // Spark's 2.5 would be a decimal, and its quotient one of few digits.
    ["n * 2.5", "(CAST(c_n AS DOUBLE) * CAST('25e-1' AS DOUBLE))", "double"],
    ["x / n", "CASE WHEN CAST(c_n AS DOUBLE) = 0 THEN c_x * CAST('Infinity' AS DOUBLE) ELSE c_x / CAST(c_n AS DOUBLE) END", "double"], // prettier-ignore
    ["coalesce(n, 0.5)", "coalesce(CAST(c_n AS DOUBLE), CAST('5e-1' AS DOUBLE))", "double"],
    ["dayofweek(d)", "CAST(dayofweek(c_d) - 1 AS BIGINT)", "bigint"],
    ["seen >= TIMESTAMP '2024-01-01 00:00:00'", "(c_at >= TIMESTAMP_NTZ '2024-01-01 00:00:00')", "boolean"],
    ["t || 'it''s \\'", "concat(c_t, 'it\\'s \\\\')", "string"],
    ["n IN (1, NULL)", "(c_n IN (CAST(1 AS BIGINT), NULL))", "boolean"],
  ])("%s", async (expression, sql, type) => {
    expect(await translate(expression)).toEqual({ sql, type });
  });

  it("lets a later item name an earlier one, and columns go before", async () => {
    const made = translateProjection(await parseSql("SELECT *, n + 1 AS m, m * 2 AS o, x AS t, t AS p FROM __THIS__"), COLUMNS); // prettier-ignore
    expect(made.get("o")?.sql).toBe("((c_n + CAST(1 AS BIGINT)) * CAST(2 AS BIGINT))");
    expect(made.get("p")).toEqual({ sql: "c_t", type: "string" });
  });

  it.each([
    // Rounded by DuckDB and cut off by Spark.
    ["CAST(x AS BIGINT)", "a cast of a double to BIGINT"],
    // 1e21 is written in two ways.
    ["CAST(x AS VARCHAR)", "a cast of a double to VARCHAR"],
    ["CAST(t AS DOUBLE)", "a cast of a string to DOUBLE"],
    ["TRY_CAST(t AS DOUBLE)", "TRY_CAST"],
    ["round(x, 2)", "round()"],
    ["n // 2", "the operator //"],
    ["n % b::BIGINT", "% by what is not a constant above 0"],
    ["n % 0", "% by what is not a constant above 0"],
    ["x % 2", "the operator % of a double"],
    ["seen - DATE '2024-01-01'", "the operator - of a timestamp"],
    ["d + 1", "the operator + of a date"],
    ["t LIKE 'a%'", "the operator ~~"],
    ["regexp_matches(t, 'a')", "regexp_matches()"],
    ["concat(t, 'a')", "concat()"],
    ["coalesce(t, n)", "coalesce of string and bigint at once"],
    ["d = '2024-01-01'", "a comparison of date and string at once"],
    ["nullif(n, 2.5)", "nullif() of bigint and double at once"],
    ["list_sum(v)", "v, a list,"],
    ["[x, 1]", "list_value()"],
    ["avg(x) OVER ()", "window"],
    ["(SELECT max(x) FROM __THIS__)", "subquery"],
    ["hour(d)", "hour of a date"],
    ["md5(t)", "md5()"],
  ])("refuses %s by name", async (expression, what) => {
    await expect(translate(expression)).rejects.toEqual(
      new SparkSqlRefusal(`its statement uses ${what}, which has no form on the spark engine`),
    );
  });

  it.each([
    "SELECT x AS o FROM __THIS__",
    "SELECT *, x AS o FROM __THIS__ WHERE x > 0",
    "SELECT * EXCLUDE (t), x AS o FROM __THIS__",
  ])("refuses %s, which may not keep every row and column", async (statement) => {
    const parsed = await parseSql(statement);
    expect(() => translateProjection(parsed, COLUMNS)).toThrow(/not of the form SELECT \*, expression AS name/);
  });

  it("refuses a name that is no input", async () => {
    await expect(translate("missing + 1")).rejects.toThrow(
      "its statement reads missing, which is no column of its inputs",
    );
  });

  it("writes texts that Spark reads as they are", () => {
    expect(sparkText("a'b\\n")).toBe("'a\\'b\\\\n'");
  });
});
