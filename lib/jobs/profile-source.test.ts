import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, prisma } from "@/lib/db/client";
import { takeJob } from "@/lib/db/queue";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { Histogram } from "@/lib/domain/statistics/histogram";
import { SYSTEM } from "@/lib/domain/principal";
import type { ColumnStats } from "@/lib/domain/profiles/column-stats";
import type { Engine } from "@/lib/engines/engine";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { openScopeFor } from "@/lib/registry/scope";
import { applySpecs } from "@/lib/registry/specs/specs";
import { profileNewVersion, profileSource } from "./profile-source";
import { queueSourceProfiles } from "@/lib/registry/deployments/source-versions";
import { scopeOfRun } from "@/lib/registry/execution/run-context";
import { FIGURES, withFigures } from "@/lib/registry/stored-figures";

const WORKSPACE = "shop";
let directory: string;
let file: string;
let engine: Engine;
/** Columns that the engine was asked to measure, call by call. */
let measured: string[][] = [];

const orders: SourceDefinition = {
  kind: "Source",
  name: "orders",
  entity: "order",
  format: "csv",
  location: "",
  columns: [
    { name: "id", type: "bigint" },
    { name: "at", type: "timestamp" },
    { name: "amount", type: "double" },
    { name: "kind", type: "string" },
    { name: "note", type: "string" },
  ],
  rowKey: ["id"],
  timeColumn: "at",
};

const declare = (source: SourceDefinition) => applySpecs(SYSTEM, { workspace: WORKSPACE, documents: [{ ...source }] });

/** So many orders, one a day from a day of 2024, of the kinds given by turns; nobody wrote a note. */
function write(count: number, { from = "2024-01-01", kinds = ["a", "b"], times = 1 } = {}): Promise<void> {
  const start = Date.parse(from);
  const lines = Array.from({ length: count }, (_, i) => {
    const at = new Date(start + i * 86_400_000).toISOString().slice(0, 10);
    return `${i},${at},${i * times},${kinds[i % kinds.length]},`;
  });
  return writeFile(file, `id,at,amount,kind,note\n${lines.join("\n")}\n`);
}

async function profile(source: SourceDefinition = orders): Promise<number> {
  const scope = await openScopeFor(SYSTEM, WORKSPACE, "spec:apply");
  return profileSource(scope, { ...source, location: file }, engine, new AbortController().signal);
}

async function profilesOf(version: number, column: string) {
  const rows = await prisma().profile.findMany({
    where: { column: `order.${column}`, datasetVersion: { dataset: "orders", version } },
    orderBy: [{ windowFrom: { sort: "asc", nulls: "first" } }],
    include: FIGURES,
  });
  return rows.map(withFigures).map((row) => ({
    ...row,
    stats: row.stats as unknown as ColumnStats,
    histogram: row.histogram as unknown as Histogram,
  }));
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "tributary-profiles-"));
  await mkdir(path.join(directory, "data"));
  file = path.join(directory, "orders.csv");
  orders.location = file;
  process.env.TRIBUTARY_DATA = path.join(directory, "data");
  await openTestDatabase();
  const local = createLocalEngine({ dataDirectory: path.join(directory, "data"), threads: 1, memoryLimit: "500MB" });
  engine = {
    ...local,
    runVariant: (plan, control) => {
      measured.push(plan.profile.columns.map(({ column }) => column));
      return local.runVariant(plan, control);
    },
  };
  await write(60);
  await applySpecs(SYSTEM, {
    workspace: WORKSPACE,
    documents: [
      { kind: "Workspace", name: WORKSPACE },
      { kind: "Entity", name: "order", joinKeys: [{ name: "id", type: "bigint" }], eventTime: "at" },
      { ...orders },
    ],
  });
});
afterAll(async () => {
  await closeDatabase();
  await rm(directory, { recursive: true, force: true });
});

