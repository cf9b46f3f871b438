import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FeatureList, FeatureQuery, listFeatures as contract } from "@/lib/contracts/features";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import { fillRegistry, type Fixture } from "@/test/registry-fixture";
import { exportFeatures } from "./export";
import { listFeatures } from "./features";
import { recordEvents } from "../record-event";

let fixture: Fixture;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

async function search(query: Record<string, unknown> = {}, as = fixture.people.ada) {
  return FeatureList.parse(await listFeatures(as, contract.query.parse({ workspace: "flights", ...query })));
}
const names = async (query: Record<string, unknown>) => (await search(query)).items.map((item) => item.name);

/** What every write of the product does: the log grows with the change. */
async function change(write: () => Promise<unknown>) {
  await write();
  const actor = { id: fixture.people.ada.id, name: "Ada", kind: "user" as const, roles: [] };
  await prisma().$transaction((tx) =>
    recordEvents(tx, { actor, workspace: fixture.workspace, requestId: null }, [
      { action: "test.change", object: "x/y" },
    ]),
  );
}

describe("listFeatures", () => {
  it("finds the delay features by a misspelt word and says so", async () => {
    const found = await search({ q: "deley mean" });
    expect(found.items.map((item) => item.name)).toEqual(["flight.origin_delay_mean_7d", "airport.delay_mean_7d"]);
    expect(found.corrections).toEqual([{ from: "deley", to: ["delay"] }]);
  });

  it("lists everything, documented features first", async () => {
    const { items, total } = await search({ limit: 100 });
    expect(items).toHaveLength(total);
    expect(items.slice(0, 16).every((item) => item.documented)).toBe(true);
    expect(items.slice(16).some((item) => item.documented)).toBe(false);
  });

  it("shows what environments serve, what read it and how it is judged", async () => {
    const [segment] = (await search({ q: "airport.segment" })).items;
    expect(segment).toMatchObject({
      name: "airport.segment",
      pointers: [
        { environment: "production", version: 1 },
        { environment: "staging", version: 1 },
        { environment: "dev", version: 2 },
      ],
      usedBy: ["late_model", "late_model_banded", "late_model_v1"],
      consumers: 3,
      // Production serves the version that leaks.
      leak: "leak",
      why: { tier: "exact" },
    });
    expect(segment?.sparkline).toHaveLength(3);
    expect(segment?.drift?.state).toMatch(/warn|critical/);
  });

  it("takes filters as parameters and in the query alike", async () => {
    const expected = ["airport.segment"];
    expect(await names({ q: "leak:leak" })).toEqual(expected);
    expect(await names({ leak: "leak" })).toEqual(expected);
    expect(await names({ q: "env:production entity:airport", type: "string" })).toEqual(expected);
    expect(await names({ entity: ["airport", "flight"], tag: "segmentation,nothing" })).toEqual(expected);
    expect(await names({ q: "drift:critical,warn -used_by:late_model entity:airport type:bigint" })).toEqual([
      "airport.departures_7d",
    ]);
  });

  it("counts facets without their own selection", async () => {
    const { facets } = await search({ q: "tag:delay entity:airport" });
    expect(facets.entity).toEqual([
      { value: "flight", count: 5 },
      { value: "airport", count: 2 },
    ]);
    expect(facets.owner).toEqual([{ value: "network-planning", count: 2 }]);
  });

  it("pages through everything once", async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search({ limit: 7, cursor });
      seen.push(...page.items.map((item) => item.name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength((await search()).total);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("shows a change at once, and forgets what was retired", async () => {
    const id = fixture.features["flight.hour"] as string;
    await change(() => prisma().feature.update({ where: { id }, data: { description: "Zulu time." } }));
    expect(await names({ q: "zulu" })).toEqual(["flight.hour"]);
    await change(() => prisma().feature.update({ where: { id }, data: { retiredAt: new Date() } }));
    expect(await names({ q: "zulu" })).toEqual([]);
    await change(() => prisma().feature.update({ where: { id }, data: { retiredAt: null, description: "Hour." } }));
  });

  it("is not found by people without a role there", async () => {
    await expect(search({}, fixture.stranger)).rejects.toMatchObject({ code: "not_found" });
  });

  it("keeps workspaces apart", async () => {
    const other = await fillRegistry({ workspace: "elsewhere" });
    await prisma().feature.update({
      where: { id: other.features["flight.delay"] },
      data: { description: "xylophone" },
    });
    expect(await names({ q: "xylophone" })).toEqual([]);
    const there = await search({ q: "xylophone", workspace: "elsewhere" }, other.people.ada);
    expect(there.items.map((item) => item.name)).toEqual(["flight.delay"]);
  });
});

describe("a workspace of many features", () => {
  it("reads only what changed", async () => {
    const { id: workspaceId } = fixture.workspace;
    await change(
      () => prisma().$executeRaw`
      INSERT INTO "Feature" ("id", "workspaceId", "name", "entity", "type", "definition", "digest", "updatedAt", "createdBy", "updatedBy")
      SELECT gen_random_uuid()::text, ${workspaceId}, 'plenty.number_' || n, 'plenty', 'double', '{}', 'x', now() - interval '1 day', 'x', 'x'
      FROM generate_series(1, 2500) AS n`,
    );
    expect((await search({ q: "entity:plenty" })).total).toBe(2500);
    // A view, service or source that changed lately would force a reading of everything.
    const long = new Date(Date.now() - 86_400_000);
    await prisma().featureView.updateMany({ where: { workspaceId }, data: { updatedAt: long } });
    await prisma().featureService.updateMany({ where: { workspaceId }, data: { updatedAt: long } });
    await prisma().datasetVersion.updateMany({ where: { workspaceId }, data: { createdAt: long } });
    // Changed behind the log's back and long ago: a reading of everything would show it, one of the changes does not.
    await prisma().$executeRaw`
      UPDATE "Feature" SET "description" = 'walrus' WHERE "name" = 'plenty.number_1' AND "workspaceId" = ${workspaceId}`;
    const id = fixture.features["flight.distance"] as string;
    await change(() => prisma().feature.update({ where: { id }, data: { description: "walrus" } }));
    expect(await names({ q: "walrus" })).toEqual(["flight.distance"]);
    // A pointer that moves changes the row of its feature.
    await change(() =>
      prisma().pointer.create({
        data: {
          featureId: id,
          environment: "production",
          versionId: fixture.versions["flight.distance@1"] as string,
          updatedBy: "x",
        },
      }),
    );
    expect(await names({ q: "walrus env:production" })).toEqual(["flight.distance"]);
    await change(() => prisma().feature.deleteMany({ where: { entity: "plenty" } }));
    // Deleted, not retired: nothing says so but a reading of everything, which a change of views forces.
    await change(() => prisma().featureView.updateMany({ where: { workspaceId }, data: { updatedAt: new Date() } }));
    expect((await search({ q: "entity:plenty" })).total).toBe(0);
  });
});

describe("exportFeatures", () => {
  async function text(format: "csv" | "json", query: Record<string, unknown> = {}) {
    const parsed = FeatureQuery.parse({ workspace: "flights", ...query });
    let whole = "";
    for await (const chunk of await exportFeatures(fixture.people.ada, { ...parsed, format })) whole += chunk;
    return whole;
  }

  it("writes everything that the search finds", async () => {
    const { total } = await search();
    expect((await text("csv")).trim().split("\r\n")).toHaveLength(total + 1);
    const json = JSON.parse(await text("json")) as { name: string }[];
    expect(json).toHaveLength(total);
    expect(JSON.parse(await text("json", { q: "nothing_like_it" }))).toEqual([]);
  });

  it("quotes what needs it and disarms formulas", async () => {
    const id = fixture.features["airport.city"] as string;
    await change(() =>
      prisma().feature.update({ where: { id }, data: { description: '=1+1, "quoted"\nnext', owner: "@me" } }),
    );
    const csv = await text("csv", { q: "airport.city" });
    expect(csv.split("\r\n")[1]).toContain(`"'=1+1, ""quoted""\nnext",'@me`);
  });

  it("is closed to strangers before the first byte", async () => {
    const query = { ...FeatureQuery.parse({ workspace: "flights" }), format: "csv" as const };
    await expect(exportFeatures(fixture.stranger, query)).rejects.toMatchObject({ code: "not_found" });
  });
});
