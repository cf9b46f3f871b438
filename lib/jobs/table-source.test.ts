/** What a source reads of a table of a real Postgres: every value as it is, or by name why not. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filledRegistry } from "@/test/filled-registry";
import { openTestDatabase } from "@/test/open-test-database";
import { makeSourceDatabase, type SourceDatabase } from "@/test/source-database";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { DomainError } from "@/lib/domain/errors";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { makePlan, planInstances, quietControl, toWorld } from "@/lib/engines/local/make-plan.test-support";
import { closeDatabase } from "@/lib/db/client";
import { createConnection } from "@/lib/registry/datasets/connections";
import { findSourceToRead } from "@/lib/registry/datasets/source-to-read";
import { newestVersions, recordSourceVersion } from "@/lib/registry/datasets/versions";
import { applySpecs } from "@/lib/registry/specs/specs";
import { describeNewest, describeSource } from "./describe-source";
import { profileSource } from "./profile-source";

const here = describe.skipIf(!process.env.TEST_DATABASE_URL);
const folder = mkdtempSync(path.join(tmpdir(), "tributary-tables-"));
const engine = createLocalEngine({ dataDirectory: path.join(folder, "scratch"), threads: 2, memoryLimit: "1GB", tables: { folder: path.join(folder, "tables"), privateAddresses: true, readMs: 60_000 } }); // prettier-ignore
let shop: SourceDatabase;

beforeAll(async () => {
  if (process.env.TEST_DATABASE_URL) shop = await makeSourceDatabase("w1");
});
afterAll(async () => {
  await shop?.drop();
  rmSync(folder, { recursive: true, force: true });
});

type Columns = [name: string, type: ColumnType, from?: string][];

function source(
  where: { table: string } | { sql: string },
  columns: Columns,
  more: Partial<SourceDefinition> = {},
): SourceDefinition {
  return {
    kind: "Source", name: "things", entity: "thing", format: "postgres", connection: "shop", ...where,
    columns: columns.map(([name, type, from]) => ({ name, type, ...(from !== undefined && { from }) })),
    rowKey: ["id"], ...more,
  }; // prettier-ignore
}

const read = (definition: SourceDefinition) => engine.describe(definition, undefined, shop.access);
const planned = (definition: SourceDefinition) => engine.describe(definition, { files: 1, bytes: 2 ** 20, rows: 1000 }, shop.access); // prettier-ignore

/** The values of one column, in the order of `id`. */
async function valuesOf(definition: SourceDefinition, name: string): Promise<unknown[]> {
  const described = await read(definition);
  const columns = definition.columns.filter((column) => column.name === "id" || column.name === name);
  const rows: Record<string, unknown>[] = [];
  for await (const batch of engine.readRows(described.files[0]?.path ?? "", { columns: columns.map(({ name, from }) => from ?? name), keys: ["id"] })) rows.push(...batch); // prettier-ignore
  const from = columns.find((column) => column.name === name)?.from ?? name;
  return rows.sort((one, other) => Number(one["id"]) - Number(other["id"])).map((row) => row[from]);
}

/** Makes a table of an id and one column, with these values. */
async function tableOf(name: string, type: string, values: string[]): Promise<{ table: string }> {
  const rows = values.map((value, at) => `(${at + 1}, ${value})`);
  await shop.run(
    `CREATE TABLE ${name} (id bigint PRIMARY KEY, x ${type}); INSERT INTO ${name} VALUES ${rows.join(", ")}`,
  );
  return { table: name };
}

