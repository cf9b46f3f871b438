import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PredictRequest, PredictResponse } from "@/lib/contracts/serving-predictions";
import { prisma } from "@/lib/db/client";
import type { DomainError } from "@/lib/domain/errors";
import { type Principal, SYSTEM } from "@/lib/domain/principal";
import type { Role } from "@/lib/domain/roles";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import { createDeployment } from "@/lib/registry/deployments/create";
import { startJob } from "@/lib/registry/deployments/jobs";
import { modelInputs } from "@/lib/serving/model-inputs";
import { predict } from "@/lib/serving/predict";
import { startServing } from "@/lib/serving/server";
import { PredictionLog, predictionLog } from "@/lib/serving/prediction-log";
import { writtenFilesOf } from "@/lib/registry/stored-json";
import { type OnlineWorkspace, openOnlineWorkspace } from "./online-workspace";

/** The demo's shape in small: rows of shops aggregated from trips, read by a relation as of the trip's time, and an indexer of theirs. */
const SPECS = `
kind: Workspace
name: trips
title: Trips
---
kind: Entity
name: trip
joinKeys: [{ name: id, type: bigint }]
eventTime: moment
relations: [{ name: start, entity: shop, by: shop }]
---
kind: Entity
name: shop
joinKeys: [{ name: code, type: string }]
eventTime: day
---
kind: Source
name: trips
entity: trip
format: parquet
location: "{folder}/trips.parquet"
columns:
  - { name: id, type: bigint }
  - { name: moment, type: timestamp }
  - { name: shop, type: string }
  - { name: amount, type: double }
  - { name: minutes, type: double }
rowKey: [id]
timeColumn: moment
---
kind: SplitPolicy
name: by_time
type: time
column: moment
parts: { train: [null, "2024-01-15"], test: ["2024-01-15", null] }
---
kind: Stage
name: traffic
entity: shop
from: trip
transformer: sql
inputs: [trip.shop, trip.moment, trip.amount]
outputs: [{ column: shop.trips, type: bigint }, { column: shop.amount_mean, type: double }, { column: shop.size, type: string }]
params:
  statement: >-
    SELECT shop AS code, CAST(moment AS DATE) + 1 AS day, count(*) AS trips, avg(amount) AS amount_mean,
    CASE WHEN avg(amount) > 50 THEN 'large' WHEN avg(amount) > 45 THEN 'medium' ELSE 'small' END AS size FROM __THIS__ GROUP BY ALL
---
kind: Stage
name: trip_calendar
entity: trip
transformer: sql
inputs: [trip.amount]
outputs: [{ column: trip.hour, type: bigint }, { column: trip.root, type: double }]
params: { statement: "SELECT *, hour(moment) AS hour, sqrt(amount) AS root FROM __THIS__" }
---
kind: Stage
name: trip_shop
entity: trip
transformer: sql
inputs: [shop.trips, shop.size]
outputs: [{ column: trip.shop_trips, type: bigint }, { column: trip.shop_size, type: string }]
params: { statement: 'SELECT *, "shop.trips" AS shop_trips, "shop.size" AS shop_size FROM __THIS__' }
---
kind: Stage
name: trip_filled
entity: trip
estimator: Imputer
inputs: [trip.shop_trips]
outputs: [{ column: trip.shop_trips_filled, type: double }]
---
kind: Stage
name: trip_size
entity: trip
estimator: StringIndexer
inputs: [shop.size]
outputs: [{ column: trip.size_index, type: double }]
params: { handleInvalid: keep }
---
kind: Stage
name: trip_late
entity: trip
transformer: sql
inputs: [trip.minutes]
outputs: [{ column: trip.is_late, type: boolean }]
params: { statement: "SELECT *, minutes > 30 AS is_late FROM __THIS__" }
---
kind: Stage
name: trip_vector
entity: trip
transformer: VectorAssembler
inputs: [trip.hour, trip.root, trip.shop_trips_filled, trip.size_index]
outputs: [{ column: trip.inputs, type: vector }]
params: { handleInvalid: skip }
---
kind: Stage
name: lateness
entity: trip
estimator: LogisticRegression
class: supervised
inputs: [trip.inputs]
fitInputs: [trip.is_late]
outputs: [{ column: trip.probability, type: double }]
---
{ kind: Feature, name: trip.amount, type: double, description: Price. }
---
{ kind: Feature, name: shop.trips, type: bigint, description: Trips of a day. }
---
{ kind: Feature, name: shop.size, type: string, description: Size of the shop. }
---
{ kind: FeatureView, name: shop_stats, entity: shop, features: [shop.trips, shop.size], ttl: 0, online: true }
---
{ kind: FeatureView, name: shop_today, entity: shop, features: [shop.trips], ttl: 1d, online: true }
---
{ kind: Pipeline, name: shops, outputs: [shop.trips, shop.size] }
---
kind: Pipeline
name: late
outputs: [trip.probability, trip.shop_trips, trip.shop_size]
fit: { split: by_time, parts: [train] }
evaluate: { split: by_time, test: [test], label: trip.is_late, model: late_trips, unit: [id] }
`;

