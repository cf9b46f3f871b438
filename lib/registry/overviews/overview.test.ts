import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DatasetDetail, DatasetList } from "@/lib/contracts/datasets";
import { Overview } from "@/lib/contracts/overviews";
import { ViewDetail } from "@/lib/contracts/views";
import { DriftQuery } from "@/lib/contracts/drift";
import { closeDatabase, prisma } from "@/lib/db/client";

import { countCategories, countNumbers } from "@/lib/domain/statistics/histogram";
import type { ColumnStats } from "@/lib/domain/profiles/column-stats";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { getDataset, listDatasets } from "../datasets/datasets";
import { inEarlierWords } from "./comparison-groups";
import { getDatasetOverview } from "./overview";
import { getDrift } from "../drift/map";
import { getFeatureProfiles } from "../profiles/profiles";
import { getViewOverview } from "./view";
import { getView } from "../serving/views";
import { copyOfProfiles, writeProfiles } from "@/test/profile-rows";

let fixture: Fixture;
const page = { workspace: "flights", limit: 50 };

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

const overviewOf = async (
  name: string,
  query: Partial<typeof page & { groups: string; version: number; cursor: string }> = {},
) => Overview.parse(await getDatasetOverview(fixture.people.devi, name, { ...page, ...query }));

describe("an overview of a source", () => {
  it("answers a question of the version before in its words", async () => {
    const ask = (query: { groups?: string; sides?: string }) =>
      inEarlierWords({ workspace: "flights", limit: 5, ...query }, (asked) =>
        getDatasetOverview(fixture.people.ada, "flights", asked),
      );
    const [now, before] = [await ask({ groups: "train,test" }), await ask({ sides: "train,test" })];
    expect(now.groups.map(({ key }) => key)).toEqual(["train", "test"]);
    expect(now).not.toHaveProperty("sides");
    expect(before).toEqual({
      ...now,
      sides: now.groups,
      items: now.items.map((item) => ({ ...item, sides: item.groups })),
    });
  });

  it("has every declared column, also those without a profile, and compares the parts of the split", async () => {
    const overview = await overviewOf("flights");
    expect(overview.groups.map((group) => group.key)).toEqual(["train", "validation", "test"]);
    expect(overview.available.map((group) => group.key)).toEqual(
      expect.arrayContaining(["all", "train", "2001-01", "2001-06"]),
    );
    const delay = overview.items.find((feature) => feature.name === "delay");
    expect(delay).toMatchObject({
      feature: "flight.delay",
      kind: "numeric",
      unit: "minutes",
      owner: "delay-analytics",
      notes: [],
    });
    expect(delay?.groups).toHaveLength(3);
    expect(delay?.groups[0]?.counts).toHaveLength((delay?.edges?.length ?? 0) + 1);
    expect(delay?.groups[0]?.even).toHaveLength((delay?.even?.length ?? 0) + 1);
    const unprofiled = overview.items.find((feature) => feature.groups.every((group) => group === null));
    expect(unprofiled?.notes).toEqual(["No profile is stored of it yet."]);
  });

  it("never calls a window the worst that data cover in part", async () => {
    const where = { windowFrom: new Date("2001-06-01T00:00:00Z") };
    const was = await prisma().profile.findMany({ where, select: { id: true, rows: true } });
    const both = await overviewOf("flights", { groups: "2001-01,2001-02,2001-06" });
    await prisma().profile.updateMany({ where, data: { rows: 40n } });
    try {
      const delayOf = async (groups: string) =>
        (await overviewOf("flights", { groups })).items.find((feature) => feature.name === "delay");
      const without = await delayOf("2001-01,2001-02");
      expect(both.items.find((feature) => feature.name === "delay")?.severity).not.toBe(without?.severity);
      expect(await delayOf("2001-01,2001-02,2001-06")).toMatchObject({
        severity: without?.severity,
        distance: without?.distance,
      });
      expect(await delayOf("2001-01,2001-06")).toMatchObject({
        severity: null,
        distance: null,
        drift: "Data cover Jun 2001 in part only: drift is not judged.",
      });
    } finally {
      for (const { id, rows } of was) await prisma().profile.update({ where: { id }, data: { rows } });
    }
  });

  it("compares any two windows, the first of them the reference", async () => {
    const overview = await overviewOf("flights", { groups: "2001-06,2001-01" });
    expect(overview.groups.map((group) => group.label)).toEqual(["Jun 2001", "Jan 2001"]);
    const delay = overview.items.find((feature) => feature.name === "delay");
    expect(delay?.distance).toBeGreaterThan(0);
    expect(delay?.severity).not.toBeNull();
    expect(delay?.nonUniformity).toBeGreaterThan(0);
    expect(delay?.nonUniformity).toBeLessThan(1);
  });

  it("does not call it drift that other rows have other keys and times", async () => {
    const copy = async (column: string) => {
      const rows = await copyOfProfiles({
        column: "flight.delay",
        datasetVersion: { dataset: "flights" },
        windowFrom: { not: null },
      });
      await writeProfiles(rows.map((row) => ({ ...row, column })));
    };
    for (const column of ["flight.id", "flight.date"]) await copy(column);
    const { items } = await overviewOf("flights", { groups: "2001-01,2001-06" });
    const of = (name: string) => items.find((feature) => feature.name === name);
    expect(of("id")).toMatchObject({ moving: "key", severity: null, distance: null });
    expect(of("id")?.drift).toMatch(/the key of the rows/);
    expect(of("date")).toMatchObject({ moving: "time", severity: null, distance: null });
    expect(of("id")?.groups[1]?.mean).toBe(of("delay")?.groups[1]?.mean);
    expect(of("delay")).toMatchObject({ moving: null });
    expect(of("delay")?.severity).not.toBeNull();
    // They are counted by month, and here over no part: nothing is known of them by part.
    const byPart = async () => (await overviewOf("flights")).items.find(({ name }) => name === "id")?.notes;
    expect(await byPart()).toEqual(["No profile is stored of it yet."]);
    const [row] = await copyOfProfiles({ column: "flight.delay", part: "all", windowFrom: null, datasetVersion: { dataset: "flights" } }); // prettier-ignore
    if (!row) throw new Error("flight.delay has no profile of all rows.");
    await writeProfiles([{ ...row, column: "flight.id" }]);
    expect(await byPart()).toEqual(["Counted over all rows, and not over train, validation, test."]);
    await prisma().profile.deleteMany({ where: { column: { in: ["flight.id", "flight.date"] } } });
  });

  it.each([
    [{ groups: "nothing" }, /There is no group `nothing`. There are all, train/],
    [{ groups: "all,train,test,validation,2001-01,2001-02,2001-03" }, /At most 6 groups/],
    [{ version: 9 }, /has no version 9. The newest is 1/],
    [{ cursor: "x" }, /cursor/],
  ])("refuses %j and says what there is", async (query, message) => {
    await expect(overviewOf("flights", query)).rejects.toThrow(message);
  });

  it("is found by those who may see the workspace, and by its name", async () => {
    await expect(overviewOf("nothing")).rejects.toMatchObject({ code: "not_found" });
    await expect(getDatasetOverview(fixture.stranger, "flights", page)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("an overview of a training dataset", () => {
  it("has the columns that the run wrote and those of the same entity that it read, by part", async () => {
    const overview = await overviewOf("flight@late_departures");
    const names = overview.items.map((feature) => feature.name);
    expect(names).toEqual(expect.arrayContaining(["late_probability", "hour", "delay"]));
    expect(names).not.toContain("segment");
    // Every bar can be opened: what the run did not write itself is joined to its rows.
    expect(overview.items.filter(({ noRows }) => noRows !== null)).toEqual([]);
    expect(overview.items.find(({ name }) => name === "late_probability")).toMatchObject({
      version: 1,
      type: "double",
    });
    const first = await overviewOf("flight@late_departures", { limit: 2 });
    const second = await overviewOf("flight@late_departures", { limit: 2, cursor: first.nextCursor as string });
    expect([...first.items, ...second.items].map((feature) => feature.name)).toEqual(names.slice(0, 4));
    expect(first.total).toBe(names.length);
  });
});

describe("an overview of predictions", () => {
  it("names what the model read of another entity by its feature, and says why its rows cannot be opened", async () => {
    const workspaceId = fixture.workspace.id;
    const input = await prisma().datasetVersion.findFirstOrThrow({ where: { dataset: "flights" } });
    const run = await prisma().run.create({
      data: {
        workspaceId,
        number: 77,
        kind: "predict",
        title: "predict",
        state: "succeeded",
        params: { definition: { outputs: ["flight.late_probability"] } },
        createdBy: "test",
        inputs: { create: { datasetVersionId: input.id } },
      },
    });
    const { id } = await prisma().datasetVersion.create({
      data: {
        workspaceId,
        dataset: "flight@scored.staging",
        version: 1,
        runId: run.id,
        files: [],
        digest: "scored",
        rows: 3n,
        timeFrom: new Date("2001-06-01"),
        createdBy: "test",
      },
    });
    const profile = (column: string, histogram: object) => ({
      workspaceId,
      column,
      datasetVersionId: id,
      runId: run.id,
      part: "serving",
      rows: 3n,
      stats: { rows: 3, missing: 0 },
      histogram,
    });
    await writeProfiles([
      profile("airport.segment", countCategories(["a", "b", "a"], ["a", "b"])),
      profile("flight.hour", countNumbers([1, 2, 3], [0, 2, 4])),
      profile("flight.delay", countNumbers([1, 2, 3], [0, 2, 4])),
      profile("flight.late_probability", countNumbers([0, 0.5, 1], [0, 0.5, 1])),
    ]);
    const { items } = await overviewOf("flight@scored.staging");
    const why = Object.fromEntries(items.map(({ name, noRows }) => [name, noRows]));
    expect(why).toEqual({
      "airport.segment": "It was counted on rows of airport, and the rows here are of flight.",
      delay: null,
      hour: "Its values were computed on the way and not written, so there are no rows to open.",
      late_probability: null,
    });
    const segment = items.find(({ name }) => name === "airport.segment");
    expect(segment).toMatchObject({ feature: "airport.segment", type: "string", values: ["a", "b"] });
    expect(segment?.notes).toEqual([why["airport.segment"]]);
    expect(segment?.groups[0]?.rows).toBe(3);
  });
});

describe("a feature view", () => {
  it("has an overview of the versions that are served", async () => {
    const overview = Overview.parse(await getViewOverview(fixture.people.ada, "airport_stats", page));
    expect(overview.items.map((feature) => feature.name)).toEqual([
      "airport.departures_7d",
      "airport.delay_mean_7d",
      "airport.segment",
    ]);
    expect(overview.items.every((feature) => feature.groups.every((group) => group !== null))).toBe(true);
    expect(overview.items[2]?.values).toContain("segment_0");
    expect(overview.items[2]?.noRows).toMatch(/no rows of its own/);
    await expect(getViewOverview(fixture.people.ada, "nothing", page)).rejects.toMatchObject({ code: "not_found" });
  });

  it("keeps the values of a person's data from who may not see them, wherever distributions are shown", async () => {
    const { ada, chiara } = fixture.people;
    const workspace = fixture.workspace.id;
    const where = { workspaceId_name: { workspaceId: workspace, name: "airport.segment" } };
    await prisma().feature.update({ where, data: { sensitivity: "special" } });
    try {
      const [hidden, open] = await Promise.all(
        [ada, chiara].map((person) => getViewOverview(person, "airport_stats", page)),
      );
      expect(JSON.stringify(hidden)).not.toContain("segment_0");
      expect(hidden?.items[2]?.notes[0]).toMatch(/about persons/);
      // How they are distributed is no secret.
      expect(hidden?.items[2]?.groups.map((group) => group?.counts)).toEqual(
        open?.items[2]?.groups.map((group) => group?.counts),
      );
      expect(open?.items[2]?.values).toContain("segment_0");
      const ofFeature = (person: typeof ada) => getFeatureProfiles(person, "airport.segment", { workspace: "flights" });
      expect(JSON.stringify(await ofFeature(ada))).not.toContain("segment_0");
      expect(JSON.stringify(await ofFeature(chiara))).toContain("segment_0");
      const drift = await getDrift(chiara, DriftQuery.parse({ workspace: "flights", environment: "production" }));
      expect(JSON.stringify(drift)).not.toContain("segment_0");
    } finally {
      await prisma().feature.update({ where, data: { sensitivity: "none" } });
    }
  });

  it("says how it is served", async () => {
    const view = ViewDetail.parse(await getView(fixture.people.ada, "flights", "airport_stats"));
    expect(view).toMatchObject({ online: true, schedule: "0 3 * * *", services: ["late_model_v1"] });
    expect(view.features[0]?.served).toEqual({ environment: "production", version: 1 });
    expect(view.lastMaterialisation).toMatchObject({ runNumber: 1, rows: 305 });
    expect(view.yaml).toContain("kind: FeatureView");
  });
});

describe("datasets", () => {
  it("are sources and outputs with their newest version", async () => {
    const list = DatasetList.parse(await listDatasets(fixture.people.ada, page));
    expect(list.items.map(({ name, kind }) => [name, kind])).toEqual(
      expect.arrayContaining([
        ["flights", "source"],
        ["flight@late_departures", "training"],
      ]),
    );
    expect(list.total).toBe(list.all);
    const sources = await listDatasets(fixture.people.ada, { ...page, kind: "source", q: "flights" });
    expect(sources.items.every((dataset) => dataset.kind === "source")).toBe(true);
    expect(sources.all).toBe(list.all);
  });

  it("have as many columns in the list and by themselves as in their overview, and name the models that were trained", async () => {
    const { items } = await listDatasets(fixture.people.ada, page);
    for (const dataset of items) {
      const detail = await getDataset(fixture.people.ada, "flights", dataset.name);
      expect([dataset.name, detail.columns, detail.readers]).toEqual([dataset.name, dataset.columns, dataset.readers]);
      if (dataset.latest) expect([dataset.name, dataset.columns]).toEqual([dataset.name, (await overviewOf(dataset.name)).total]); // prettier-ignore
    }
    const of = (name: string) => items.find((dataset) => dataset.name === name);
    expect(of("flight@late_departures")?.readers).toEqual(["late_model"]);
    expect(of("flight@scored.staging")).toMatchObject({ kind: "serving", columns: 4, readers: [] });
    expect(of("flights")?.readers.length).toBeGreaterThan(0);
  });

  it("say which run wrote them and whether they are in quarantine", async () => {
    const { id } = await prisma().datasetVersion.findFirstOrThrow({ where: { dataset: "flight@late_departures" } });
    await prisma().datasetVersion.update({ where: { id }, data: { quarantinedAt: new Date("2026-11-20") } });
    const dataset = DatasetDetail.parse(await getDataset(fixture.people.ada, "flights", "flight@late_departures"));
    expect(dataset.latest).toMatchObject({
      quarantinedAt: "2026-11-20T00:00:00.000Z",
      run: { number: 1, pipeline: "late_departures", models: ["late_model"] },
    });
    expect((await overviewOf("flight@late_departures")).quarantinedAt).toBe("2026-11-20T00:00:00.000Z");
    await prisma().datasetVersion.update({ where: { id }, data: { quarantinedAt: null } });
    await expect(getDataset(fixture.people.ada, "flights", "nothing")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("bad columns", () => {
  const EDGES = [0, 1, 2];
  const numbers = (values: (number | null)[], stats: Partial<ColumnStats> = {}) => ({
    rows: BigInt(values.length),
    stats: { rows: values.length, missing: values.filter((value) => value === null).length, ...stats },
    histogram: countNumbers(values, EDGES),
  });
  type Row = ReturnType<typeof numbers> | { rows: bigint; stats: ColumnStats; histogram: unknown };

  async function addVersion(dataset: string, version: number, columns: Record<string, Row>) {
    const workspaceId = fixture.workspace.id;
    const { id } = await prisma().datasetVersion.create({
      data: { workspaceId, dataset, version, files: [], digest: `${dataset}${version}`, rows: 3n, createdBy: "test" },
    });
    await writeProfiles(
      Object.entries(columns).map(([column, { rows, stats, histogram }]) => ({
        workspaceId,
        column: `bad.${column}`,
        datasetVersionId: id,
        part: "all",
        rows,
        stats,
        histogram,
      })),
    );
  }

  beforeAll(async () => {
    const everything = {
      empty: numbers([]),
      nulls: numbers([null, null], { distinct: 0 }),
      constant: numbers([1, 1, 1], { distinct: 1, sampleStd: 0, populationStd: 0, mean: 1, min: 1, max: 1 }),
      // What an older engine may have written: words where a number is expected.
      odd: numbers([NaN, 1], {
        nan: 1,
        positiveInfinity: 2,
        negativeInfinity: 3,
        mean: "NaN" as never,
        min: "-Infinity",
        max: Infinity,
        quantiles: { "0.5": NaN },
      }),
      huge: numbers([1], { max: "9223372036854775807", min: "-9223372036854775808" }),
      gone: numbers([1]),
      changed: numbers([1]),
      moved: numbers([1]),
    };
    await addVersion("bad@pipeline", 1, everything);
    const { gone: _, ...kept } = everything;
    await addVersion("bad@pipeline", 2, {
      ...kept,
      changed: { rows: 1n, stats: { rows: 1, missing: 0 }, histogram: countCategories(["a"], ["a"]) },
      moved: { rows: 1n, stats: { rows: 1, missing: 0 }, histogram: countNumbers([1], [0, 5]) },
      new: numbers([1]),
    });
  });

  it("are explained in words, and nothing that is no number leaves as one", async () => {
    const overview = await overviewOf("bad@pipeline", { groups: "v1,v2" });
    const notes = Object.fromEntries(overview.items.map((feature) => [feature.name, feature.notes]));
    expect(notes).toEqual({
      empty: ["There are no rows."],
      nulls: ["Every value is missing."],
      constant: ["Every row that has a value has the same one."],
      odd: [],
      huge: [],
      gone: ["No profile for version 2."],
      new: ["No profile for version 1."],
      changed: ["Its type changed between the groups: numbers cannot be drawn over values."],
      moved: ["version 2 was counted in other buckets than version 1, so it is not drawn."],
    });
    const odd = overview.items.find((feature) => feature.name === "odd")?.groups[0];
    expect(odd).toMatchObject({ nan: 1, infinite: [3, 2] });
    expect(odd).not.toHaveProperty("mean");
    expect(odd).not.toHaveProperty("min");
    expect(odd).not.toHaveProperty("quantiles");
    expect(overview.items.find((feature) => feature.name === "huge")?.groups[0]?.max).toBe("9223372036854775807");
    expect(JSON.stringify(overview)).not.toMatch(/NaN|Infinity/);
  });

  it("that vanished are among those of the version that has them only", async () => {
    const namesIn = async (version: number) =>
      (await overviewOf("bad@pipeline", { version })).items.map(({ name }) => name);
    expect(await namesIn(1)).toContain("gone");
    expect(await namesIn(2)).not.toContain("gone");
  });
});

it("a page of 50 features and 3 parts is less than 100 kB compressed, and a thousand columns are read page by page", async () => {
  const workspaceId = fixture.workspace.id;
  const { id } = await prisma().datasetVersion.create({
    data: {
      workspaceId,
      dataset: "wide@generated",
      version: 1,
      files: [],
      digest: "wide",
      rows: 1n,
      createdBy: "test",
    },
  });
  // No two figures are alike, as in real data: digits are what does not compress.
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const probabilities = ["0.01", "0.05", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.95", "0.99"];
  const edges = (count: number) => Array.from({ length: count }, random).sort((one, other) => one - other);
  const counts = (count: number) => Array.from({ length: count }, () => Math.round(random() * 500_000));
  const ends = () => ({ underflow: counts(1)[0], overflow: counts(1)[0], missing: counts(1)[0], nan: 0 });
  await writeProfiles(
    Array.from({ length: 1000 }, (_, column) => {
      const [quantiles, even] = [edges(11), edges(31)];
      return (column < 50 ? ["train", "validation", "test"] : ["train"]).map((part) => ({
        workspaceId,
        column: `wide.column_${String(column).padStart(4, "0")}`,
        datasetVersionId: id,
        part,
        rows: 1_000_000n,
        stats: {
          rows: 1_000_000,
          missing: counts(1)[0],
          ...Object.fromEntries(["distinct", "zeros", "negative"].map((key) => [key, counts(1)[0]])),
          ...Object.fromEntries(
            ["min", "max", "mean", "sampleStd", "populationStd", "skew"].map((key) => [key, random()]),
          ),
          quantiles: Object.fromEntries(probabilities.map((key) => [key, random()])),
          top: counts(10).map((count) => ({ value: String(random()), count })),
        },
        histogram: { kind: "numeric", edges: quantiles, counts: counts(10), ...ends() },
        equalWidth: { kind: "numeric", edges: even, counts: counts(30), ...ends() },
      }));
    }).flat(),
  );
  const overview = await overviewOf("wide@generated");
  expect([overview.items.length, overview.groups.length, overview.total]).toEqual([50, 3, 1000]);
  const bytes = gzipSync(JSON.stringify(overview)).length;
  expect(bytes).toBeLessThan(100_000);
  const names = new Set<string>();
  for (let cursor: string | null = "0"; cursor !== null;) {
    const next: Overview = await overviewOf("wide@generated", { cursor, limit: 200 });
    for (const feature of next.items) names.add(feature.name);
    cursor = next.nextCursor;
  }
  expect(names.size).toBe(1000);
});
