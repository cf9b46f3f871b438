import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
let location: string;
beforeAll(async () => {
  world = await openSmallWorld();
  location = await world.write("rows.parquet", "SELECT range AS id, range * 10 AS a, 'x' || range AS s FROM range(5)");
});
afterAll(() => world.close());

function run(statement: string, type: "bigint" | "double" | "string" | "vector" = "bigint", inputs = ["obs.a"]) {
  const sources = [
    obsSource(location, [
      { name: "a", type: "bigint" },
      { name: "s", type: "string" },
    ]),
  ];
  const added = stage("added", {
    transformer: "sql",
    inputs,
    outputs: [{ column: "obs.b", type }],
    params: { statement },
  });
  return world.run({ entities: [obsEntity()], sources, stages: [added] });
}

describe("columns for every row", () => {
  it.each<[string, string]>([
    ["a bare projection", "SELECT *, a + 1 AS b FROM __THIS__"],
    ["named columns", "SELECT id, a + 1 AS b FROM __THIS__"],
    ["a WITH table", "WITH t AS (SELECT id, a + 1 AS b FROM __THIS__) SELECT * FROM t"],
    ["another order", "SELECT *, a + 1 AS b FROM __THIS__ ORDER BY a DESC"],
    ["a join with itself", "SELECT l.*, r.a + 1 AS b FROM __THIS__ l JOIN __THIS__ r USING (id)"],
    ["a semicolon at the end", "SELECT *, a + 1 AS b FROM __THIS__;"],
  ])("%s", async (_, statement) => {
    expect(await (await run(statement)).column("obs.b")).toEqual([1, 11, 21, 31, 41]);
  });

  it("windows and subqueries see all rows", async () => {
    expect(
      await (await run("SELECT *, sum(a) OVER () + (SELECT max(a) FROM __THIS__) AS b FROM __THIS__")).column("obs.b"),
    ).toEqual([140, 140, 140, 140, 140]);
  });

  it.each<[string, string]>([
    ["WHERE", "SELECT *, a AS b FROM __THIS__ WHERE a > 10"],
    ["LIMIT", "SELECT *, a AS b FROM __THIS__ LIMIT 2"],
    ["unnest", "SELECT *, unnest([a, a]) AS b FROM __THIS__"],
    ["a multiplying join", "SELECT l.*, r.a AS b FROM __THIS__ l, __THIS__ r"],
    ["DISTINCT without rows told apart", "SELECT DISTINCT 1 AS id, 1 AS b FROM __THIS__"],
  ])("refuses a statement that changes the rows by %s", async (_, statement) => {
    await expect(run(statement)).rejects.toThrow(
      /Stage added: its statement returns \d+ rows .* for the 5 rows it reads/,
    );
  });

  it.each<[type: "double" | "vector", sql: string, returned: string, shown: string]>([
    ["double", "9007199254740993 + a", "BIGINT", "9007199254740993"],
    ["double", "9007199254740993::HUGEINT", "HUGEINT", "9007199254740993"],
    ["double", "18446744073709551615::UBIGINT", "UBIGINT", "18446744073709551615"],
    ["vector", "[a, 9007199254740993]", "BIGINT[]", "[0, 9007199254740993]"],
  ])(
    "refuses a %s of whole numbers that no double has, unless they are cast: %s",
    async (type, sql, returned, shown) => {
      const refusal = `Stage added: obs.b, which its statement returns as ${returned}, holds a value that is not ${type}: ${shown}`;
      // As a projection, and as rows that are joined back.
      for (const statement of [`SELECT *, ${sql} AS b FROM __THIS__`, `SELECT *, ${sql} AS b FROM __THIS__ ORDER BY a`])
        await expect(run(statement, type)).rejects.toThrow(refusal);
      const cast = await run(
        `SELECT *, (${sql})::${type === "double" ? "DOUBLE" : "DOUBLE[]"} AS b FROM __THIS__`,
        type,
      );
      expect(await cast.column("obs.b")).toHaveLength(5);
    },
  );

  it("takes whole numbers that a double has", async () => {
    const made = await run("SELECT *, 9007199254740992 + a AS b FROM __THIS__", "double");
    expect((await made.column("obs.b")).at(1)).toBe(9007199254741002);
  });

  it("says which key is missing when rows cannot be told apart", async () => {
    await expect(run("SELECT a + 1 AS b FROM __THIS__")).rejects.toThrow(/must return id/);
  });
});

