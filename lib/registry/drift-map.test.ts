import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { fillRegistry, type Fixture } from "@/test/registry-fixture";
import { compareDrift, getDrift } from "./drift";

let fixture: Fixture;
const dev = {
  workspace: "flights",
  environment: "dev" as const,
  metric: "natural" as const,
  calibrated: "false" as const,
};

beforeAll(async () => {
  await openTestDatabase();
  fixture = await fillRegistry();
});
afterAll(closeDatabase);

describe("getDrift", () => {
  it("has the served features by month against the first", async () => {
    const map = await getDrift(fixture.people.ada, { ...dev, metric: "psi" });
    expect(map).toMatchObject({ metric: "psi", warn: 0.1, critical: 0.25, isCalibrated: false });
    expect(map.windows).toEqual(["2001-01", "2001-02", "2001-03", "2001-04", "2001-05", "2001-06"]);
    for (const row of map.rows) {
      expect(row.cells.map((cell) => cell.window)).toEqual(map.windows);
      expect(row.cells[0]).toMatchObject({ state: "fine", score: null, isReference: true });
      expect(row.referenceShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
    }
    const stored = await prisma().driftResult.findMany({ where: { state: "critical" } });
    expect(stored.length).toBeGreaterThan(0);
    expect(map.summary.critical.length).toBeGreaterThan(0);
    expect(map.summary.share).toBeCloseTo(map.summary.warned / map.summary.judged);
    expect(map.summary.datasets).toContainEqual(expect.objectContaining({ entity: "airport", window: "2001-06" }));
  });

  it("chooses the metric by type, and any other is computed from the same profiles", async () => {
    const figures = async (metric: "natural" | "normed_wasserstein" | "ks" | "missing_rate") => {
      const { rows } = await getDrift(fixture.people.ada, { ...dev, metric });
      return new Map(rows.map((row) => [row.feature, row.cells.at(-1)]));
    };
    const natural = await figures("natural");
    expect(natural.get("airport.departures_7d")).toMatchObject({ metric: "psi", warn: 0.1, critical: 0.25 });
    expect(natural.get("airport.segment")).toMatchObject({ metric: "js_distance", warn: 0.1, critical: 0.2 });
    const wasserstein = await figures("normed_wasserstein");
    // The mean moves by 38 a month, of a standard deviation of 190.
    expect(wasserstein.get("airport.departures_7d")?.score).toBeCloseTo((5 * 38) / 190, 1);
    expect((await figures("ks")).get("airport.segment")).toMatchObject({ state: "insufficient_data" });
    expect((await figures("missing_rate")).get("airport.departures_7d")).toMatchObject({ score: 0, state: "fine" });
  });

  it("compares with the window before, with a chosen one, and by thresholds of one's own", async () => {
    const map = (more: object) => getDrift(fixture.people.ada, { ...dev, metric: "psi" as const, ...more });
    const row = async (more: object) =>
      (await map(more)).rows.find(({ feature }) => feature === "airport.departures_7d");
    const first = await row({});
    const before = await row({ reference: "before" });
    expect(before?.cells.at(-1)?.score).toBeLessThan(first?.cells.at(-1)?.score ?? 0);
    expect((await row({ reference: "2001-06" }))?.cells.map((cell) => cell.isReference).indexOf(true)).toBe(5);
    expect((await map({ warn: 50, critical: 60 })).summary.warned).toBe(0);
    await expect(map({ warn: 2, critical: 1 })).rejects.toMatchObject({ code: "invalid" });
    await expect(map({ metric: "natural", warn: 2 })).rejects.toThrow("takes no others");
    const filtered = await map({ view: "airport_stats" });
    expect(filtered.rows.every(({ views }) => views.includes("airport_stats"))).toBe(true);
    await expect(map({ view: "nothing" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("has what a model reads, against the rows that it was trained on", async () => {
    const { name } = await prisma().model.findFirstOrThrow();
    const map = await getDrift(fixture.people.ada, { ...dev, model: name });
    expect(map.model).toMatchObject({ name, isServing: false });
    expect(map.rows.length).toBeGreaterThan(0);
    expect(map.rows.every(({ reference }) => reference === "the train part")).toBe(true);
    const [row] = map.rows;
    const comparison = await compareDrift(fixture.people.ada, {
      ...dev,
      model: name,
      feature: row?.feature ?? "",
      window: "2001-06",
    });
    expect(comparison).toMatchObject({ reference: { label: "the train part" }, score: row?.cells.at(-1)?.score });
    const calibrated = await getDrift(fixture.people.ada, { ...dev, model: name, calibrated: "true" });
    expect(calibrated.summary.warned).toBeLessThanOrEqual(map.summary.warned);
  });

  it("follows the pointers of the environment", async () => {
    const versionOf = async (environment: "dev" | "production") =>
      (await getDrift(fixture.people.ada, { ...dev, environment })).rows.find(
        (row) => row.feature === "airport.segment",
      )?.version;
    expect(await versionOf("dev")).toBe(2);
    expect(await versionOf("production")).toBe(1);
  });

  it("is for those who can see the workspace", async () => {
    await expect(getDrift(fixture.stranger, dev)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("compareDrift", () => {
  it("lays a month over January in the same buckets, with the score of the map", async () => {
    const { summary, rows } = await getDrift(fixture.people.ada, dev);
    const feature = summary.critical[0] as string;
    const cell = rows.find((row) => row.feature === feature)?.cells.at(-1);
    const comparison = await compareDrift(fixture.people.ada, { ...dev, feature, window: "2001-06" });
    expect(comparison).toMatchObject({
      state: "critical",
      reference: { label: "2001-01" },
      current: { label: "2001-06" },
    });
    expect(comparison.score).toBe(cell?.score);
    const total = (side: "reference" | "current") => comparison.bars.reduce((sum, bar) => sum + bar[side], 0);
    expect([total("reference"), total("current")]).toEqual([comparison.reference.rows, comparison.current.rows]);
  });

  it("says which months there are", async () => {
    await expect(
      compareDrift(fixture.people.ada, { ...dev, feature: "airport.departures_7d", window: "2002-01" }),
    ).rejects.toMatchObject({ code: "not_found", context: { windows: expect.arrayContaining(["2001-06"]) } });
  });
});
