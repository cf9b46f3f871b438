import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FeatureDetail, FeatureProfiles } from "@/lib/contracts/feature-detail";
import { listFeatureVersions as versionsContract } from "@/lib/contracts/features";
import { closeDatabase } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { getFeature } from "./detail";
import { listFeatureVersions } from "./versions";
import { getFeatureProfiles } from "../profiles/profiles";

let fixture: Fixture;
beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

const detail = async (name: string) => FeatureDetail.parse(await getFeature(fixture.people.ada, "flights", name));

describe("getFeature", () => {
  it("tells both strategies with their fits and verdicts", async () => {
    const segment = await detail("airport.segment");
    expect(segment.strategies.map((strategy) => [strategy.version, strategy.stage])).toEqual([
      [2, "airport_bands"],
      [1, "airport_segments"],
    ]);
    const [bands, kmeans] = segment.strategies;
    expect(kmeans?.chain.map((step) => step.stage)).toEqual([
      "airport_traffic",
      "airport_profile",
      "airport_scaler",
      "airport_segments",
    ]);
    expect(kmeans?.chain.at(-1)).toMatchObject({
      operator: "KMeans",
      fit: { rowSet: "all rows of flights@1", run: 1 },
    });
    expect(kmeans?.models).toMatchObject([{ model: "late_model", verdict: "leak", reasons: ["FIT_COVERS_TEST"] }]);
    expect(kmeans?.models[0]?.explanation.join(" ")).toContain("Every test row was seen.");
    expect(kmeans).toMatchObject({ environments: ["production", "staging"], run: { number: 1 } });
    expect(bands).toMatchObject({ environments: ["dev"], models: [{ verdict: "safe" }], run: { number: 2 } });
    expect(segment.alternatives).toEqual([]);
  });

  it("says who reads it, where its values are and by which keys to ask", async () => {
    expect(await detail("airport.segment")).toMatchObject({
      joinKeys: [{ name: "iata", type: "string" }],
      readers: [{ stage: "flight_segment_index", role: "input", outputs: ["flight.origin_segment_index"] }],
      views: [{ view: "airport_stats", online: true, reference: "airport_stats:segment", services: ["late_model_v1"] }],
      values: { path: "outputs/2/airport.parquet", column: "segment", dataset: "airport@late_departures_banded@1" },
      pointers: [{ environment: "production", version: 1, movedBy: "Chiara Rossi" }, {}, { movedBy: "Bram Okafor" }],
    });
  });

  it("reads a source's column from the source", async () => {
    const delay = await detail("flight.delay");
    expect(delay.strategies).toMatchObject([{ source: "flights", stage: null, chain: [] }]);
    expect(delay.values).toMatchObject({ column: "delay", dataset: "flights@1" });
    expect(delay.readers.map((reader) => reader.stage)).toEqual(["airport_traffic", "flight_label"]);
  });

  it("lists a stage that could write it but never did", async () => {
    const fresh = await detail("flight.late_inputs");
    expect(fresh.documented).toBe(false);
    expect(fresh.strategies).toHaveLength(2);
  });

  it("does not know what is not there", async () => {
    await expect(detail("airport.nothing")).rejects.toMatchObject({ code: "not_found" });
    await expect(getFeature(fixture.stranger, "flights", "airport.segment")).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("getFeatureProfiles", () => {
  const profiles = async (name: string, version?: number) =>
    FeatureProfiles.parse(await getFeatureProfiles(fixture.people.ada, name, { workspace: "flights", version }));

  it("has every part and every month on the same edges", async () => {
    const found = await profiles("airport.departures_7d");
    expect(found.parts.map((part) => part.part)).toEqual(["all", "train", "validation", "test"]);
    expect(found.months.map((month) => month.from?.slice(0, 7))).toEqual([
      "2001-01", "2001-02", "2001-03", "2001-04", "2001-05", "2001-06",
    ]); // prettier-ignore
    const edges = new Set([...found.parts, ...found.months].map((profile) => JSON.stringify(profile.buckets.edges)));
    expect(edges.size).toBe(1);
  });

  it("describes the version that the highest environment serves unless asked for another", async () => {
    expect((await profiles("airport.segment")).version).toBe(1);
    const second = await profiles("airport.segment", 2);
    expect(second.parts[0]?.buckets.values).toEqual(["band_0", "band_1", "band_2"]);
    expect(second.versions).toEqual([2, 1]);
    expect((await profiles("airport.segment", 9)).parts).toEqual([]);
  });
});

describe("listFeatureVersions", () => {
  it("lists them newest first, with what distinguishes them", async () => {
    const page = versionsContract.response.parse(
      await listFeatureVersions(fixture.people.ada, "airport.segment", { workspace: "flights", limit: 1 }),
    );
    expect(page).toMatchObject({
      total: 2,
      nextCursor: "2",
      items: [{ version: 2, writer: "airport_bands", run: { number: 2 } }],
    });
    const rest = await listFeatureVersions(fixture.people.ada, "airport.segment", {
      workspace: "flights",
      limit: 1,
      cursor: "2",
    });
    expect(rest).toMatchObject({ nextCursor: null, items: [{ version: 1, environments: ["production", "staging"] }] });
    expect(rest.items[0]?.definition).toMatchObject({
      stage: "airport_segments",
      estimator: "KMeans",
      params: { k: 3 },
    });
  });
});