describe("distributions of a source", () => {
  it("are those of all its columns, over all time and by month", async () => {
    expect(await profile()).toBe(1);
    expect(measured).toEqual([orders.columns.map(({ name }) => `order.${name}`)]);
    for (const { name } of orders.columns) {
      const found = await profilesOf(1, name);
      expect(
        found.map(({ windowFrom, rows }) => [windowFrom?.toISOString().slice(0, 7) ?? null, Number(rows)]),
      ).toEqual([
        [null, 60],
        ["2024-01", 31],
        ["2024-02", 29],
      ]);
      expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    }
    expect((await profilesOf(1, "note"))[0]?.stats).toMatchObject({ rows: 60, missing: 60 });
    expect((await profilesOf(1, "at"))[0]?.stats).toMatchObject({ max: "2024-02-29T00:00:00.000Z" });
  });

  it("have edges by all rows", async () => {
    const last = async (column: string) => {
      const [all] = await profilesOf(1, column);
      return all?.histogram.kind === "numeric" ? [all.histogram.edges.at(-1), all.histogram.overflow] : null;
    };
    expect(await last("id")).toEqual([59, 0]);
    expect(await last("at")).toEqual([Date.parse("2024-02-29"), 0]);
    expect(await last("amount")).toEqual([59, 0]);
  });

  it("are not measured again on the same data", async () => {
    const before = await prisma().profile.count();
    measured = [];
    expect(await profile()).toBe(1);
    expect(measured).toEqual([]);
    expect(await prisma().profile.count()).toBe(before);
  });

  it("of a new version are measured on the first version's edges, with what it did not have apart", async () => {
    await write(90, { kinds: ["a", "c"], times: 10 });
    measured = [];
    expect(await profile()).toBe(2);
    expect(measured).toHaveLength(1);
    const [[before], [after]] = await Promise.all([profilesOf(1, "amount"), profilesOf(2, "amount")]);
    expect(after?.histogram).toMatchObject({ edges: (before?.histogram as { edges: number[] }).edges });
    expect((after?.histogram as { overflow: number }).overflow).toBeGreaterThan(50);
    const [kinds] = await profilesOf(2, "kind");
    expect(kinds?.histogram).toMatchObject({ values: ["a", "b"], counts: [45, 0], other: 45 });
  });

  it("of data that come back are copied, not measured", async () => {
    await write(60);
    measured = [];
    expect(await profile()).toBe(3);
    expect(measured).toEqual([]);
    for (const { name } of orders.columns) {
      const [first, third] = await Promise.all([profilesOf(1, name), profilesOf(3, name)]);
      expect(third.map(({ stats }) => stats)).toEqual(first.map(({ stats }) => stats));
    }
  });

  it("have windows of days where the source says so", async () => {
    const daily = { ...orders, profileEvery: "day" as const };
    await declare(daily);
    measured = [];
    await profile(daily);
    expect(measured).toHaveLength(1);
    const days = (await profilesOf(3, "kind")).filter(
      ({ windowFrom, windowTo }) => Number(windowTo) - Number(windowFrom) === 86_400_000,
    );
    expect(days).toHaveLength(60);
    await declare(orders);
  });

  it("are of the times that the data have, also where the clock went back", async () => {
    await write(40, { from: "2023-12-20" });
    const version = await profile();
    const found = await profilesOf(version, "amount");
    expect(found.map(({ windowFrom }) => windowFrom?.toISOString().slice(0, 7) ?? null)).toEqual([
      null,
      "2023-12",
      "2024-01",
    ]);
  });

  it("of no rows are there", async () => {
    await write(0);
    const version = await profile();
    expect((await profilesOf(version, "amount")).map(({ stats }) => stats.rows)).toEqual([0]);
  });

  it("name a column that disappeared, and keep what there was", async () => {
    const before = await prisma().profile.count();
    await writeFile(file, "id,at,amount,note\n1,2024-01-01,5,\n");
    await expect(profile()).rejects.toMatchObject({ code: "invalid", message: expect.stringMatching(/no column kind/) as unknown }); // prettier-ignore
    expect(await prisma().profile.count()).toBe(before);
  });

  it("name a column that has another type, and take edges of its own when it is declared so", async () => {
    await writeFile(file, "id,at,amount,kind,note\n1,2024-01-01,much,a,\n2,2024-01-02,little,b,\n");
    await expect(profile()).rejects.toMatchObject({ code: "invalid", message: expect.stringMatching(/amount|much/) as unknown }); // prettier-ignore
    const texts: SourceDefinition = {
      ...orders,
      columns: orders.columns.map((column) => (column.name === "amount" ? { ...column, type: "string" } : column)),
    };
    await declare(texts);
    const [found] = await profilesOf(await profile(texts), "amount");
    expect(found?.histogram).toMatchObject({ kind: "categorical", values: ["little", "much"] });
    await declare(orders);
  });

  it("are of no file with texts that are not UTF-8", async () => {
    await writeFile(file, Buffer.concat([Buffer.from("id,at,amount,kind,note\n1,2024-01-01,1,"), Buffer.from([0xff]), Buffer.from(",\n")])); // prettier-ignore
    await expect(profile()).rejects.toThrow("column kind has 1 text with bytes that are not utf-8");
    await write(10);
  });
});

describe("the job that profiles a new version", () => {
  const source = () => prisma().source.findFirstOrThrow({ where: { name: "orders" } });

  it("is queued for a version without distributions, and only for that", async () => {
    await write(10);
    const { workspaceId } = await source();
    const scope = await scopeOfRun({ workspaceId });
    const last = await prisma().datasetVersion.findFirstOrThrow({
      where: { dataset: "orders" },
      orderBy: { version: "desc" },
    });
    // Declaring the source has asked for it once.
    await takeJob("profile-source");
    await queueSourceProfiles(scope, "orders", last.id);
    expect(await takeJob("profile-source")).toBeNull();
    await queueSourceProfiles(scope, "orders", "a version that nobody looked at");
    const job = await takeJob("profile-source");
    expect(job?.data).toEqual({ workspaceId, source: "orders" });
    await profileNewVersion(job?.data ?? { workspaceId, source: "" }, engine, new AbortController().signal);
    const found = await prisma().datasetVersion.findFirstOrThrow({
      where: { dataset: "orders" },
      orderBy: { version: "desc" },
      include: { _count: { select: { profiles: true } } },
    });
    expect(found.version).toBe(last.version + 1);
    expect(found._count.profiles).toBeGreaterThan(0);
  });

  it("says why data cannot be read, and does not fail", async () => {
    const { workspaceId } = await source();
    await rm(file);
    await expect(
      profileNewVersion({ workspaceId, source: "orders" }, engine, new AbortController().signal),
    ).resolves.toBeUndefined();
    await expect(
      profileNewVersion({ workspaceId, source: "nobody" }, engine, new AbortController().signal),
    ).resolves.toBeUndefined();
  });

  it("is tried again when it was interrupted", async () => {
    await write(20);
    const { workspaceId } = await source();
    await expect(
      profileNewVersion({ workspaceId, source: "orders" }, engine, AbortSignal.abort()),
    ).rejects.toMatchObject({ code: "canceled" });
  });
});
