import { expect, it } from "vitest";
import { parseSql } from "./parse-sql";
import { columnsNamed, isRowByRow } from "@/lib/domain/sql/row-by-row";

it.each([
  ["SELECT *, x + 1 AS y FROM __THIS__", true],
  ["SELECT *, CASE WHEN x > 3 THEN 'a' ELSE lower(name) END AS y FROM __THIS__", true],
  ["SELECT *, list_sum(list_transform([x, 2], lambda v: v + 1)) AS y FROM __THIS__", true],
  ["SELECT *, avg(x) OVER () AS y FROM __THIS__", false],
  ["SELECT *, row_number() OVER (ORDER BY x) AS y FROM __THIS__", false],
  ["SELECT *, x - (SELECT avg(x) FROM __THIS__) AS y FROM __THIS__", false],
  ["SELECT *, x AS y FROM __THIS__ WHERE x > 0", false],
  ["SELECT *, x AS y FROM __THIS__ ORDER BY x", false],
  ["WITH w AS (SELECT * FROM __THIS__) SELECT *, x AS y FROM w", false],
  ["SELECT sum(x) AS y FROM __THIS__", false],
])("%s: %s", async (statement, expected) => {
  expect(isRowByRow(await parseSql(statement), ["x", "name"])).toBe(expected);
});

it("names columns however they are written", async () => {
  const named = columnsNamed(await parseSql('SELECT *, hour(__THIS__."Date") AS h, "shop.trips" AS t FROM __THIS__'));
  expect([...named].sort()).toEqual(["__this__", "date", "shop.trips"]);
});
