import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { fillRegistry, type Fixture } from "@/test/registry-fixture";
import { compareDrift, getDrift } from "./drift";

let fixture: Fixture;
const dev = { workspace: "flights", environment: "dev" as const };

beforeAll(async () => {
  await openTestDatabase();
  fixture = await fillRegistry();
});
afterAll(closeDatabase);

describe("getDrift", () => {
  it("has the served features by month against January", async () => {
    const map = await getDrift(fixture.people.ada, dev);
    expect(map).toMatchObject({ metric: "psi", warn: 0.1, critical: 0.25, reference: "2001-01" });
    expect(map.months).toEqual(["2001-01", "2001-02", "2001-03", "2001-04", "2001-05", "2001-06"]);
    for (const row of map.rows) {
      expect(row.cells.map((cell) => cell.month)).toEqual(map.months);
      expect(row.cells[0]).toMatchObject({ state: "fine", score: null });
      expect(row.referenceShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
    }
    const drifting = await prisma().driftResult.findMany({ where: { state: "critical" } });
    expect(drifting.length).toBeGreaterThan(0);
    expect(map.summary.critical.length).toBeGreaterThan(0);
    expect(map.summary.share).toBeCloseTo(map.summary.warned / map.summary.judged);
    expect(map.summary.warned).toBe(
      map.rows.filter((row) => row.cells.some((cell) => (cell.score ?? 0) >= 0.1)).length,
    );
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
    const comparison = await compareDrift(fixture.people.ada, { ...dev, feature, month: "2001-06" });
    expect(comparison).toMatchObject({
      state: "critical",
      reference: { label: "2001-01" },
      current: { label: "2001-06" },
    });
    expect(comparison.score).toBeCloseTo(cell?.score ?? NaN, 1);
    const total = (side: "reference" | "current") => comparison.bars.reduce((sum, bar) => sum + bar[side], 0);
    expect([total("reference"), total("current")]).toEqual([comparison.reference.rows, comparison.current.rows]);
  });

  it("says which months there are", async () => {
    await expect(
      compareDrift(fixture.people.ada, { ...dev, feature: "airport.departures_7d", month: "2002-01" }),
    ).rejects.toMatchObject({ code: "not_found", context: { months: expect.arrayContaining(["2001-06"]) } });
  });
});