here("a value of a table", () => {
  it.each<[type: string, as: ColumnType, values: string[], read: unknown[]]>([
    [
      "bigint",
      "bigint",
      ["9223372036854775807", "-9223372036854775808", "NULL"],
      ["9223372036854775807", "-9223372036854775808", null],
    ],
    ["integer", "bigint", ["-1"], [-1]],
    ["boolean", "boolean", ["true", "false", "NULL"], [true, false, null]],
    ["double precision", "double", ["0.1", "'NaN'", "'-Infinity'", "NULL"], [0.1, NaN, -Infinity, null]],
    ["real", "double", ["0.1"], [Math.fround(0.1)]],
    ["numeric(12,2)", "double", ["12.50", "NULL"], [12.5, null]],
    ["numeric", "double", ["1.5", "1234567.0625"], [1.5, 1234567.0625]],
    ["numeric(20,0)", "bigint", ["12345678"], [12345678]],
    [
      "text",
      "string",
      ["''", "'\\N'", "'a \"b\", c'", "E'two\nlines\r'", "'ü😀'", "'NULL'", "NULL"],
      ["", "\\N", 'a "b", c', "two\nlines\r", "ü😀", "NULL", null],
    ],
    ["varchar(5)", "string", ["'abc'"], ["abc"]],
    ["uuid", "string", ["'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"], ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]],
    ["json", "string", [`'{"a": [1, "x"]}'`], ['{"a": [1, "x"]}']],
    ["date", "date", ["'2024-02-29'", "'0001-01-01'"], ["2024-02-29T00:00:00.000Z", "0001-01-01T00:00:00.000Z"]],
    ["timestamptz", "timestamp", ["'2024-03-31 03:30:00.123456+02'"], ["2024-03-31T01:30:00.123456Z"]],
    ["timestamp", "timestamp", ["'2024-03-31 03:30'"], ["2024-03-31T03:30:00.000Z"]],
    ["int[]", "vector", ["'{1,NULL,3}'", "'{}'", "NULL"], [[1, null, 3], [], null]],
    ["real[]", "vector", ["'{0.5,NaN}'"], [[0.5, NaN]]],
    ["text[]", "strings", [`'{a,"b,c",NULL,""}'`], [["a", "b,c", null, ""]]],
  ])("of %s is read as %s", async (type, as, values, wanted) => {
    const name = `t_${type.replace(/\W+/g, "_")}`;
    const where = await tableOf(name, type, values);
    const found = await valuesOf(source(where, [["id", "bigint"], ["x", as]]), "x"); // prettier-ignore
    expect(found).toEqual(wanted);
  });

  it("of an enum is text, and a domain is what it stands for", async () => {
    await shop.run("CREATE TYPE mood AS ENUM ('sad', 'so so'); CREATE DOMAIN share AS numeric(5,4)");
    expect(await valuesOf(source(await tableOf("moods", "mood", ["'so so'"]), [["id", "bigint"], ["x", "string"]]), "x")).toEqual(["so so"]); // prettier-ignore
    expect(await valuesOf(source(await tableOf("shares", "share", ["0.1250"]), [["id", "bigint"], ["x", "double"]]), "x")).toEqual([0.125]); // prettier-ignore
  });

  it.each<[type: string, as: ColumnType, values: string[], said: RegExp]>([
    ["bytea", "string", ["'a'"], /Column x is bytea, which is not read\. Bytes are no feature/],
    ["interval", "double", ["'1 day'"], /Column x is interval.*extract\(epoch FROM x\)/],
    ["point", "string", ["'(1,2)'"], /Column x is point.*x::text/],
    ["boolean[]", "strings", ["'{t}'"], /Column x is boolean\[\]/],
    ["date", "date", ["'infinity'", "'-infinity'"], /column x has 2 values that are infinite or outside.*infinity/],
    ["date", "date", ["'0044-03-15 BC'"], /column x has 1 value that is infinite or outside.*0044-03-15 BC/],
    ["timestamptz", "timestamp", ["'infinity'"], /column x has 1 value that is infinite/],
    ["numeric(6,2)", "double", ["'NaN'"], /column x has 1 value that is not finite.*NaN/],
    [
      "numeric",
      "double",
      ["1e30", "1e-20"],
      /column x is a numeric with up to 31 digits before and 20 after the point/,
    ],
    ["int[]", "vector", ["'{{1},{2}}'"], /column x has 1 value that is lists of lists/],
    ["numeric(6,2)", "bigint", ["1.50"], /column x has 1 value that is not bigint: 1\.50/],
    ["text", "bigint", ["'a'"], /Column x of source things holds VARCHAR, not bigint/],
    ["bigint", "double", ["9007199254740993"], /column x has 1 value that is not double: 9007199254740993/],
  ])("of %s is refused by name as %s: %j", async (type, as, values, said) => {
    const name = `r_${Math.random().toString(36).slice(2)}`;
    const definition = source(await tableOf(name, type, values), [["id", "bigint"], ["x", as]]); // prettier-ignore
    for (const attempt of [read, planned]) {
      const error = (await attempt(definition).then(() => null, (thrown: unknown) => thrown)) as DomainError; // prettier-ignore
      expect(error).toMatchObject({ code: "invalid", message: expect.stringMatching(said) as string });
      expect((error.context.issues as { path: unknown[] }[])[0]?.path.slice(0, 2)).toEqual(["columns", 1]);
    }
  });
});

