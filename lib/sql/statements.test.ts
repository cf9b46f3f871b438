import { readFile } from "node:fs/promises";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { columnFlows } from "@/lib/domain/lineage/column-flows";
import { readSelect } from "@/lib/domain/sql/read-select";
import { over, parseSelect } from "@/lib/engines/local/select-statement";
import { parseSql, parseStatements } from "./parse-sql";
import { EXPRESSIONS, REFUSED, STATEMENTS } from "./statements.test-support";

const TYPES: Record<string, string> = {
  origin: "VARCHAR",
  delay: "DOUBLE",
  distance: "BIGINT",
  date: "TIMESTAMP",
  arrived: "TIMESTAMP",
  cancelled: "BOOLEAN",
  gate: "VARCHAR",
  is_late: "BOOLEAN",
};
const INPUTS = Object.keys(TYPES);
const IDENTITY = ["id", "ts"];
const NAMES = ["id", "ts", ...INPUTS];

/** Rows of all kinds, of which another seed makes others. */
const valueOf: Record<string, (seed: number) => string> = {
  origin: (seed) => `['A', 'B', 'C', 'a'][1 + (hash(id * 7 + ${seed}) % 4)::BIGINT]`,
  delay: (seed) => `(hash(id * 11 + ${seed}) % 60)::DOUBLE - 20`,
  distance: (seed) => `hash(id * 13 + ${seed}) % 90`,
  date: (seed) => `TIMESTAMP '2024-01-01' + to_hours((hash(id * 17 + ${seed}) % 400)::INTEGER)`,
  arrived: (seed) => `TIMESTAMP '2024-03-01' + to_hours((hash(id * 19 + ${seed}) % 900)::INTEGER)`,
  cancelled: (seed) => `hash(id * 23 + ${seed}) % 3 = 0`,
  gate: (seed) => `['A', 'B', 'x-1'][1 + (hash(id * 29 + ${seed}) % 3)::BIGINT]`,
  is_late: (seed) => `hash(id * 31 + ${seed}) % 2 = 0`,
};

let connection: DuckDBConnection;
let instance: DuckDBInstance;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  // Views, as an engine's are: a table has a rowid.
  const table = (name: string, changed?: string) =>
    connection.run(
      `CREATE VIEW ${name} AS SELECT id, TIMESTAMP '2024-06-01' + to_hours(id::INTEGER) AS ts, ${INPUTS.map((column) => `(${valueOf[column]?.(column === changed ? 5 : 1)})::${TYPES[column]} AS ${column}`).join(", ")} FROM range(60) r(id)`,
    );
  await table("rows_as_they_are");
  for (const column of INPUTS) await table(`other_${column}`, column);
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function outputOver(statement: string, table: string): Promise<string> {
  const parsed = await parseSelect("s", statement, NAMES);
  const reader = await connection.runAndReadAll(
    `SELECT id, o::VARCHAR AS o FROM (${over(parsed, `"${table}"`)}) ORDER BY id`,
  );
  return JSON.stringify(reader.getRowsJson());
}

/** What `o` is said to be made of, in the notation of the table. */
async function said(statement: string): Promise<string> {
  const flows = columnFlows(
    {
      kind: "Stage",
      name: "s",
      entity: "flight",
      transformer: "sql",
      inputs: INPUTS.map((name) => `flight.${name}`),
      outputs: [{ column: "flight.o", type: "double" }],
      params: { statement },
    },
    { trees: await parseStatements([statement]), identities: new Map([["flight", IDENTITY]]) },
  );
  if (flows.some((flow) => !flow.exact)) return "?";
  return flows.map(({ from }) => from.split(".")[1]).sort().join(" "); // prettier-ignore
}

const sorted = (made: string) => (made === "" ? "" : made.split(" ").sort().join(" "));

const CASES = [
  ...EXPRESSIONS.map(
    ([expression, made]) => [expression, `SELECT *, ${expression}\n AS o FROM __THIS__`, made] as const,
  ),
  ...STATEMENTS,
];

