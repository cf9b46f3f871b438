import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, database, prisma } from "@/lib/db/client";
import { LmdbStore } from "@/lib/online/lmdb-store";
import { entityKey } from "@/lib/online/online-store";
import { verifyAudit } from "@/lib/registry/audit/audit";
import { fillDigests } from "@/lib/registry/definitions/fill-digests";
import { getFeature } from "@/lib/registry/features/detail";
import { digestOf } from "@/lib/registry/record-event";
import { applySpecs, exportSpecs } from "@/lib/registry/specs/specs";
import { openInstallation, accountableUser, readInstallation, sentencesOfThen, type Tables } from "./open-installation";
import { readSentences } from "./read-sentences";

let data: string;
let tables: Tables;

beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "installation-test-"));
  process.env.TRIBUTARY_DATA = data;
  tables = await readInstallation();
  await openInstallation(data);
});
afterAll(async () => {
  await closeDatabase();
  await rm(data, { recursive: true, force: true });
});

/** Tables that have another name since. */
const RENAMED: Record<string, string> = { MonitorLook: "MonitorBacktest" };

describe("an installation of the version before definitions were pinned", () => {
  it("loses no row of any table", async () => {
    const lost: string[] = [];
    for (const [before, rows] of Object.entries(tables)) {
      const table = RENAMED[before] ?? before;
      const { rows: found } = await database().execute(`SELECT count(*)::int AS rows FROM "${table}"`);
      if (Number(found[0]?.rows) < rows.length) lost.push(`${table}: ${String(found[0]?.rows)} of ${rows.length}`);
    }
    expect(lost).toEqual([]);
  });

  it("says about its past what it said before", async () => {
    expect(await readSentences(await accountableUser("ada@flights.example"))).toEqual(await sentencesOfThen());
  });

  it("opens every feature", async () => {
    const ada = await accountableUser("ada@flights.example");
    for (const { name } of tables.Feature ?? []) expect((await getFeature(ada, "shop", String(name))).name).toBe(name);
  });

  it("has a first version of everything that is declared, whose digests the first start fills in, once", async () => {
    expect(await fillDigests()).toBeGreaterThan(0);
    expect(await fillDigests()).toBe(0);
    const versions = await prisma().definitionVersion.findMany({ include: { stageVersions: true } });
    for (const { kind, name, digest, definition } of versions) expect([kind, name, digest]).toEqual([kind, name, digestOf(definition)]); // prettier-ignore
    const kinds = ["Workspace", "Entity", "Source", "SplitPolicy", "Stage", "Feature", "FeatureView", "FeatureService", "Pipeline", "Monitor"]; // prettier-ignore
    for (const kind of kinds)
      for (const row of tables[kind] ?? [])
        expect(versions.filter((one) => one.objectId === row.id && one.name === row.name).length, `${kind} ${String(row.name)}`).toBeGreaterThan(0); // prettier-ignore
    const stages = versions.filter(({ kind }) => kind === "Stage");
    const numbers = stages.flatMap(({ version, stageVersions }) => stageVersions.map((one) => [version, one.version]));
    expect(numbers).toHaveLength(tables.StageVersion?.length ?? 0);
    for (const [version, ofStage] of numbers) expect(version).toBe(ofStage);
    const again = await applySpecs(await accountableUser("emil@flights.example"), {
      workspace: "shop",
      documents: (await exportSpecs(await accountableUser("emil@flights.example"), "shop")).files,
    });
    expect(again.differences).toEqual([]);
    expect(await prisma().definitionVersion.count()).toBe(versions.length);
  });

  it("has every change request as one of items", async () => {
    const revisions = await prisma().revision.findMany({ include: { items: true } });
    expect(revisions.map(({ items }) => items.length)).toEqual(revisions.map(() => 1));
    for (const before of tables.Revision ?? []) {
      const item = revisions.find(({ id }) => id === before.id)?.items[0];
      expect(item?.featureVersionId ?? item?.modelVersionId).toBe(before.versionId ?? before.modelVersionId);
      expect(item?.baseFeatureVersionId ?? item?.baseModelVersionId).toBe(before.baseVersionId);
    }
  });

  it("has an audit chain that is whole", async () => {
    expect(await verifyAudit(await accountableUser("emil@flights.example"), "shop")).toMatchObject({ ok: true });
  });

  it("has its values online", async () => {
    const store = LmdbStore.open(path.join(data, "online"));
    const newest = await prisma().materialisation.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    const [row, none] = await store.readRows(newest.id, [entityKey([1]), entityKey([-1])]);
    expect(row?.values).toHaveLength(newest.featureVersionIds.length);
    expect(none).toBeUndefined();
    await store.close();
  });
});
