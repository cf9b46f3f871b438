import { describe, expect, it } from "vitest";
import { parseStatements } from "@/lib/sql/parse-sql";
import type { StageDefinition } from "../definitions/stage";
import { columnFlows, NO_TREES, type StageFlow, statementOf } from "./column-flows";

const stage = (more: Partial<StageDefinition>): StageDefinition => ({
  kind: "Stage",
  name: "s",
  entity: "flight",
  inputs: [],
  outputs: [],
  ...more,
});
const outputs = (...columns: string[]) => columns.map((column) => ({ column, type: "double" as const }));
const sql = async (statement: string, inputs: string[], written: string[], from?: string) => {
  const read = stage({
    transformer: "sql",
    params: { statement },
    inputs,
    outputs: outputs(...written),
    ...(from && { from, entity: "airport" }),
  });
  const identities = new Map([["flight", ["id", "time"]]]);
  return columnFlows(read, { trees: await parseStatements([statementOf(read) ?? ""]), identities });
};
const said = (flows: StageFlow[]) =>
  flows.map(({ from, to, kind, exact }) => `${from} → ${to}${kind === "value" ? "" : ` (${kind})`}${exact ? "" : " ?"}`).sort(); // prettier-ignore

describe("operators of the table", () => {
  it("go one to one where an operator has one output for every input", () => {
    const flows = columnFlows(
      stage({ estimator: "Imputer", inputs: ["flight.a", "flight.b"], outputs: outputs("flight.x", "flight.y") }),
      NO_TREES,
    );
    expect(said(flows)).toEqual(["flight.a → flight.x", "flight.b → flight.y"]);
  });
  it("go all to one, and what is only learned from says so", () => {
    const flows = columnFlows(
      stage({
        estimator: "LogisticRegression",
        inputs: ["flight.v"],
        fitInputs: ["flight.late"],
        outputs: outputs("flight.p"),
      }),
      NO_TREES,
    );
    expect(said(flows)).toEqual(["flight.late → flight.p (fit)", "flight.v → flight.p"]);
  });
  it("are not guessed for code that nobody reads", () => {
    const flows = columnFlows(
      stage({
        transformer: "python:shop.Basket",
        inputs: ["flight.a", "flight.b"],
        outputs: outputs("flight.x", "flight.y"),
      }),
      NO_TREES,
    );
    expect(said(flows)).toEqual([
      "flight.a → flight.x ?",
      "flight.a → flight.y ?",
      "flight.b → flight.x ?",
      "flight.b → flight.y ?",
    ]);
  });
});

describe("SQL stages", () => {
  it("follow the names of each item", async () => {
    const flows = await sql(
      "SELECT *, hour(date) AS hour, CASE WHEN delay > 15 THEN 'a' ELSE origin END AS \"Band\", -- date\n 1 AS one FROM __THIS__;",
      ["flight.date", "flight.delay", "flight.origin"],
      ["flight.hour", "flight.band", "flight.one"],
    );
    expect(said(flows)).toEqual([
      "flight.date → flight.hour",
      "flight.delay → flight.band",
      "flight.origin → flight.band",
    ]);
  });
  it("know another entity's columns by their full name", async () => {
    const flows = await sql(
      'SELECT *, "airport.mean" AS mean, "airport.mean" - t.delay AS diff FROM __THIS__ t',
      ["airport.mean", "flight.delay"],
      ["flight.mean", "flight.diff"],
    );
    expect(said(flows)).toEqual([
      "airport.mean → flight.diff",
      "airport.mean → flight.mean",
      "flight.delay → flight.diff",
    ]);
  });
  it("follow CTEs, joins, groups, windows and inner queries", async () => {
    const flows = await sql(
      `WITH daily AS (SELECT origin AS iata, date AS day, count(*) AS n, sum(delay) AS total FROM __THIS__ WHERE NOT cancelled GROUP BY ALL),
       wide AS (SELECT iata, day, n, total, sum(total) OVER week AS week_total FROM daily WINDOW week AS (PARTITION BY iata ORDER BY day))
       SELECT w.iata, w.day AS date, n AS departures, week_total / n AS mean
       FROM wide AS w LEFT JOIN (SELECT DISTINCT iata FROM daily) d USING (iata)
       WHERE day > (SELECT min(day) FROM daily)`,
      ["flight.origin", "flight.date", "flight.delay", "flight.cancelled"],
      ["airport.departures", "airport.mean"],
      "flight",
    );
    expect(said(flows)).toEqual([
      "flight.cancelled → airport.departures (rows)",
      "flight.cancelled → airport.mean (rows)",
      "flight.date → airport.departures (rows)",
      "flight.date → airport.mean",
      "flight.delay → airport.mean",
      "flight.origin → airport.departures (rows)",
      "flight.origin → airport.mean",
    ]);
  });
  it("let a later item use an earlier one", async () => {
    const flows = await sql(
      "SELECT *, a + b AS s, s * c AS t FROM __THIS__",
      ["flight.a", "flight.b", "flight.c"],
      ["flight.t"],
    );
    expect(said(flows)).toEqual(["flight.a → flight.t", "flight.b → flight.t", "flight.c → flight.t"]);
  });
  it.each([
    ["columns that are computed", "SELECT COLUMNS(c -> c LIKE 'a%'), COLUMNS(c -> c > 'a') FROM __THIS__"],
    ["rows that become columns", "SELECT * FROM (UNPIVOT __THIS__ ON a, b INTO NAME x VALUE y)"],
    ["a column that nobody declares", "SELECT a + c AS x, b + c AS y FROM __THIS__"],
    ["outputs that are not found", "SELECT a AS z FROM __THIS__"],
    ["a relation that nobody knows", "SELECT a AS x, b AS y FROM elsewhere"],
    ["something that is no SQL", "SELEC ((("],
  ])("count every input for every output with %s", async (_, statement) => {
    const flows = await sql(statement, ["flight.a", "flight.b"], ["flight.x", "flight.y"]);
    expect(flows).toHaveLength(4);
    expect(flows.every((flow) => !flow.exact)).toBe(true);
  });
});