it("has more than two hundred statements", () => {
  expect(CASES.length + REFUSED.length).toBeGreaterThan(200);
});

describe("what a column is made of", () => {
  it.each(CASES)("%s", async (_, statement, made) => {
    expect(await said(statement)).toBe(sorted(made));
    expect(readSelect(await parseSql(statement), INPUTS, IDENTITY).unresolved).toEqual([]);
  });

  // The database is asked: where other values of an input make other values of the output, the input has to be named.
  it.each(CASES)("names whatever changes it: %s", async (_, statement, made) => {
    const before = await outputOver(statement, "rows_as_they_are");
    if (made === "?") return;
    for (const column of INPUTS) {
      const after = await outputOver(statement, `other_${column}`);
      if (after !== before) expect(made.split(" "), `${column} changes the output`).toContain(column);
    }
  });
});

describe("refused statements", () => {
  it.each(REFUSED)("%s", async (_, statement, refusal) => {
    await expect(parseSelect("s", statement, NAMES)).rejects.toThrow(refusal);
  });
});

describe("columns that nobody declares", () => {
  it.each([
    ["SELECT *, nosuch AS o FROM __THIS__", ["nosuch"]],
    ["SELECT *, t.nosuch AS o FROM __THIS__ t", ["t.nosuch"]],
    ["SELECT *, rowid AS o FROM __THIS__", ["rowid"]],
    ["SELECT *, delay AS o FROM __THIS__ WHERE nosuch > 1", ["nosuch"]],
    ["SELECT *, sum(delay) OVER (PARTITION BY nosuch) AS o FROM __THIS__", ["nosuch"]],
    [
      "WITH g AS (SELECT origin, 1 AS n FROM __THIS__) SELECT t.*, g.delay AS o FROM __THIS__ t JOIN g USING (origin)",
      ["g.delay"],
    ],
    ["SELECT t.*, 1 AS o FROM __THIS__ t JOIN __THIS__ b USING (nosuch)", ["nosuch"]],
  ])("%s", async (statement, names) => {
    expect(readSelect(await parseSql(statement), INPUTS, IDENTITY).unresolved).toEqual(names);
    await expect(outputOver(statement, "rows_as_they_are")).rejects.toThrow();
    expect(await said(statement)).toBe("?");
  });
});

describe("the cases that people met", () => {
  it("link an output to all that it needs, and to nothing else", async () => {
    const lost = JSON.parse(await readFile("test/fixtures/05-lineage-lost.json", "utf8")) as { cases: { statement: string; needed: string[] }[] }; // prettier-ignore
    for (const { statement, needed } of lost.cases) {
      const found = await said(statement);
      if (found === "?") continue;
      const wanted = needed[0] === "every input" ? INPUTS : needed;
      expect(found.split(" "), statement).toEqual(expect.arrayContaining(wanted));
    }
    const invented = JSON.parse(await readFile("test/fixtures/06-lineage-false-edges.json", "utf8")) as { cases: { statement: string; right: string[] }[] }; // prettier-ignore
    for (const { statement, right } of invented.cases) expect(await said(statement)).toBe(right.join(" "));
  });
});

describe("the text", () => {
  it("keeps what is no name of the input, and ends before a bracket", async () => {
    const statement = "SELECT *, '__THIS__' AS o, __THIS__.delay AS d /* __THIS__ */ FROM __THIS__; -- __THIS__;";
    const parsed = await parseSelect("s", statement, NAMES);
    expect(over(parsed, '"v"')).toBe(
      `SELECT *, '__THIS__' AS o, __THIS__.delay AS d /* __THIS__ */ FROM memory.main."v" AS "__THIS__"\n`,
    );
  });
  it("keeps semicolons in texts", async () => {
    const parsed = await parseSelect("s", "SELECT *, 'a;b' AS o FROM __THIS__ WHERE gate <> ';'", NAMES);
    expect(over(parsed, '"v"')).toContain("gate <> ';'");
  });
});