/** Five shops, the last of which opens after the training; no trips of the day before for the first day's. */
const TRIPS = `SELECT i::BIGINT AS id, TIMESTAMP '2024-01-01' + INTERVAL (i * 71) MINUTE AS "moment",
  CASE WHEN i > 380 AND i % 4 = 0 THEN 's5' ELSE 's' || (i * i % 4) END AS shop, (i * 37 % 101)::DOUBLE AS amount,
  ((i * 37 % 101) / 3.0 + i % 24 + (i * 17 % 13))::DOUBLE AS minutes FROM range(1, 500) r(i)`;

let world: OnlineWorkspace;
let predicted: Record<string, unknown>[];

beforeAll(async () => {
  world = await openOnlineWorkspace("trips");
  await world.write("trips.parquet", TRIPS);
  await world.apply(SPECS);
  await world.runPipeline("shops");
  for (const feature of ["shop.trips", "shop.size"]) await world.promote(feature, "production");
  await createDeployment(SYSTEM, { workspace: "trips", pipeline: "late" }, world.engine);
  await runJob("fit");
  await nameProduction(1);
  const run = await runJob("predict_production");
  expect(run.state).toBe("succeeded");
  const [dataset] = run.outputs;
  const file = `${world.folder}/${writtenFilesOf(dataset!.files)[0]!.path}`;
  predicted = await readAll(file, ["probability", "shop_trips", "shop_size"]);
});
afterAll(() => world.close());

async function runJob(kind: JobKind) {
  const id = await startJob(SYSTEM, { workspace: "trips", name: "late", kind }, {}, world.engine);
  await world.idle();
  return world.ended(id);
}

async function nameProduction(version: number) {
  const model = await prisma().model.findFirstOrThrow({ where: { name: "late_trips" }, include: { versions: true } });
  const modelVersionId = model.versions.find((one) => one.version === version)?.id as string;
  await prisma().modelAlias.upsert({
    where: { modelId_alias: { modelId: model.id, alias: "production" } },
    create: { modelId: model.id, alias: "production", modelVersionId, updatedBy: SYSTEM.id },
    update: { modelVersionId },
  });
}

async function readAll(file: string, columns: string[], keys = ["id"]): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const batch of world.engine.readRows(file, { columns: [...keys, ...columns], keys })) rows.push(...batch);
  return rows;
}

const ask = (request: Omit<PredictRequest, "model"> & { model?: string }, principal: Principal = SYSTEM) =>
  predict(principal, { model: "late_trips", ...request }, { engine: world.engine, store: world.store });

const refusal = (request: Parameters<typeof ask>[0], principal?: Principal) =>
  ask(request, principal).then(
    () => Promise.reject(new Error("It was answered.")),
    (error: DomainError) => error,
  );

const ROW = { moment: "2024-02-01T09:30:00Z", amount: 50, "start.trips": 11, "start.size": "large" };