here("a table", () => {
  it("is a new file when a row changes, and the same file whatever the order of its rows", async () => {
    await shop.run("CREATE TABLE orders (id int PRIMARY KEY, at timestamptz, x text); INSERT INTO orders SELECT n, '2024-01-01'::timestamptz + n * interval '1 hour', n::text FROM generate_series(1, 2000) n"); // prettier-ignore
    const definition = source({ table: "public.orders" }, [["id", "bigint"], ["at", "timestamp"], ["x", "string"]], { timeColumn: "at" }); // prettier-ignore
    const first = await read(definition);
    expect(first).toMatchObject({ rows: 2000, time: ["2024-01-01T01:00:00.000Z", "2024-03-24T08:00:00.000Z"], warnings: [] }); // prettier-ignore
    await shop.run("UPDATE orders SET x = x WHERE id < 1000");
    expect((await read(definition)).files).toEqual(first.files);
    await shop.run("UPDATE orders SET x = 'other' WHERE id = 7");
    const second = await read(definition);
    expect(second.files[0]?.sha256).not.toBe(first.files[0]?.sha256);
    await shop.run("UPDATE orders SET x = '7' WHERE id = 7");
    expect((await read(definition)).files).toEqual(first.files);
    expect(await engine.countRows(definition, [["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"]], shop.access)).toEqual([23]); // prettier-ignore
    expect(readdirSync(path.join(folder, "scratch"))).toEqual([]);
  });

  it("is read by its version like any other data: samples, rules, and refused when its copy is another file", async () => {
    await shop.run("CREATE TABLE rated AS SELECT n AS id, CASE WHEN n % 10 = 0 THEN NULL ELSE n::numeric(8,2) / 4 END AS x FROM generate_series(1, 100) n"); // prettier-ignore
    const definition = source({ table: "rated" }, [["id", "bigint"], ["x", "double"]], { name: "rated" }); // prettier-ignore
    const snapshot = { ...(await read(definition)), version: 1 };
    const [measured] = await engine.measureRules(definition, snapshot, [{ type: "expect_column_values_to_not_be_null", kwargs: { column: "x" }, severity: "critical" }]); // prettier-ignore
    expect(measured).toMatchObject({ unexpected: 10 });
    const file = snapshot.files[0] as (typeof snapshot.files)[number];
    const changed = { ...snapshot, files: [{ ...file, sha256: "0" }] };
    await expect(engine.measureRules(definition, changed, [])).rejects.toMatchObject({ code: "conflict" });
  });

  it("is what a run computes from", async () => {
    await shop.run("CREATE TABLE rides AS SELECT n AS id, '2024-01-01'::timestamptz + n * interval '1 day' AS at, n * 0.5::float8 AS km FROM generate_series(1, 50) n"); // prettier-ignore
    const rides = source({ table: "rides" }, [["id", "bigint"], ["at", "timestamp"], ["km", "double"]], { name: "rides", entity: "ride", rowKey: ["id", "at"], timeColumn: "at" }); // prettier-ignore
    const double: StageDefinition = { kind: "Stage", name: "doubled", entity: "ride", transformer: "sql", inputs: ["ride.km"], outputs: [{ column: "ride.miles", type: "double" }], params: { statement: "SELECT *, km / 1.609344 AS miles FROM __THIS__" } }; // prettier-ignore
    const world = toWorld([{ kind: "Entity", name: "ride", joinKeys: [{ name: "id", type: "bigint" }], eventTime: "at" }, rides, double]); // prettier-ignore
    const reading = { ...engine, describe: (one: SourceDefinition) => read(one) };
    const plan = await makePlan(reading, world, path.join(folder, "run"), { instances: planInstances(world, ["ride.miles"], {}), materialise: ["ride.miles"] }); // prettier-ignore
    await shop.run("DROP TABLE rides");
    const result = await engine.runVariant(plan, quietControl());
    const whole = { rows: 50, time: ["2024-01-02T00:00:00.000Z", "2024-02-20T00:00:00.000Z"] };
    expect(result.outputs).toMatchObject([{ snapshot: whole }]);
  });

  it("is found by the names that Postgres has, read by a query, and refused by what is wrong with either", async () => {
    await shop.run('CREATE SCHEMA "Sales"; CREATE TABLE "Sales"."My.Orders" ("Id" int, "Sepal.Length" float8); INSERT INTO "Sales"."My.Orders" VALUES (1, 5.1)'); // prettier-ignore
    const columns: Columns = [["id", "bigint", "Id"], ["length", "double", "Sepal.Length"]]; // prettier-ignore
    expect((await read(source({ table: '"Sales"."My.Orders"' }, columns))).rows).toBe(1);
    const query = (sql: string) => read(source({ sql }, [["id", "bigint"]]));
    expect((await query("WITH n AS (SELECT generate_series(1, 5) AS id) SELECT id FROM n; -- all of them".replace("; ", " ")) ).rows).toBe(5); // prettier-ignore
    expect((await query("SELECT 1 AS id;")).rows).toBe(1);
    await expect(read(source({ table: "nowhere.orders" }, columns))).rejects.toMatchObject({ code: "not_found", message: expect.stringContaining('relation "nowhere.orders" does not exist') as string }); // prettier-ignore
    await expect(read(source({ table: "orders" }, [["id", "bigint"], ["gone", "string"]]))).rejects.toMatchObject({ code: "invalid", context: { issues: [{ path: ["columns", 1], message: "The table of source things has no column gone.", found: "id, at, x" }] } }); // prettier-ignore
    await expect(query("SELECT 1 AS id; DROP TABLE orders")).rejects.toThrow(/syntax error/);
    await expect(query("SELECT 1 AS id) TO STDOUT; DROP TABLE orders; --")).rejects.toMatchObject({ code: "invalid" });
    await expect(query("SELECT 1 AS id) AS q; DROP TABLE orders; SELECT * FROM (SELECT 1 AS id")).rejects.toThrow(
      /several statements/,
    );
    await expect(query("WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone")).rejects.toThrow(/WITH clause|only read/); // prettier-ignore
    await expect(query("SELECT id FROM orders WHERE nextval('pg_catalog.nothing') > 0")).rejects.toMatchObject({ code: "not_found" }); // prettier-ignore
    await shop.run("CREATE FUNCTION drop_one() RETURNS int LANGUAGE sql AS 'DELETE FROM orders RETURNING id'");
    await expect(query("SELECT drop_one() AS id")).rejects.toThrow(/would write, and sources are only read/);
    expect((await query("SELECT id FROM orders")).rows).toBe(2000);
  });

  it("is looked at in part while a request waits, and says so", async () => {
    await shop.run("CREATE TABLE long AS SELECT n AS id FROM generate_series(1, 5000) n");
    const { files, warnings } = await planned(source({ table: "long" }, [["id", "bigint"]]));
    expect(files).toEqual([]);
    expect(warnings).toEqual(["postgres:shop/long: the first 1,000 rows read now. The first run reads all, and fails where one does not fit."]); // prettier-ignore
    await shop.run("CREATE TABLE wide AS SELECT n AS id, repeat('x', 100000) AS x FROM generate_series(1, 500) n");
    const wide = await planned(source({ table: "wide" }, [["id", "bigint"], ["x", "string"]])); // prettier-ignore
    expect(wide.rows).toBeLessThan(12);
    await shop.run("CREATE TABLE nothing (id int)");
    expect(await read(source({ table: "nothing" }, [["id", "bigint"]]))).toMatchObject({ rows: 0, warnings: ["The table holds no rows."] }); // prettier-ignore
  });

  it("that is lost in the middle leaves nothing, and says that it broke", async () => {
    await shop.run("CREATE TABLE slow AS SELECT n AS id FROM generate_series(1, 200) n");
    const definition = source({ sql: "SELECT id, pg_sleep(0.05)::text AS x FROM slow" }, [["id", "bigint"], ["x", "string"]], { name: "broken" }); // prettier-ignore
    const reading = read(definition).then(() => null, (error: unknown) => error); // prettier-ignore
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await shop.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tributary' AND datname = current_database()"); // prettier-ignore
    expect(await reading).toMatchObject({ code: "unavailable", message: expect.stringMatching(/broke in the middle.*the newest version stays/) as string }); // prettier-ignore
    expect(readdirSync(path.join(folder, "tables", "w1"))).not.toContain("broken");
    const stopped = new AbortController();
    const aborted = engine.describe(definition, undefined, shop.access, stopped.signal);
    setTimeout(() => stopped.abort(), 500);
    await expect(aborted).rejects.toMatchObject({ code: "canceled" });
    // Nor does the server go on with it.
    const sleeping = engine.describe({ ...definition, sql: "SELECT 1 AS id, pg_sleep(1000)::text AS x" }, undefined, shop.access, AbortSignal.timeout(500)); // prettier-ignore
    await expect(sleeping).rejects.toMatchObject({ code: "canceled" });
    await expect.poll(() => shop.sessions(), { timeout: 30_000 }).toBe(0);
  });

  it("is inspected: types, primary key, time, and what is left out", async () => {
    await shop.run("CREATE TABLE sales (region text, number int, \"Sold At\" timestamptz DEFAULT '2024-01-01', amount numeric(10,2) DEFAULT 1.5, items int[], photo bytea, PRIMARY KEY (region, number)); INSERT INTO sales (region, number) VALUES ('eu', 1), ('us', 1)"); // prettier-ignore
    const found = await engine.inspectTable({ table: "public.sales" }, shop.access);
    expect(found.columns.map(({ name, type }) => [name, type])).toEqual([["region", "string"], ["number", "bigint"], ["sold_at", "timestamp"], ["amount", "double"], ["items", "vector"]]); // prettier-ignore
    expect(found).toMatchObject({ format: "postgres", rows: 2, files: [], timeColumns: ["sold_at"] });
    expect(found.rowKeys[0]).toEqual(["region", "number"]);
    expect(found.source).toMatchObject({ name: "sales", format: "postgres", connection: "shop", table: "public.sales", rowKey: ["region", "number"], timeColumn: "sold_at" }); // prettier-ignore
    expect(found.entity).toMatchObject({ joinKeys: [{ name: "region" }, { name: "number" }], eventTime: "sold_at" });
    expect(found.warnings).toEqual([expect.stringMatching(/Column photo is bytea.*It is left out\./)]);
    expect((await read(found.source)).rows).toBe(2);
    // Rows that are kept already are looked at without touching what is kept.
    expect((await engine.inspectTable({ table: "public.sales" }, shop.access)).rows).toBe(2);
    expect((await planned(found.source)).rows).toBe(2);
    const query = await engine.inspectTable({ sql: "SELECT 'infinity'::date AS day, 1 AS id" }, shop.access);
    expect(query.columns.map(({ name }) => name)).toEqual(["id"]);
  });
});

