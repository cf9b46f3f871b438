import { afterAll, beforeAll, expect, it } from "vitest";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { fillRegistry, type Fixture } from "./registry-fixture";

let fixture: Fixture;
beforeAll(async () => {
  await openDatabase({ directory: null });
  fixture = await fillRegistry();
});
afterAll(closeDatabase);

it("tells the leakage story with verdicts that were computed", async () => {
  const verdicts = await prisma().leakageVerdict.findMany({ include: { modelVersion: { include: { model: true } } } });
  const worst = (model: string) =>
    verdicts.filter((row) => row.modelVersion.model.name === model).map((row) => row.verdict);
  expect(worst("late_model")).toContain("leak");
  expect(new Set(worst("late_model_banded"))).toEqual(new Set(["safe"]));
  expect(verdicts.find((row) => row.featureVersionId === fixture.versions["airport.segment@1"])).toMatchObject({
    verdict: "leak",
    reasons: ["FIT_COVERS_TEST"],
  });
});

it("has two strategies of airport.segment and pointers that differ by environment", async () => {
  expect(fixture.versions["airport.segment@2"]).toBeDefined();
  const pointers = await prisma().pointer.findMany({ where: { featureId: fixture.features["airport.segment"] } });
  expect(Object.fromEntries(pointers.map((row) => [row.environment, row.versionId]))).toEqual({
    dev: fixture.versions["airport.segment@2"],
    staging: fixture.versions["airport.segment@1"],
    production: fixture.versions["airport.segment@1"],
  });
});

it("drifts in some features and not in others", async () => {
  const states = await prisma().driftResult.groupBy({ by: ["state"], _count: true });
  expect(new Set(states.map((row) => row.state))).toEqual(new Set(["fine", "warn", "critical"]));
});

it("fills a second workspace beside the first with the same people", async () => {
  const other = await fillRegistry({ workspace: "copy" });
  expect(other.people.ada.id).toBe(fixture.people.ada.id);
});