describe("predictions of rows", () => {
  it("are those that the predict job wrote, row by row, to the last bit", async () => {
    const trips = await readAll(`${world.folder}/trips.parquet`, ["moment", "amount"]);
    const rows = trips.map(({ id, moment, amount }) => {
      const job = predicted.find((one) => one.id === id);
      return { moment, amount, "start.trips": job?.shop_trips ?? null, "start.size": job?.shop_size ?? null };
    });
    const answer = await ask({ rows });
    expect(answer).toMatchObject({ workspace: "trips", model: "late_trips", version: 1, alias: "production", environment: "production", warnings: [] }); // prettier-ignore
    expect(answer.predictions).toHaveLength(499);
    const written = trips.map(({ id }) => predicted.find((one) => one.id === id)?.probability ?? null);
    expect(answer.predictions.map(({ probability }) => probability)).toEqual(written);
    expect(answer.predictions.map(({ outputs }) => outputs["trip.probability"])).toEqual(written);
    expect(answer.predictions.map(({ prediction }) => prediction)).toEqual(written.map((p) => (p as number) >= 0.5));
    expect(new Set(answer.predictions.map(({ prediction }) => prediction))).toEqual(new Set([true, false]));
    // The first day has no day before it, which the imputer fills and the indexer numbers.
    expect(answer.predictions[0]?.missing).toEqual([
      { column: "start.trips", status: "NULL_VALUE" },
      { column: "start.size", status: "NULL_VALUE" },
    ]);
  });

  it("say what was never seen and what is beyond the rows of the training", async () => {
    const { predictions } = await ask({ rows: [ROW, { ...ROW, "start.size": "huge", amount: 5000 }] });
    expect(predictions[0]).toMatchObject({ missing: [], unseen: [], beyond: [], refused: [] });
    expect(predictions[1]).toMatchObject({ unseen: ["start.size"], beyond: [{ column: "amount", min: 0, max: 100 }] });
    expect(predictions[1]?.probability).toEqual(expect.any(Number));
  });

  it("take a computed feature in the place of what it is made of", async () => {
    const { moment: _moment, amount: _amount, ...rest } = ROW;
    const [computed] = (await ask({ rows: [ROW] })).predictions;
    const [given] = (await ask({ rows: [{ ...rest, hour: 9, root: Math.sqrt(50) }] })).predictions;
    expect(given?.probability).toBe(computed?.probability);
  });

  it("are none of no rows", async () => {
    expect((await ask({ rows: [] , version: 1 }).catch((error: DomainError) => error.message))).toMatch(/needs trip.amount/);
    expect((await ask({ entities: { shop: [], moment: [], amount: [] } })).predictions).toEqual([]);
  }); // prettier-ignore
});

describe("predictions of keys", () => {
  it("are those of the values that are online, with what reading them says", async () => {
    const shops = ["s0", "s1", "nowhere"];
    const entities = { shop: shops, moment: shops.map(() => ROW.moment), amount: [1, 2, 3] };
    const answer = await ask({ entities });
    const online = await world.online(["shop_stats:trips", "shop_stats:size"], { code: shops }, "production");
    const rows = shops.map((_, i) => ({ moment: ROW.moment, amount: i + 1, "start.trips": online.trips?.values[i], "start.size": online.size?.values[i] })); // prettier-ignore
    const byValues = await ask({ rows });
    expect(answer.predictions.map(({ outputs }) => outputs)).toEqual(
      byValues.predictions.map(({ outputs }) => outputs),
    );
    expect(answer.predictions.map(({ missing }) => missing)).toEqual([
      [],
      [],
      [{ column: "start.trips", status: "NOT_FOUND" }, { column: "start.size", status: "NOT_FOUND" }],
    ]); // prettier-ignore
  });

  it("read the environment that is asked for, and say which version of a feature is another than was trained on", async () => {
    const entities = { shop: ["s1"], moment: [ROW.moment], amount: [1] };
    expect((await refusal({ entities, environment: "staging" })).context.issues).toContainEqual(
      expect.objectContaining({ path: ["entities", "start.trips"], message: expect.stringContaining("not online") as string }),
    );
    const feature = await prisma().feature.findFirstOrThrow({ where: { name: "shop.trips" }, include: { versions: true } });
    const other = await prisma().featureVersion.create({ data: { featureId: feature.id, version: 7, signature: "other", choice: {}, createdBy: "t" } });
    const [set] = await prisma().materialisation.findMany({ where: { view: { name: "shop_stats" } }, orderBy: { createdAt: "desc" } });
    const before = set!.featureVersionIds;
    const first = feature.versions[0]!.id;
    await prisma().materialisation.update({ where: { id: set!.id }, data: { featureVersionIds: before.map((id) => (id === first ? other.id : id)) } });
    const pointer = { featureId_environment: { featureId: feature.id, environment: "dev" } };
    await prisma().pointer.update({ where: pointer, data: { versionId: other.id } });
    await new Promise((resolve) => setTimeout(resolve, 600));
    const answer = await ask({ entities, environment: "dev" });
    expect(answer.warnings).toEqual([expect.stringContaining("shop.trips: dev serves v7, and version 1 of late_trips was fitted on v1")]);
    await prisma().materialisation.update({ where: { id: set!.id }, data: { featureVersionIds: before } });
    await prisma().pointer.update({ where: pointer, data: { versionId: first } });
  }); // prettier-ignore
});

