import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { filledRegistry } from "@/test/filled-registry";
import { openTestDatabase } from "@/test/open-test-database";
import type { Fixture } from "@/test/registry-fixture";
import { closeDatabase, prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { applySpecs, exportSpecs, planSpecs } from "../specs/specs";
import {
  createConnection,
  deleteConnection,
  getConnection,
  listConnections,
  testConnection,
  updateConnection,
} from "./connections";
import { connectionAccess } from "../database-access";
import { inspectSource } from "./inspect";

let fixture: Fixture;
beforeAll(openTestDatabase);
afterAll(closeDatabase);
beforeEach(async () => {
  fixture = await filledRegistry();
});

const SECRET = "correct horse battery";
const workspace = () => fixture.workspace.name;
/** An administrator, and an author. */
const admin = () => fixture.people.emil;
const author = () => fixture.people.ada;
const make = (more: Partial<Parameters<typeof createConnection>[1]> = {}) =>
  createConnection(admin(), { workspace: workspace(), name: "shop", kind: "postgres", host: "db.example.com", port: 5432, database: "shop", user: "reader", password: SECRET, tls: "require", ...more }); // prettier-ignore
const update = (change: Partial<Parameters<typeof updateConnection>[2]>) =>
  updateConnection(admin(), "shop", { workspace: workspace(), ...change });
const SPEC = `kind: Source
name: orders
entity: airport
format: postgres
connection: shop
table: public.orders
columns: [{ name: iata, type: string }, { name: amount, type: double }]
rowKey: [iata]
`;
const documents = [{ file: "orders.yaml", text: SPEC }];

describe("a connection", () => {
  it("is made, changed and removed by administrators, and its password is nowhere but with engines", async () => {
    const made = await make();
    expect(made).toMatchObject({ name: "shop", hasPassword: true, tls: "require", sources: [] });
    await expect(make()).rejects.toMatchObject({ code: "conflict" });
    expect(await listConnections(author(), workspace())).toEqual([made]);
    const row = await prisma().databaseConnection.findFirstOrThrow();
    expect(row.password).toMatch(/^v1\./);
    expect(row.password).not.toContain(SECRET);
    expect(await connectionAccess(fixture.workspace.id, "shop")).toMatchObject({ password: SECRET, user: "reader" });
    await update({ password: "another", database: "shop2" });
    await deleteConnection(admin(), workspace(), "shop");
    await expect(getConnection(admin(), workspace(), "shop")).rejects.toMatchObject({ code: "not_found" });
    const events = await prisma().auditEvent.findMany({ where: { action: { startsWith: "connection." } }, orderBy: { sequence: "asc" } }); // prettier-ignore
    expect(events.map(({ action }) => action)).toEqual(["connection.create", "connection.update", "connection.delete"]);
    expect(events[1]?.after).toMatchObject({ database: "shop2", passwordChanged: true });
    expect(JSON.stringify([made, events.map(({ before, after }) => [before, after])])).not.toMatch(/correct horse|another|v1\./); // prettier-ignore
  });

  it("is not changed by authors, and not seen by who makes nothing", async () => {
    await make();
    const body = { workspace: workspace(), name: "other", kind: "postgres" as const, host: "h", port: 1, database: "d", user: "u", password: null, tls: "disable" as const }; // prettier-ignore
    for (const attempt of [
      createConnection(author(), body),
      updateConnection(author(), "shop", { workspace: workspace(), port: 1 }),
      deleteConnection(author(), workspace(), "shop"),
      testConnection(author(), workspace(), "shop", () => Promise.reject(new Error("never"))),
      listConnections(fixture.people.devi, workspace()),
    ])
      await expect(attempt).rejects.toMatchObject({ code: "forbidden" });
    await expect(listConnections(fixture.stranger, workspace())).rejects.toMatchObject({ code: "not_found" });
  });

  it("never takes its password elsewhere", async () => {
    await make();
    for (const change of [{ host: "evil.example.com" }, { port: 5433 }, { user: "root" }, { tls: "disable" as const }])
      await expect(update(change)).rejects.toMatchObject({ code: "invalid", context: { issues: [{ path: ["password"] }] } }); // prettier-ignore
    expect(await update({ database: "other", tls: "verify-full" })).toMatchObject({ database: "other" });
    expect(await update({ host: "new.example.com", password: SECRET })).toMatchObject({ host: "new.example.com" });
    expect(await update({ password: null })).toMatchObject({ hasPassword: false });
    expect(await update({ host: "db.example.com" })).toMatchObject({ host: "db.example.com" });
  });

  it("is tried with its password, and says what is wrong", async () => {
    await make();
    const tried = testConnection(admin(), workspace(), "shop", (_, access) => {
      expect(access).toMatchObject({ password: SECRET, host: "db.example.com" });
      return Promise.resolve({ server: "PostgreSQL 15", encrypted: true, tables: ["public.orders"] });
    });
    expect(await tried).toEqual({ ok: true, message: "PostgreSQL 15 answers; 1 table can be read.", encrypted: true, tables: ["public.orders"] }); // prettier-ignore
    const refuse = (code: "unavailable" | "too_many") => () => Promise.reject(new DomainError(code, "No."));
    expect(await testConnection(admin(), workspace(), "shop", refuse("unavailable"))).toMatchObject({ ok: false, message: "No." }); // prettier-ignore
    await expect(testConnection(admin(), workspace(), "shop", refuse("too_many"))).rejects.toMatchObject({ code: "too_many" }); // prettier-ignore
  });

  it("says so when its password was kept with another key", async () => {
    await make();
    await prisma().databaseConnection.updateMany({ data: { password: "v1.AAAA" } });
    await expect(connectionAccess(fixture.workspace.id, "shop")).rejects.toThrow(/Set the password again/);
  });
});

describe("a source by a connection", () => {
  it("is planned with its access, applied, exported without it, and holds the connection", async () => {
    const seen: unknown[] = [];
    const describeSource = (_: string, source: SourceDefinition, access?: { password: string | null }) => {
      seen.push([source.table, access?.password]);
      return Promise.resolve({ warnings: ["The table holds no rows."] });
    };
    const request = { workspace: workspace(), documents };
    await expect(planSpecs(author(), request, { describe: describeSource })).rejects.toMatchObject({
      context: { issues: [{ path: ["connection"], line: 5, found: "shop", message: expect.stringContaining("no connection `shop`") as string }] },
    }); // prettier-ignore
    await make();
    const plan = await planSpecs(author(), request, { describe: describeSource });
    expect(plan.warnings).toMatchObject([{ message: "source orders: The table holds no rows.", line: 5 }]);
    await applySpecs(author(), request, { describe: describeSource });
    expect(seen).toEqual([["public.orders", SECRET], ["public.orders", SECRET]]); // prettier-ignore
    const exported = JSON.stringify(await exportSpecs(author(), workspace()));
    expect(exported).toContain("connection: shop");
    expect(exported).not.toMatch(/correct horse|db\.example|v1\./);
    expect((await planSpecs(author(), request)).differences).toEqual([]);
    expect(await getConnection(author(), workspace(), "shop")).toMatchObject({ sources: ["orders"] });
    await expect(deleteConnection(admin(), workspace(), "shop")).rejects.toThrow(/read by source orders/);
  });

  it.each([
    ["location: x.csv\nformat: postgres\nconnection: shop\ntable: t", /`location` belongs to files/],
    ["format: postgres\ntable: t", /`connection` is missing/],
    ["format: postgres\nconnection: shop", /`table` is missing/],
    ["format: postgres\nconnection: shop\ntable: t\nsql: SELECT 1", /`table` stands beside `sql`/],
    ["format: csv\nlocation: x.csv\ntable: t", /`table` belongs to format postgres/],
    ["format: csv", /`location` is missing/],
    [
      "format: postgres\nconnection: shop\ntable: t\nreading: { delimiter: ';' }",
      /`delimiter` says nothing of a table/,
    ],
    ["format: postgres\nconnection: shop\ntable: t\nrowNumber: code", /`rowNumber` belongs to files/],
  ])("is refused when it is half a file: %j", async (members, said) => {
    const text = `kind: Source\nname: orders\nentity: airport\n${members}\ncolumns: [{ name: code, type: string }]\nrowKey: [code]\n`;
    const error = (await planSpecs(author(), { workspace: workspace(), documents: [{ file: "a.yaml", text }] }).catch((thrown: unknown) => thrown)) as DomainError; // prettier-ignore
    expect(error.code).toBe("invalid");
    expect((error.context.issues as { path: unknown[]; message: string }[]).map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")).toMatch(said); // prettier-ignore
  });

  it("is proposed from a table of it", async () => {
    await make();
    const source: SourceDefinition = { kind: "Source", name: "orders", entity: "orders", format: "postgres", connection: "shop", sql: "SELECT 1 AS id", columns: [{ name: "id", type: "bigint" }], rowKey: ["id"] }; // prettier-ignore
    const found = await inspectSource(author(), { workspace: workspace(), connection: "shop", sql: "SELECT 1 AS id" }, {
      files: () => Promise.reject(new Error("no files")),
      table: (_, request, access) => {
        expect(request).toEqual({ sql: "SELECT 1 AS id" });
        expect(access.password).toBe(SECRET);
        return Promise.resolve({ format: "postgres", reading: {}, files: [], rows: 1, isPart: false, columns: [], rowKeys: [], timeColumns: [], preview: [], warnings: [], entity: { kind: "Entity", name: "orders", joinKeys: [{ name: "id", type: "bigint" }] }, source }); // prettier-ignore
      },
    }); // prettier-ignore
    expect(found.spec).toContain("format: postgres\nconnection: shop\nsql: SELECT 1 AS id\n");
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });
});