here("a source of a workspace", () => {
  it("has a version for each state of its table, which work that follows does not read again", async () => {
    await openTestDatabase();
    try {
      const { workspace, people } = await filledRegistry();
      const { host, port, database, user } = shop.access;
      await createConnection(people.emil, { workspace: workspace.name, name: "shop", kind: "postgres", host, port, database, user, password: null, tls: "disable" }); // prettier-ignore
      await shop.run("CREATE TABLE airports (iata text PRIMARY KEY, gates int); INSERT INTO airports VALUES ('FRA', 10), ('JFK', 20)"); // prettier-ignore
      const yaml = "kind: Source\nname: gates\nentity: airport\nformat: postgres\nconnection: shop\ntable: airports\ncolumns: [{ name: iata, type: string }, { name: gates, type: bigint }]\nrowKey: [iata]\n"; // prettier-ignore
      await applySpecs(people.ada, { workspace: workspace.name, documents: [{ file: "gates.yaml", text: yaml }] });
      const found = await findSourceToRead(workspace.id, "gates");
      if (!found) throw new Error("The source was not applied.");
      const record = async () => {
        const described = await describeSource(engine, workspace.id, found.source);
        return (await recordSourceVersion(workspace.id, "gates", described, { by: "ada" })).version;
      };
      expect(await record()).toBe(1);
      expect(await record()).toBe(1);
      await shop.run("UPDATE airports SET gates = 11 WHERE iata = 'FRA'");
      expect(await describeNewest(engine, workspace.id, found.source)).toMatchObject({ rows: 2, warnings: [] });
      expect(await profileSource(found.scope, found.source, engine, new AbortController().signal)).toBe(1);
      expect(await record()).toBe(2);
      await shop.run("DROP TABLE airports");
      await expect(record()).rejects.toMatchObject({ code: "not_found" });
      expect((await newestVersions(workspace.id)).get("gates")).toMatchObject({ version: 2 });
      expect(await describeNewest(engine, workspace.id, found.source)).toMatchObject({ rows: 2 });
    } finally {
      await closeDatabase();
    }
  });
});

