import { createHash } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as contracts from "@/lib/contracts/training-datasets";
import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { HistoryFormat } from "@/lib/domain/joins/feature-history";
import { type Principal, SYSTEM } from "@/lib/domain/principal";
import type { Role } from "@/lib/domain/roles";
import { reproduce } from "@/lib/jobs/reproductions/reproduce";
import { getReproduction, reproduceRun, reproduceTrainingDataset } from "@/lib/registry/reproductions/reproductions";
import { createExperiment, updateExperiment } from "@/lib/registry/experiments/experiments";
import { listUsage } from "@/lib/registry/models/usage";
import * as registry from "@/lib/registry/training-datasets/training-datasets";
import { deleteTrainingDataset, dropCache } from "@/lib/registry/training-datasets/write";
import * as serving from "@/lib/serving/training-datasets";
import { type OnlineWorkspace, openOnlineWorkspace } from "./online-workspace";

const WORKSPACE = "rides";

const DOCUMENTS = `
{ kind: Entity, name: driver, joinKeys: [{ name: driver_id, type: bigint }], eventTime: at }
---
{ kind: Entity, name: city, joinKeys: [{ name: code, type: string }] }
---
{ kind: Entity, name: ride, joinKeys: [{ name: ride, type: bigint }], eventTime: start }
---
kind: Source
name: driver_stats
entity: driver
format: parquet
location: "{folder}/driver_stats.parquet"
columns: [{ name: driver_id, type: bigint }, { name: at, type: timestamp }, { name: rate, type: double }, { name: trips, type: bigint }, { name: phone, type: string }]
rowKey: [driver_id, at]
timeColumn: at
---
kind: Source
name: cities
entity: city
format: csv
location: "{folder}/cities.csv"
columns: [{ name: code, type: string }, { name: people, type: bigint }]
rowKey: [code]
---
kind: Source
name: rides
entity: ride
format: csv
location: "{folder}/rides-*.csv"
columns: [{ name: ride, type: bigint }, { name: driver_id, type: bigint }, { name: code, type: string }, { name: start, type: timestamp }, { name: km, type: double }, { name: late, type: bigint }]
rowKey: [ride]
timeColumn: start
---
{ kind: Feature, name: driver.phone, type: string, sensitivity: personal }
---
kind: SplitPolicy
name: by_day
type: time
column: start
parts: { train: [null, "2024-05-02T00:00:00Z"], test: ["2024-05-02T00:00:00Z", null] }
---
{ kind: Stage, name: bands_all, entity: ride, estimator: QuantileDiscretizer, inputs: [ride.km], outputs: [{ column: ride.band_all, type: double }], params: { numBuckets: 2 }, fit: { rows: all } }
---
{ kind: Stage, name: bands_train, entity: ride, estimator: QuantileDiscretizer, inputs: [ride.km], outputs: [{ column: ride.band_train, type: double }], params: { numBuckets: 2 }, fit: { split: by_day, parts: [train] } }
---
{ kind: Pipeline, name: bands, outputs: [ride.band_all, ride.band_train, ride.late] }
---
{ kind: FeatureView, name: hourly, entity: driver, features: [driver.rate, driver.trips, driver.phone], ttl: 1d, online: true }
---
{ kind: FeatureView, name: city_facts, entity: city, features: [city.people], ttl: 1h, online: true }
---
{ kind: FeatureView, name: ride_bands, entity: ride, features: [ride.band_all, ride.band_train, ride.late], ttl: 0, online: false }
---
{ kind: FeatureService, name: late_v1, features: ["hourly:rate", "hourly:trips", "city_facts:people"] }
`;

const RIDES = `ride,driver_id,code,start,km,late
1,1001,NY,2024-05-01T12:00:00Z,2.5,0
2,1002,LA,2024-05-01T13:00:00Z,4,1
2,1002,LA,2024-05-01T13:00:00Z,4,1
3,,NY,2024-05-02T10:00:00Z,6,0
4,1003,ZZ,2024-05-02T11:00:00Z,8.5,1
5,1001,NY,2030-01-01T00:00:00Z,1,0
`;

