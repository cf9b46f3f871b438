import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { closeDatabase, database, openDatabase, prisma } from "@/lib/db/client";
import { whyDatabaseUnavailable } from "@/lib/db/database-errors";
import { verifyChain } from "@/lib/domain/audit/chain";
import { SYSTEM } from "@/lib/domain/principal";
import { layMigratedRegistry } from "@/test/migrated-folder";
import { killInTheMiddle } from "@/lib/jobs/killed-process.test-support";
import { countStatements, dyingAt, failingAt } from "@/test/statement-faults";
import { listDefinitionVersions } from "../definitions/history";
import { sha256 } from "../record-event";
import { smallWorkspace } from "./apply-faults.test-support";
import { applySpecs, planSpecs } from "./specs";

const data = mkdtempSync(path.join(tmpdir(), "tributary-apply-faults-"));
let child: ChildProcess | null = null;

const request = (name: string, version: number) => ({
  workspace: name,
  documents: smallWorkspace(name, version),
  prune: true,
});
const apply = (name: string, version: number) => applySpecs(SYSTEM, request(name, version));
const left = async (name: string, version: number) => (await planSpecs(SYSTEM, request(name, version))).differences;

/** Rows of every table that an apply writes. */
async function rows(): Promise<unknown> {
  const tables = ["Workspace", "Entity", "Source", "Stage", "StageVersion", "StageColumn", "Feature", "FeatureVersion",
    "Pointer", "FeatureView", "FeatureService", "DefinitionVersion", "LineageEdge", "Group", "AuditEvent"]; // prettier-ignore
  const counts = [...tables.map((table) => `"${table}"`), "pgboss.job"].map((table) => `(SELECT count(*)::int FROM ${table})`); // prettier-ignore
  const { rows: found } = await database().execute(`SELECT ARRAY[${counts.join(", ")}] AS "counts"`);
  return found[0]?.counts;
}

async function isSound(): Promise<void> {
  const events = await prisma().auditEvent.findMany({ orderBy: { sequence: "asc" } });
  const chain = events.map((event) => ({ ...event, at: event.at.toISOString(), actor: event.actorId }));
  expect(verifyChain(chain, sha256)).toMatchObject({ ok: true, events: events.length });
}

/** The database's thread is begun again by the first who asks after its end. */
async function untilOpen(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await database().execute("SELECT 1").then(() => true, () => false)) return; // prettier-ignore
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The database was not opened again.");
}

/** What faults are made of here is the embedded database. */
describe.skipIf(process.env.TEST_DATABASE_URL)("an apply of a change, with a fault", () => {
  let statements = 0;

  beforeAll(async () => {
    await layMigratedRegistry(data);
    await killInTheMiddle("lib/registry/specs/apply-faults.test-support.ts", {
      where: data,
      data,
      onStart: (started) => (child = started),
    });
    await openDatabase({ directory: data });
  });
  afterAll(async () => {
    child?.kill("SIGKILL");
    await closeDatabase();
    rmSync(data, { recursive: true, force: true });
  });

  it("of its process, killed before the commit, has lost nothing that was confirmed and shows nothing of the rest", async () => {
    expect(await left("killed", 1)).toEqual([]);
    expect(await left("killed", 2)).not.toEqual([]);
    await isSound();
    expect((await apply("killed", 2)).counts).toMatchObject({ change: 6, replace: 1 });
    expect(await left("killed", 2)).toEqual([]);
  });

  it("at any of its statements is nothing", async () => {
    statements = await countStatements(() => apply("killed", 1));
    const before = await rows();
    for (let at = 1; at < statements; at += 1) {
      await expect(failingAt(at, () => apply("killed", 2))).rejects.toThrow(/fault of statement/);
      expect([at, await rows()]).toEqual([at, before]);
    }
    expect(await left("killed", 1)).toEqual([]);
  });

  it("of this process's clock, set back a day, is as any other", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 86_400_000 });
    try {
      await apply("clock", 1);
      expect((await apply("clock", 2)).counts).toMatchObject({ change: 6, replace: 1 });
      expect(await left("clock", 2)).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
    await isSound();
    const { items } = await listDefinitionVersions(SYSTEM, "Stage", "added", { workspace: "clock", limit: 10, cursor: undefined }); // prettier-ignore
    expect(items.map(({ version, current }) => [version, current])).toEqual([[2, true], [1, false]]); // prettier-ignore
    expect((await apply("clock", 1)).counts).toMatchObject({ change: 6, replace: 1 });
  });

  it("of the database, which dies at a statement and is opened again, is nothing or all", async () => {
    for (const share of [0, 0.5, 0.9, 1]) {
      const before = await rows();
      const at = Math.max(1, Math.round(statements * share));
      const error = await dyingAt(at, () => apply("killed", 2)).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error) expect(whyDatabaseUnavailable(error)).toMatch(/does not answer.*Try again/);
      await untilOpen();
      const differences = await left("killed", 2);
      if (differences.length > 0) {
        expect(error).not.toBeNull();
        expect(await rows()).toEqual(before);
      } else expect(share).toBe(1);
    }
    await apply("killed", 2);
    expect(await left("killed", 2)).toEqual([]);
    await isSound();
  });
});