describe("refused statements", () => {
  it.each<[string, string, RegExp]>([
    [
      "a file by function",
      "SELECT *, (SELECT count(*) FROM read_csv('/etc/passwd')) AS b FROM __THIS__",
      /calls read_csv, and a stage may not read files/,
    ],
    [
      "a file by name",
      "SELECT *, (SELECT count(*) FROM '/etc/passwd') AS b FROM __THIS__",
      /reads \/etc\/passwd, and only __THIS__/,
    ],
    [
      "the run's own source",
      "SELECT *, (SELECT count(*) FROM read_parquet('LOCATION')) AS b FROM __THIS__",
      /calls read_parquet/,
    ],
    ["the catalog", "SELECT *, (SELECT count(*) FROM duckdb_settings()) AS b FROM __THIS__", /calls duckdb_settings/],
    [
      "the information schema",
      "SELECT *, (SELECT count(*) FROM information_schema.tables) AS b FROM __THIS__",
      /reads tables/,
    ],
    ["the environment", "SELECT *, getenv('HOME') AS b FROM __THIS__", /calls getenv/],
    ["a query in a string", "SELECT *, (SELECT count(*) FROM query('SELECT 1')) AS b FROM __THIS__", /calls query/],
    ["chance", "SELECT *, random() AS b FROM __THIS__", /calls random, which gives another value at every run/],
    ["the clock", "SELECT *, current_date AS b FROM __THIS__", /reproduced/],
    ["two statements", "SELECT *, 1 AS b FROM __THIS__; SELECT 1", /holds 2 statements/],
    ["COPY", "COPY (SELECT 1) TO '/tmp/x.parquet'", /only a SELECT may run/],
    ["ATTACH", "ATTACH '/tmp/x.db'", /only a SELECT may run/],
    ["SET", "SET enable_external_access = true", /only a SELECT may run/],
    ["garbage", "SELEC *", /not SQL/],
    ["a number that no type holds", "SELECT *, 1e400 AS b FROM __THIS__", /a number that is too large for any type/],
    ["nothing read", "SELECT 1 AS id, 2 AS b", /does not read __THIS__/],
    ["a sample", "SELECT *, 1 AS b FROM __THIS__ USING SAMPLE 2", /samples rows/],
  ])("%s", async (_, statement, message) => {
    await expect(run(statement.replace("LOCATION", location))).rejects.toThrow(message);
  });

  it("refuses columns that the stage does not declare, because lineage would not know of them", async () => {
    await expect(run("SELECT *, length(s) AS b FROM __THIS__")).rejects.toThrow(
      /does not fit the columns it declares as inputs.*"s"/,
    );
  });

  it("names an output that is not returned, one of another type, and one that is also read", async () => {
    await expect(run("SELECT *, a AS c FROM __THIS__")).rejects.toThrow(/does not return b/);
    await expect(run("SELECT *, 'text' AS b FROM __THIS__")).rejects.toThrow(
      /obs\.b is declared as bigint, and its statement returns VARCHAR/,
    );
    await expect(run("SELECT * FROM __THIS__", "bigint", ["obs.a", "obs.id"])).rejects.toThrow(/does not return b/);
  });
});

describe("aggregations", () => {
  const aggregate = (statement: string) => {
    const group = { kind: "Entity" as const, name: "band", joinKeys: [{ name: "band", type: "bigint" as const }] };
    const total = stage("totals", {
      entity: "band",
      from: "obs",
      transformer: "sql",
      inputs: ["obs.a"],
      outputs: [{ column: "band.total", type: "bigint" }],
      params: { statement },
    });
    return world.run({
      entities: [obsEntity(), group],
      sources: [obsSource(location, [{ name: "a", type: "bigint" }])],
      stages: [total],
    });
  };

  it("make rows of the other entity", async () => {
    const run = await aggregate("SELECT id % 2 AS band, sum(a) AS total FROM __THIS__ GROUP BY 1");
    expect(await run.rows("band")).toEqual([
      { band: 0, total: 60 },
      { band: 1, total: 40 },
    ]);
    expect(run.result.stages[0]?.rows).toBe(2);
  });

  it("must return the key, once for each row, with its type", async () => {
    await expect(aggregate("SELECT sum(a) AS total FROM __THIS__")).rejects.toThrow(/must return band/);
    await expect(aggregate("SELECT id % 2 AS band, a AS total FROM __THIS__")).rejects.toThrow(/has 3 rows for 0/);
    await expect(aggregate("SELECT 'x' AS band, sum(a) AS total FROM __THIS__")).rejects.toThrow(
      /returns band as VARCHAR/,
    );
  });
});