/** What late_v1 gives, worked out by hand: as docs and content-lines.ts write it. */
const LINES = [
  '[["ride","bigint"],["driver_id","bigint"],["code","string"],["start","timestamp"],["km","double"],["late","bigint"],["split_part","string"],["rate","double"],["trips","bigint"],["people","bigint"]]',
  '[1,1001,"NY","2024-05-01T12:00:00.000Z",2.5,0,"train",0.5,9007199254740993,8]',
  '[2,1002,"LA","2024-05-01T13:00:00.000Z",4.0,1,"train",null,-4,4]',
  '[2,1002,"LA","2024-05-01T13:00:00.000Z",4.0,1,"train",null,-4,4]',
  '[3,null,"NY","2024-05-02T10:00:00.000Z",6.0,0,"test",null,null,8]',
  '[4,1003,"ZZ","2024-05-02T11:00:00.000Z",8.5,1,"test",null,null,null]',
  '[5,1001,"NY","2030-01-01T00:00:00.000Z",1.0,0,"test",null,null,8]',
];
const DIGEST = createHash("sha256")
  .update(`${LINES.join("\n")}\n`)
  .digest("hex");

let world: OnlineWorkspace;
beforeAll(async () => {
  world = await openOnlineWorkspace(WORKSPACE);
  await world.apply(`kind: Workspace\nname: ${WORKSPACE}\ntitle: Rides`);
  await world.write(
    "driver_stats.parquet",
    `SELECT driver_id::BIGINT AS driver_id, "at", rate::DOUBLE AS rate, trips::BIGINT AS trips, 'secret' AS phone FROM (VALUES
      (1001, TIMESTAMP '2024-05-01 08:00:00', 0.5, 9007199254740993), (1001, TIMESTAMP '2024-05-01 12:00:00.000001', 0.9, 3),
      (1002, TIMESTAMP '2024-05-01 09:00:00', NULL, -4), (1003, TIMESTAMP '2024-05-03 00:00:00', 0.7, 7)) t(driver_id, "at", rate, trips)`,
  );
  await world.write("cities.csv", "SELECT * FROM (VALUES ('NY', 8), ('LA', 4)) t(code, people)");
  writeFileSync(path.join(world.folder, "rides-1.csv"), RIDES);
  await world.apply(DOCUMENTS);
  await world.idle();
  await world.runPipeline("bands");
  const features = ["driver.rate", "driver.trips", "driver.phone", "city.people", "ride.band_all", "ride.band_train"];
  for (const feature of features) await world.promote(feature, "production");
});
afterAll(() => world.close());

const having = (role: Role): Principal => ({
  id: role,
  name: role,
  kind: "user",
  bindings: [{ workspaceId: null, role }],
  requestId: "test",
});

const DRAFT = {
  workspace: WORKSPACE,
  feature_service: "late_v1",
  spine: { source: "rides" },
  label: "late",
  split: { policy: "by_day" },
};
const preview = async (draft: object = {}, by: Principal = SYSTEM) => {
  const body = contracts.previewTrainingDataset.body.parse({ ...DRAFT, ...draft });
  return contracts.TrainingPreview.parse(await serving.previewTrainingDataset(by, body, world.engine));
};
const freeze = async (name: string, draft: object = {}, by: Principal = SYSTEM) => {
  const body = contracts.createTrainingDataset.body.parse({ ...DRAFT, name, ...draft });
  return contracts.TrainingDataset.parse(await serving.freezeTrainingDataset(by, body, world.engine));
};
const ref = (name: string) => ({ workspace: WORKSPACE, name });
const recompute = (name: string) => serving.recomputeTrainingDataset(SYSTEM, ref(name), world.engine);
const rowsOf = async (name: string, format: HistoryFormat, by: Principal = SYSTEM) => {
  const { file, bytes, done } = await serving.openTrainingRows(by, { ...ref(name), format }, world.engine);
  const content = readFileSync(file);
  expect(content).toHaveLength(bytes);
  await done();
  return content;
};
/** Code and message of what is thrown. */
const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DomainError)) throw error ?? new Error("Nothing was refused.");
  return `${error.code}: ${error.message}`;
};