here("a connection that does not come about", () => {
  it.each<[name: string, change: (now: SourceDatabase["access"]) => Partial<SourceDatabase["access"]>, said: RegExp]>([
    ["an unknown host", () => ({ host: "nowhere.invalid" }), /there is no host nowhere\.invalid/],
    ["a port where nobody listens", () => ({ port: 1 }), /127\.0\.0\.1:1 refuses connections/],
    ["an unknown database", () => ({ database: "nothing_here" }), /has no database nothing_here/],
    ["an unknown user", () => ({ user: "nobody_here" }), /user nobody_here/],
    ["a server without TLS", () => ({ tls: "require" }), /speaks no TLS, and the connection asks for tls: require/],
  ])("says so of %s", async (_, change, said) => {
    await expect(engine.greetDatabase({ ...shop.access, ...change(shop.access) })).rejects.toThrow(said);
  });

  it("says so of a password, which is in no error", async () => {
    const role = `guarded_${Math.random().toString(36).slice(2)}`;
    await shop.run(`CREATE ROLE ${role} LOGIN PASSWORD 'right'`);
    // The server of the tests trusts everybody, so that what it would say is made here.
    const { connectionError } = await import("@/lib/engines/local/database/database-errors");
    const said = connectionError(Object.assign(new Error(`password authentication failed for user "${role}"`), { code: "28P01" }), { ...shop.access, user: role, password: "hunter2" }); // prettier-ignore
    expect(said.message).toMatch(/does not accept the password of user guarded_/);
    expect(JSON.stringify({ ...said, message: said.message })).not.toContain("hunter2");
    await shop.run(`DROP ROLE ${role}`);
  });

  it("goes to no private address unless that is allowed", async () => {
    const strict = createLocalEngine({ dataDirectory: path.join(folder, "scratch"), threads: 1, memoryLimit: "500MB", tables: { folder, privateAddresses: false, readMs: 1000 } }); // prettier-ignore
    for (const host of ["127.0.0.1", "localhost", "169.254.169.254", "[::1]"])
      await expect(strict.greetDatabase({ ...shop.access, host })).rejects.toThrow(/TRIBUTARY_PRIVATE_DATABASES=1/);
  });

  it("greets with its version and the tables that may be read", async () => {
    const { server, encrypted, tables } = await engine.greetDatabase(shop.access);
    expect(server).toMatch(/^PostgreSQL \d+/);
    expect(encrypted).toBe(false);
    expect(tables).toContain("public.orders");
    expect(tables).toContain('"Sales"."My.Orders"');
  });
});
