import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, database, prisma } from "@/lib/db/client";
import { LmdbStore } from "@/lib/online/lmdb-store";
import { entityKey } from "@/lib/online/online-store";
import { verifyAudit } from "@/lib/registry/audit/audit";
import { getFeature } from "@/lib/registry/features/detail";
import { openInstallation, personOf, readInstallation, sentencesOfThen, type Tables } from "./open-installation";
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

describe("an installation of the version before definitions were pinned", () => {
  it("loses no row of any table", async () => {
    const lost: string[] = [];
    for (const [table, rows] of Object.entries(tables)) {
      const { rows: found } = await database().execute(`SELECT count(*)::int AS rows FROM "${table}"`);
      if (Number(found[0]?.rows) < rows.length) lost.push(`${table}: ${String(found[0]?.rows)} of ${rows.length}`);
    }
    expect(lost).toEqual([]);
  });

  it("says about its past what it said before", async () => {
    expect(await readSentences(await personOf("ada@flights.example"))).toEqual(await sentencesOfThen());
  });

  it("opens every feature", async () => {
    const ada = await personOf("ada@flights.example");
    for (const { name } of tables.Feature ?? []) expect((await getFeature(ada, "shop", String(name))).name).toBe(name);
  });

  it("has an audit chain that is whole", async () => {
    expect(await verifyAudit(await personOf("emil@flights.example"), "shop")).toMatchObject({ ok: true });
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