describe("a preview", () => {
  it("has the first rows with why each value is what it is, counts all rows, and writes nothing", async () => {
    const found = await preview();
    expect(found.rows.map(({ cells }) => cells.slice(-3))).toEqual([
      [0.5, "9007199254740993", 8],
      [null, -4, 4],
      [null, -4, 4],
      [null, null, 8],
      [null, null, null],
      [null, null, 8],
    ]);
    expect(found.rows.map(({ statuses }) => statuses.join(" "))).toEqual([
      "PRESENT PRESENT PRESENT",
      "NULL PRESENT PRESENT",
      "NULL PRESENT PRESENT",
      "NO_KEY NO_KEY PRESENT",
      "NO_ROW NO_ROW NO_ROW",
      "EXPIRED EXPIRED PRESENT",
    ]);
    expect(found.spine).toEqual({ rows: 6, duplicates: 1, future: 1, nullKeys: { driver_id: 1, code: 0 } });
    expect(found.parts).toEqual({ train: 3, test: 3 });
    expect(found.warnings.map((text) => text.split(" of the spine ")[1]?.split(/[:.]/)[0])).toEqual([
      "has the keys and the moment of an earlier one",
      expect.stringMatching(/^is later than the as-of time/),
      "has no driver_id",
    ]);
    expect((await preview({ rows: 2 })).rows).toHaveLength(2);
    expect(await prisma().trainingDataset.count()).toBe(0);
    expect(await prisma().usage.count({ where: { trainingDatasetId: { not: null } } })).toBe(0);
  });

  it("finds a fit that saw the test rows, and clears one that did not", async () => {
    const features = ["ride_bands:band_all", "ride_bands:band_train", "hourly:trips"];
    const { verdicts } = await preview({ feature_service: null, features });
    expect(verdicts.map(({ name, verdict, reasons }) => [name, verdict, reasons])).toEqual([
      ["band_all", "leak", ["FIT_COVERS_TEST", "LOOKAHEAD_FIT"]],
      ["band_train", "safe", ["DISJOINT_TIME"]],
      ["trips", "safe", ["NO_FIT_PROVENANCE"]],
    ]);
    // The same driver is on both sides of a day.
    const byDriver = await preview({ feature_service: null, features, unit: ["driver_id"] });
    expect(byDriver.verdicts.map(({ verdict }) => verdict)).toEqual(["leak", "unknown", "unknown"]);
    expect((await preview({ split: null })).verdicts).toEqual([]);
  });

  it.each([
    ["a source that is not there", { spine: { source: "ridess" } }, /not_found: .*`ridess`.*Did you mean `rides`/],
    ["a version that is not there", { spine: { source: "rides", version: 9 } }, /not_found: .*version 9.*versions 1/],
    ["a column to keep that is not there", { spine: { source: "rides", keep: ["nope"] } }, /invalid: spine.keep: .*no column nope/], // prettier-ignore
    ["a label that is not there", { label: "lat" }, /invalid: .*no column lat .*a label.*mean late/],
    ["a moment that is no time", { time: "ride" }, /invalid: time: ride of rides is a bigint/],
    ["a split policy that is not there", { split: { policy: "by_dy" } }, /not_found: .*by_dy.*by_day/],
    ["a part that is not there", { split: { policy: "by_day", test: ["tst"] } }, /invalid: .*no part tst: it has/],
    ["a part for two roles", { split: { policy: "by_day", test: ["train"] } }, /invalid: A part of by_day is for/],
    ["a unit that is not there", { unit: ["household"] }, /invalid: .*no column household.*part of the unit/],
    ["no features", { feature_service: null }, /invalid: features: Name features/],
    ["a service that is not there", { feature_service: "nope" }, /not_found: Feature service nope/],
    ["a feature of the label's name", { feature_service: null, features: ["ride_bands@v1:late"] }, /two columns named late/], // prettier-ignore
    ["an as-of time to come", { asOf: "2999-01-01T00:00:00Z" }, /invalid: .*has not come yet/],
    ["an as-of time before all data", { asOf: "2001-01-01T00:00:00Z" }, /not_found: No run had written values of driver.rate v1/], // prettier-ignore
    ["keys that the spine has not", { keys: { driver_id: "chauffeur" } }, /invalid: .*no column chauffeur/],
  ])("refuses %s by name", async (_, draft, says) => {
    expect(await refusal(preview(draft))).toMatch(says);
  });
});