it("a model says what its predictions need, and what of it is online", async () => {
  expect(await modelInputs(SYSTEM, "late_trips", { workspace: "trips" })).toEqual({
    version: 1,
    entity: "trip",
    columns: [
      { name: "amount", column: "trip.amount", type: "double", keys: null },
      { name: "moment", column: "trip.moment", type: "timestamp", keys: null },
      { name: "start.trips", column: "shop.trips", type: "bigint", keys: ["shop"] },
      { name: "start.size", column: "shop.size", type: "string", keys: ["shop"] },
    ],
  });
  await expect(modelInputs(SYSTEM, "late_trips", { workspace: "trips", version: 9 })).rejects.toThrow("no version 9");
});

describe("requests that are not in order", () => {
  const { amount: _, ...withoutAmount } = ROW;
  const cases: [string, Parameters<typeof ask>[0], string, unknown[] | null, RegExp][] = [
    ["an unknown model", { model: "late_trip", rows: [ROW] }, "not_found", null, /no model `late_trip`.*Did you mean late_trips/],
    ["an alias that names nothing", { alias: "staging", version: undefined, model: "other", rows: [ROW] }, "not_found", null, /Those that have one: late_trips/],
    ["an unknown version", { version: 9, rows: [ROW] }, "not_found", null, /no version 9\. It has version 1 and alias/],
    ["alias and version", { alias: "production", version: 1, rows: [ROW] }, "invalid", ["version"], /not both/],
    ["neither keys nor rows", {}, "invalid", ["rows"], /not both and not neither/],
    ["a missing column", { rows: [withoutAmount] }, "invalid", ["rows", 0, "amount"], /needs trip.amount/],
    ["a row without a column", { rows: [ROW, withoutAmount] }, "invalid", ["rows", 1, "amount"], /row 0 has it/],
    ["an unknown column", { rows: [{ ...ROW, amuont: 1 }] }, "invalid", ["rows", 0, "amuont"], /Did you mean amount/],
    ["a wrong type", { rows: [ROW, { ...ROW, amount: "5" }] }, "invalid", ["rows", 1, "amount"], /is no double/],
    ["a broken number", { rows: [{ ...ROW, "start.trips": 1.5 }] }, "invalid", ["rows", 0, "start.trips"], /is no bigint/],
    ["an instant that is none", { rows: [{ ...ROW, moment: "noon" }] }, "invalid", ["rows", 0, "moment"], /is no timestamp/],
    ["lists of two lengths", { entities: { shop: ["s1"], moment: [ROW.moment, ROW.moment], amount: [1] } }, "invalid", ["entities", "moment"], /one length/],
    ["a column that nothing has", { entities: { shop: ["s1"], moment: [ROW.moment] } }, "invalid", ["entities", "amount"], /not online/],
    ["a key that is a list", { entities: { shop: ["s1"], id: [[1]], moment: [ROW.moment], amount: [1] } }, "invalid", ["entities", "id", 0], /is no bigint/],
  ]; // prettier-ignore
  it.each(cases)("%s", async (_what, request, code, path, message) => {
    const error = await refusal(request);
    expect({ code: error.code, message: error.message }).toEqual({
      code,
      message: expect.stringMatching(message) as string,
    });
    if (path) expect((error.context.issues as { path: unknown[] }[])[0]?.path).toEqual(path);
  });

  it("are answered with problems by the bare server of the serving role too", async () => {
    const server = await startServing({ host: "127.0.0.1", port: 0, authenticate: (token) => Promise.resolve(token === "good" ? SYSTEM : null) }); // prettier-ignore
    const post = async (body: unknown, token = "good") => {
      const answer = await fetch(`http://127.0.0.1:${server.port}/predict`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      const { code } = (await answer.json()) as { code: string };
      return [answer.status, code, answer.headers.get("content-type")];
    };
    const problem = "application/problem+json";
    expect(await post({}, "bad")).toEqual([401, "unauthenticated", problem]);
    expect(await post("{")).toEqual([400, "bad_request", problem]);
    expect(await post({ model: "late_trips", row: [] })).toEqual([422, "invalid", problem]);
    expect(await post({ model: "nothing", rows: [ROW] })).toEqual([404, "not_found", problem]);
    await server.close();
  });

  it("are refused to whoever may not read online", async () => {
    const person = (role: Role, rest: Partial<Principal> = {}): Principal => ({ ...SYSTEM, id: role, bindings: [{ workspaceId: null, role }], ...rest }); // prettier-ignore
    expect(await refusal({ rows: [ROW] }, person("auditor"))).toMatchObject({ code: "forbidden" });
    expect((await ask({ rows: [ROW] }, person("viewer"))).version).toBe(1);
    const token = person("viewer", { kind: "token", environment: "staging" });
    expect(await refusal({ rows: [ROW], environment: "production" }, token)).toMatchObject({ code: "forbidden" });
    expect((await ask({ rows: [ROW] }, token)).environment).toBe("staging");
    expect(await refusal({ rows: [ROW] }, { ...SYSTEM, bindings: [] })).toMatchObject({ code: "not_found" });
  });
});

describe("predictions that are logged", () => {
  const logged = async () => {
    await predictionLog.flush();
    return prisma().loggedPrediction.findMany({ orderBy: { key: "asc" } });
  };

  it("are those of production that say which row they are of, once", async () => {
    const rows = [{ ...ROW, id: 7001 }, { ...ROW, id: 7002, amount: 3 }]; // prettier-ignore
    await ask({ rows: [ROW] });
    await ask({ rows, version: 1 });
    await ask({ rows, log: false });
    expect(await logged()).toEqual([]);
    const { predictions } = await ask({ rows });
    await ask({ rows });
    const found = await logged();
    expect(found).toMatchObject([
      { model: "late_trips", key: '{"id":"7001"}', at: new Date(ROW.moment), prediction: predictions[0]?.probability, modelVersion: 1 },
      { model: "late_trips", key: '{"id":"7002"}', at: new Date(ROW.moment), prediction: predictions[1]?.probability, modelVersion: 1 },
    ]); // prettier-ignore
  });

  it("do not hold up answers, and say how many were too many", async () => {
    const written: number[] = [];
    const log = new PredictionLog((_principal, _model, { predictions }) => {
      written.push(predictions.length);
      return Promise.resolve({ received: 0, added: 0, replaced: 0, unchanged: 0 });
    });
    const one = (id: number) => ({ key: { id }, at: ROW.moment, prediction: 0.5, modelVersion: 1 });
    log.add(
      "w",
      "m",
      Array.from({ length: 10_500 }, (_, id) => one(id)),
    );
    log.add("w", "m", [one(3)]);
    await log.flush();
    expect(written).toEqual([10_000]);
  });
});

describe("an alias that moves", () => {
  it("and is taken away is not found, with the names that there are", async () => {
    const where = { alias: "staging", model: { name: "late_trips" } };
    await prisma().modelAlias.deleteMany({ where });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await refusal({ rows: [ROW], alias: "staging" })).toMatchObject({
      code: "not_found",
      message: "Model late_trips has no version under alias staging. It has version 1 and alias production (version 1). Promote a version, or ask for one by number.",
    }); // prettier-ignore
  });

  it("is followed within a second, by whole requests", async () => {
    await world.write("trips.parquet", TRIPS.replace("i % 24", "3 * (i % 5)"));
    await runJob("fit");
    const rows = Array.from({ length: 50 }, (_, i) => ({ ...ROW, amount: i }));
    const of = async (version: number) =>
      (await ask({ rows, version })).predictions.map(({ probability }) => probability);
    const [one, two] = [await of(1), await of(2)];
    expect(one).not.toEqual(two);
    expect((await ask({ rows })).version).toBe(1);
    const answers: { begun: number; answer: PredictResponse }[] = [];
    const askNow = async () => ({ begun: performance.now(), answer: await ask({ rows }) });
    const asking = (async () => {
      while (answers.at(-1)?.answer.version !== 2) answers.push(...(await Promise.all([askNow(), askNow()])));
    })();
    await nameProduction(2);
    const moved = performance.now();
    await asking;
    expect((await ask({ rows })).version).toBe(2);
    // However long an answer takes: who asks a second after the move is answered by what the alias names then.
    for (const { begun, answer } of answers) {
      if (begun > moved + 1000) expect(answer.version).toBe(2);
      expect(answer.predictions.map(({ probability }) => probability)).toEqual(answer.version === 1 ? one : two);
    }
  });
});