describe("a training dataset", () => {
  it("is what docs/training-datasets.md shows", async () => {
    const page = readFileSync("docs/training-datasets.md", "utf8");
    const [request = "", answer = ""] = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, block]) => block);
    const { name, ...draft } = JSON.parse(request) as { name: string };
    const made = await freeze(name, draft);
    expect(made).toMatchObject(JSON.parse(answer) as object);
    const [, text = ""] = /```text\n(.*?)```/s.exec(page) ?? [];
    expect(createHash("sha256").update(text).digest("hex")).toBe(made.contentDigest);
  });

  it("is frozen with its rows, digests, counts, uses and event", async () => {
    const made = await freeze("first", { description: "For the first model." });
    expect(made).toMatchObject({
      rows: 6,
      contentDigest: DIGEST,
      spine: "rides@1",
      verdict: "safe",
      cached: true,
      parts: { train: 3, test: 3 },
      statuses: { rate: { PRESENT: 1, NULL: 2, NO_KEY: 1, NO_ROW: 1, EXPIRED: 1 }, people: { PRESENT: 5, NO_ROW: 1 } },
      recipe: { service: { name: "late_v1", version: 1 }, unit: ["ride", "start"] },
    });
    const { items } = await listUsage(SYSTEM, { workspace: WORKSPACE, consumer: "first", limit: 50 });
    expect(items.map(({ feature, role, rows, mode, consumerKind }) => `${feature} ${role} ${rows} ${mode} ${consumerKind}`).sort()).toEqual(
      ["city.people", "driver.rate", "driver.trips"].flatMap((feature) => [`${feature} test 3 applied training_dataset`, `${feature} train 3 applied training_dataset`]),
    ); // prettier-ignore
    expect(items[0]?.rowSet).toMatch(/of by_day .* of rides@1/);
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { action: "training.freeze" },
      orderBy: { sequence: "desc" },
    });
    expect(event).toMatchObject({ object: `${WORKSPACE}/training-dataset/first`, after: { contentDigest: DIGEST } });
    expect(await registry.listTrainingDatasets(SYSTEM, { workspace: WORKSPACE, q: "people", limit: 9 })).toMatchObject({ total: 2 }); // prettier-ignore
  });

  it("is downloaded in four formats with the same rows", async () => {
    const lines = LINES.slice(1).map((line) => JSON.parse(line) as unknown[]);
    expect((await rowsOf("first", "parquet")).subarray(0, 4).toString()).toBe("PAR1");
    const json = JSON.parse(`[${(await rowsOf("first", "json")).toString()}]`) as Record<string, unknown>[];
    expect(json.map((row) => Object.values(row))).toEqual(lines);
    const csv = (await rowsOf("first", "csv")).toString().split("\n");
    expect(csv[1]).toBe("1,1001,NY,2024-05-01T12:00:00.000Z,2.5,0,train,0.5,9007199254740993,8");
    const arrow = tableFromIPC(await rowsOf("first", "arrow"));
    expect([arrow.numRows, arrow.getChild("trips")?.get(0), arrow.getChild("start")?.get(5)]).toEqual([6, 9007199254740993n, Date.UTC(2030, 0, 1)]); // prettier-ignore
  });

  it("is never written over, nor changed", async () => {
    expect(await refusal(freeze("first"))).toMatch(/conflict: There is a training dataset `first` already/);
    await expect(prisma().trainingDataset.updateMany({ data: { contentDigest: "x" } })).rejects.toThrow(/immutable/);
    await expect(prisma().trainingDataset.deleteMany()).rejects.toThrow(/immutable/);
  });

  it("loses its kept rows and gets the same again, whatever came after it", async () => {
    await dropCache(SYSTEM, ref("first"));
    const kept = readdirSync(path.join(world.folder, "training-datasets", WORKSPACE));
    expect(kept.filter((file) => file.startsWith("first-"))).toEqual([]);
    expect(await refusal(rowsOf("first", "csv"))).toMatch(/conflict: The rows of first are not kept/);
    expect(await recompute("first")).toMatchObject({ cached: true, contentDigest: DIGEST });
    expect((await rowsOf("first", "json")).toString().split("\n").filter(Boolean)).toHaveLength(6);

    // A new version of the spine, of what features are computed from, of the policy and of the view.
    writeFileSync(
      path.join(world.folder, "rides-2.csv"),
      "ride,driver_id,code,start,km,late\n6,1001,NY,2024-05-01T09:00:00Z,3,1\n",
    );
    await world.write("cities.csv", "SELECT * FROM (VALUES ('NY', 80), ('LA', 40), ('ZZ', 1)) t(code, people)");
    await world.apply(DOCUMENTS.replaceAll("2024-05-02T00:00:00Z", "2024-05-03T00:00:00Z").replace("ttl: 1d", "ttl: 3650d").replace("ttl: 1h", "ttl: 2h")); // prettier-ignore
    await world.idle();
    await world.runPipeline("bands");
    const newer = await freeze("second");
    expect(newer).toMatchObject({ spine: "rides@2", rows: 7 });
    expect(newer.contentDigest).not.toBe(DIGEST);
    await dropCache(SYSTEM, ref("first"));
    expect(await recompute("first")).toMatchObject({ cached: true, contentDigest: DIGEST, rows: 6 });
  });

  it("says in what another differs", async () => {
    const { sameRows, differences } = await registry.compareTrainingDatasets(SYSTEM, { ...ref("first"), with: "second" }); // prettier-ignore
    expect(sameRows).toBe(false);
    expect(differences.map(({ what, name }) => [what, name])).toEqual([
      ["spine", null],
      ["feature", "rate"],
      ["feature", "trips"],
      ["feature", "people"],
      ["values of", "people"],
      ["split", null],
      ["as-of time", null],
    ]);
    expect(differences[1]?.text).toBe("Feature rate changed from driver.rate v1 (double) of view hourly, at most 86400 seconds old to driver.rate v1 (double) of view hourly, at most 315360000 seconds old."); // prettier-ignore
  });

  it("is read as of an earlier time", async () => {
    const { recipe } = await registry.getTrainingDataset(SYSTEM, ref("first"));
    const again = await freeze("as_then", { asOf: recipe.asOf });
    expect(again.spine).toBe("rides@1");
    expect(again.recipe.features.map(({ values }) => values)).toEqual(recipe.features.map(({ values }) => values));
  });

  it("reads views whose runs are reproduced, too", async () => {
    const runs = await prisma().run.findMany({ where: { kind: "materialise", state: "succeeded" }, orderBy: { number: "asc" } }); // prettier-ignore
    expect(runs.length).toBeGreaterThan(0);
    for (const { id: runId } of runs.slice(0, 2)) {
      const { id } = await reproduceRun(SYSTEM, runId);
      await reproduce({ reproductionId: id }, world.engine, new AbortController().signal);
      const { report } = await getReproduction(SYSTEM, id);
      expect([report?.verdict, report?.summary]).toEqual(["REPRODUCIBLE", "It came out the same, to the last bit."]);
    }
  });

  it("cannot be made again from a file that has changed, and names it", async () => {
    const [output] = await prisma().datasetVersion.findMany({
      where: { dataset: { startsWith: "city@" }, version: 1 },
    });
    const [file] = output?.files as { path: string }[];
    const place = path.join(world.folder, file?.path ?? "");
    const bytes = readFileSync(place);
    appendFileSync(place, " ");
    expect(await refusal(recompute("first"))).toMatch(/conflict: .*a file of city@.* version 1, has changed.*people \(city.people v1\) is read from it/); // prettier-ignore
    rmSync(place);
    expect(await refusal(recompute("first"))).toMatch(/not_found: .*version 1, is gone; people/);
    writeFileSync(place, bytes);
    const rides = path.join(world.folder, "rides-1.csv");
    appendFileSync(rides, "7,1001,NY,2024-05-01T09:00:00Z,3,1\n");
    // The bytes of its spine were kept.
    expect(await recompute("first")).toMatchObject({ contentDigest: DIGEST });
    rmSync(path.join(world.folder, "kept"), { recursive: true, force: true });
    expect(await refusal(recompute("first"))).toMatch(/conflict: .*rides/);
    writeFileSync(rides, RIDES);
    expect(await recompute("first")).toMatchObject({ contentDigest: DIGEST });
  });

  it("is reproduced, with what differs or is gone by name", async () => {
    const again = async () => {
      const { id } = await reproduceTrainingDataset(SYSTEM, ref("first"));
      await reproduce({ reproductionId: id }, world.engine, new AbortController().signal);
      return (await getReproduction(SYSTEM, id)).report;
    };
    expect(await again()).toMatchObject({ verdict: "REPRODUCIBLE", levels: expect.arrayContaining([expect.objectContaining({ name: "outputs", state: "identical", findings: [expect.objectContaining({ found: DIGEST })] })]) }); // prettier-ignore
    const [output] = await prisma().datasetVersion.findMany({ where: { dataset: { startsWith: "city@" }, version: 1 } }); // prettier-ignore
    const place = path.join(world.folder, (output?.files as { path: string }[])[0]?.path ?? "");
    const bytes = readFileSync(place);
    appendFileSync(place, " ");
    expect(await again()).toMatchObject({ verdict: "DRIFTED", summary: expect.stringMatching(/of city@\S+@1 has changed/) }); // prettier-ignore
    rmSync(place);
    expect(await again()).toMatchObject({ verdict: "EXPIRED", summary: expect.stringMatching(/^city@\S+@1 is gone/) });
    writeFileSync(place, bytes);
    const events = await prisma().auditEvent.findMany({ where: { action: "training.reproduced" }, orderBy: { sequence: "asc" } }); // prettier-ignore
    expect(events.map(({ object, after }) => [object, (after as { verdict: string }).verdict])).toEqual(
      ["REPRODUCIBLE", "DRIFTED", "EXPIRED"].map((verdict) => [`${WORKSPACE}/training-dataset/first`, verdict]),
    );
  });

  it("is deleted when nothing names it, and its name with it", async () => {
    const body = { workspace: WORKSPACE, title: "Late rides", hypothesis: "City size says more of lateness than drivers do.", metric: "auc", tags: [], variants: [], features: [], stages: [] }; // prettier-ignore
    expect(await refusal(createExperiment(SYSTEM, { ...body, trainingDatasets: ["secnd"] }))).toMatch(/no training dataset `secnd`.*`second`/); // prettier-ignore
    const { number } = await createExperiment(SYSTEM, { ...body, trainingDatasets: ["second"] });
    expect(await registry.getTrainingDataset(SYSTEM, ref("second"))).toMatchObject({ namedBy: [`experiment ${number}`] }); // prettier-ignore
    expect(await refusal(deleteTrainingDataset(SYSTEM, ref("second")))).toMatch(/conflict: .*named by experiment 1/);
    await updateExperiment(SYSTEM, { workspace: WORKSPACE, number }, { trainingDatasets: [] });
    await deleteTrainingDataset(SYSTEM, ref("second"));
    expect(await refusal(registry.getTrainingDataset(SYSTEM, ref("second")))).toMatch(/not_found: .*was deleted on/);
    expect(await refusal(freeze("second"))).toMatch(/conflict: .*was the name of a training dataset that was deleted/);
    const { total } = await listUsage(SYSTEM, { workspace: WORKSPACE, consumer: "second", limit: 50 });
    expect(total).toBe(6);
  });

  it("is for those who may, and persons' values for fewer", async () => {
    expect(await refusal(preview({}, having("auditor")))).toMatch(/forbidden/);
    expect((await preview({}, having("viewer"))).rows).toHaveLength(7);
    expect(await refusal(freeze("mine", {}, having("viewer")))).toMatch(/forbidden: `training:edit`/);
    const personal = { feature_service: null, features: ["hourly:phone"] };
    expect(await refusal(preview(personal, having("author")))).toMatch(/forbidden: .*driver.phone/);
    await freeze("phones", personal, having("steward"));
    expect(await refusal(rowsOf("phones", "csv", having("author")))).toMatch(/forbidden: .*driver.phone/);
    expect((await rowsOf("phones", "csv", having("steward"))).toString()).toContain("secret");
    expect(await refusal(rowsOf("first", "csv", having("auditor")))).toMatch(/forbidden/);
  });
});
