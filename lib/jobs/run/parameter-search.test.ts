import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelComparison } from "@/lib/contracts/model-comparison";
import { ListRunsQuery } from "@/lib/contracts/runs";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { ParameterSearch } from "@/lib/domain/definitions/parameter-search";
import type { DomainError } from "@/lib/domain/errors";
import { bucketOf } from "@/lib/domain/leakage/bucket";
import { chosenTrial } from "@/lib/domain/runs/parameter-search";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import type { Engine } from "@/lib/engines/engine";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { compareModelVersions } from "@/lib/registry/models/comparison";
import { previewPlan } from "@/lib/registry/plans/plans";
import { listRuns } from "@/lib/registry/runs/runs";
import { startRun } from "@/lib/registry/runs/start";
import { applySpecs, planSpecs } from "@/lib/registry/specs/specs";
import { getStage } from "@/lib/registry/stages/stages";
import { leakageInputOf, rowSetOf } from "@/lib/registry/stored-json";
import { openTestDatabase } from "@/test/open-test-database";
import { startWorker, type Worker } from "../worker";
import { ADMIN, EMPTY_STORE, reproduced, succeeded } from "./run-to-end.test-support";

const data = mkdtempSync(path.join(tmpdir(), "tributary-search-"));
const local = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 2, memoryLimit: "512MB" });
/** What the engine was asked to do. */
const asked: VariantPlan[] = [];
const engine: Engine = {
  ...local,
  runVariant: (plan, control) => {
    if (plan.evaluate) asked.push(plan);
    return local.runVariant(plan, control);
  },
};
let worker: Worker;

const file = path.join(data, "people.csv");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");
/** A quarter of the buckets of both policies is held out. */
const isTest = (id: number) => bucketOf(String(id), "a", 30_000, md5) >= 22_500;

/** @param flipped whether test rows have the other label, which nothing but a test score may notice */
function people(flipped = false): string {
  const random = seededRandom(7);
  const lines = Array.from({ length: 240 }, (_, id) => {
    const [a = 0, b = 0, c = 0, d = 0] = Array.from({ length: 4 }, () => Number((random() * 4 - 2).toFixed(3)));
    const buys = a - 0.5 * b + (random() - 0.5) * 5 > 0;
    return [id, a, b, c, d, Number(buys !== (flipped && isTest(id)))].join(",");
  });
  return ["id,a,b,c,d,buys", ...lines].join("\n");
}

const GRID: ParameterSearch = {
  metric: "logLoss",
  params: { scaled: { max: [1, 4] }, model: { regParam: [0.001, 0.1] } },
};

const pipeline = (name: string, rest: string) => `
kind: Pipeline
name: ${name}
outputs: [person.p]
${rest}`;
const BY_ROWS = `fit: { split: rows, parts: [train] }
evaluate: { split: rows, validation: [validation], test: [test], label: person.buys, model: m_rows, unit: [id] }`;

const documents = [
  "kind: Workspace\nname: searches",
  "{ kind: Entity, name: person, joinKeys: [{ name: id, type: bigint }] }",
  `kind: Source
name: people
entity: person
format: csv
location: ${file}
columns: [{ name: id, type: bigint }, { name: a, type: double }, { name: b, type: double }, { name: c, type: double }, { name: d, type: double }, { name: buys, type: bigint }]
rowKey: [id]`,
  `{ kind: SplitPolicy, name: folds, type: kfold, folds: 3, test: 0.25, key: id, salt: a }`,
  `{ kind: SplitPolicy, name: rows, type: hash, key: id, salt: a, algo: md5-32, buckets: 30000, parts: { train: [[0, 15000]], validation: [[15000, 22500]], test: [[22500, 30000]] } }`,
  `{ kind: Stage, name: vector, entity: person, transformer: VectorAssembler, inputs: [person.a, person.b, person.c, person.d], outputs: [{ column: person.v, type: vector }] }`,
  `{ kind: Stage, name: scaled, entity: person, estimator: MinMaxScaler, inputs: [person.v], outputs: [{ column: person.s, type: vector }] }`,
  `{ kind: Stage, name: model, entity: person, estimator: LogisticRegression, params: { standardization: false, regParam: 0.5 }, inputs: [person.s], fitInputs: [person.buys], outputs: [{ column: person.p, type: double }] }`,
  pipeline(
    "crossed",
    `fit: { split: folds, parts: [fold_0, fold_1, fold_2] }
evaluate: { split: folds, test: [test], label: person.buys, model: m_folds, unit: [id] }
crossValidate: { metric: logLoss }`,
  ),
  pipeline("tuned", `${BY_ROWS}\nsearch: ${JSON.stringify(GRID)}`),
].join("\n---\n");

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  writeFileSync(file, people());
  await openTestDatabase();
  await applySpecs(ADMIN, { documents });
  worker = await startWorker({ engine, store: EMPTY_STORE });
});
afterAll(async () => {
  await worker.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

async function run(name: string, search?: ParameterSearch | null) {
  asked.length = 0;
  const id = await startRun(
    ADMIN,
    { workspace: "searches", pipeline: name, ...(search !== undefined && { search }) },
    engine,
  );
  const found = await succeeded(id);
  return { ...found, search: found.search as NonNullable<typeof found.search>, plans: [...asked] };
}

describe("a search by validation rows", () => {
  /** scikit-learn 1.9.1: GridSearchCV over MinMaxScaler and LogisticRegression(C=1/(n·regParam)), neg_log_loss on the same rows. */
  const PEER = [
    [0.001, 1, 0.581737576],
    [0.001, 4, 0.600192009],
    [0.1, 1, 0.63664251],
    [0.1, 4, 0.567061145],
  ];

  let first: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    first = await run("tuned");
  });

  it("scores every combination as scikit-learn does, fits each preparation once, and keeps the best", async () => {
    const { search, metrics, modelVersions, stageList, id, plans } = first;
    const { trials } = search;
    expect(trials.map(({ params }) => [params.model?.regParam, params.scaled?.max])).toEqual(PEER.map(([c, max]) => [c, max])); // prettier-ignore
    trials.forEach(({ score }, at) => expect(score).toBeCloseTo(PEER[at]?.[2] as number, 7));
    // Two scalers and four models.
    expect(trials.map(({ fitted, reused }) => [fitted, reused])).toEqual([[2, 0], [2, 0], [1, 1], [1, 1]]); // prettier-ignore
    expect(search).toMatchObject({ kind: "grid", by: "validation", split: "rows", parts: ["validation"], rows: 52, chosen: 4 }); // prettier-ignore
    // The run's own fits are those of the trial, and are told as made by it.
    expect(metrics?.validation?.logLoss).toBe(chosenTrial(search).score);
    expect(stageList.filter(({ kind, reused }) => kind === "estimator" && reused)).toEqual([]);
    expect(await prisma().fit.count({ where: { runId: id } })).toBe(2);
    expect(modelVersions).toMatchObject([{ model: "m_rows", version: 1, verdict: "safe" }]);
    expect(plans).toHaveLength(5);
  });

  it("said at plan time how much it would fit, and that selection sees no test row", async () => {
    const { details } = await previewPlan(ADMIN, { workspace: "searches", outputs: ["person.p"], consumer: "tuned" }, engine); // prettier-ignore
    // A vector and two estimators in each of four trials, of which two share a scaler.
    expect(details?.[0]?.search).toEqual({ trials: 4, fits: 6, cost: 10 });
    expect(details?.[0]?.verdict).toMatchObject({ verdict: "safe", reasons: ["DISJOINT_HASH"] });
  });

  it("asks the engine for no test row before parameters are chosen", () => {
    const { search, plans } = first;
    expect(plans).toHaveLength(search.trials.length + 1);
    for (const plan of plans.slice(0, -1)) {
      expect(plan.evaluate?.selections.map(({ part, split }) => [part, split?.parts])).toEqual([["validation", ["validation"]]]); // prettier-ignore
      expect(plan.instances.flatMap(({ fit }) => fit?.split?.parts ?? [])).toEqual(["train", "train"]);
      expect([plan.materialise, plan.profile.columns]).toEqual([[], []]);
    }
  });

  it("chooses the same, by the same scores, when every test label is another", async () => {
    writeFileSync(file, people(true));
    // Two of the four trials, the chosen one among them, are enough.
    const after = await run("tuned", { ...GRID, params: { ...GRID.params, model: { regParam: [0.1] } } });
    writeFileSync(file, people());
    const figures = ({ search }: typeof first) => search.trials.map(({ params, score, interval }) => ({ params, score, interval })); // prettier-ignore
    expect(figures(after)).toEqual(figures(first).slice(2));
    expect(chosenTrial(after.search).params).toEqual(chosenTrial(first.search).params);
    expect(after.metrics?.test?.logLoss).not.toBeCloseTo(first.metrics?.test?.logLoss ?? 0, 2);
  });

  it("records the use of the validation rows, judges it, and gives the stages versions that no plan uses", async () => {
    const { id, number } = first;
    const uses = await prisma().usage.findMany({ where: { runId: id, mode: "selected" } });
    expect(uses.length).toBeGreaterThan(0);
    for (const use of uses) {
      expect(use).toMatchObject({ consumer: "m_rows", role: "validation", rows: 52n });
      expect(rowSetOf(use.rowSet).map(({ split }) => split?.parts)).toEqual([["validation"]]);
    }
    const made = await prisma().modelVersion.findFirstOrThrow({ where: { runId: id } });
    expect(leakageInputOf(made.leakageInput).consumer.selection?.map(({ split }) => split?.parts)).toEqual([["validation"]]); // prettier-ignore

    const stage = await getStage(ADMIN, "searches", "model");
    expect(stage.params.regParam).toBe(0.5);
    expect(stage.versions.map(({ version, chosenByRun }) => [version, chosenByRun !== null])).toEqual([[2, true], [1, false]]); // prettier-ignore
    expect(stage.versions[0]?.chosenByRun).toBe(number);
    expect(stage.versions[0]?.changes).toMatchObject([{ path: "params.regParam" }]);

    // A declared change goes on counting after it.
    const changed = documents.replace("regParam: 0.5", "regParam: 0.25");
    await applySpecs(ADMIN, { documents: changed });
    const after = await getStage(ADMIN, "searches", "model");
    expect(after.versions.map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(after.versions[0]?.changes).toMatchObject([{ path: "params.regParam", before: 0.5, after: 0.25 }]);
    await applySpecs(ADMIN, { documents });
  });
});

it("is done again with the parameters that it chose, and searches nothing", async () => {
  const run = await prisma().run.findFirstOrThrow({ orderBy: { number: "asc" } });
  const report = await reproduced(run.id);
  expect(report).toMatchObject({ verdict: "REPRODUCIBLE" });
  expect(report.levels.find(({ name }) => name === "artefacts")?.findings).toHaveLength(2);
});

describe("a search by folds", () => {
  it("scores trials by the mean over folds, and the chosen one is the run's cross-validation", async () => {
    const search: ParameterSearch = { metric: "auc", params: { model: { regParam: [0.1, 1] } } };
    const done = await run("crossed", search);
    // scikit-learn 1.9.1 as above, roc_auc, with its folds.
    const peer = [
      [0.883982684, 0.866132723, 0.753125, 0.834413469, 0.070961375],
      [0.883982684, 0.871853547, 0.759375, 0.838403744, 0.068709066],
    ];
    done.search.trials.forEach(({ scores, score, deviation }, at) => {
      const found = [scores.fold_0, scores.fold_1, scores.fold_2, score, deviation];
      found.forEach((figure, i) => expect(figure).toBeCloseTo(peer[at]?.[i] as number, 8));
    });
    // The scaler is fitted once for each fold.
    expect(done.search.trials.map(({ fitted, reused }) => [fitted, reused])).toEqual([[6, 0], [3, 3]]); // prettier-ignore
    expect(done.search).toMatchObject({ by: "folds", chosen: 2, rows: 181, parts: ["fold_0", "fold_1", "fold_2"] });
    expect(done.plans).toHaveLength(7);
    expect(done.plans.slice(0, -1).flatMap(({ evaluate }) => evaluate?.selections.flatMap(({ split }) => split?.parts ?? []) ?? [])).not.toContain("test"); // prettier-ignore
    // By its own metric: log loss of the chosen parameters, and the fits of its folds are on record.
    expect(done.crossValidation?.mean).toBeCloseTo(0.687596389, 8);
    expect(await prisma().fit.count({ where: { runId: done.id, fold: { not: null } } })).toBe(6);
    const used = await prisma().usage.findFirstOrThrow({ where: { runId: done.id, mode: "selected" } });
    expect(used.rows).toBe(181n);
  });
});

describe("the list of runs", () => {
  const list = (query: object) => listRuns(ADMIN, ListRunsQuery.parse({ workspace: "searches", ...query }));
  const numbers = async (query: object) => (await list(query)).items.map(({ number }) => number);

  it("is filtered by metrics and by the parameters that runs were fitted with, defaults included", async () => {
    const all = await list({});
    const loss = (at: number) => all.items.find(({ number }) => number === at)?.metrics?.test?.logLoss as number;
    // Runs 1 and 2 chose regParam 0.1, run 3 chose 1; run 2 was tested on the other labels.
    expect(await numbers({})).toEqual([3, 2, 1]);
    expect(await numbers({ q: "params.model.regParam < 0.5" })).toEqual([2, 1]);
    expect(await numbers({ q: "params.model.regParam >= 1 params.scaled.max = 1" })).toEqual([3]);
    expect(await numbers({ q: "params.model.maxIter = 100" })).toEqual([3, 2, 1]);
    expect(await numbers({ q: `metrics.test.logLoss <= ${loss(1)}` })).toEqual([1]);
    expect(await numbers({ q: `tuned metrics.test.logLoss != ${loss(1)}` })).toEqual([2]);
    expect(await numbers({ q: "metrics.test.rmse > 0" })).toEqual([]);
    expect(await numbers({ q: "crossed" })).toEqual([3]);
  });

  it("is sorted by them, page by page, and shows them", async () => {
    const rising = await numbers({ sort: "metrics.test.logLoss" });
    expect(rising[0]).toBe(1);
    expect(await numbers({ sort: "-metrics.test.logLoss" })).toEqual([...rising].reverse());
    expect(await numbers({ sort: "-params.model.regParam" })).toEqual([3, 2, 1]);
    expect(await numbers({ sort: "params.model.regParam" })).toEqual([2, 1, 3]);
    // Of equal ones, and of those without a value, the newest is first.
    expect(await numbers({ sort: "metrics.test.rmse" })).toEqual([3, 2, 1]);
    const page = await list({ sort: "params.model.regParam", limit: 2 });
    expect([page.total, page.nextCursor]).toEqual([3, "2"]);
    expect(page.items.map(({ figures }) => figures)).toEqual([{ "params.model.regParam": 0.1 }, { "params.model.regParam": 0.1 }]); // prettier-ignore
    expect(await numbers({ sort: "params.model.regParam", limit: 2, cursor: "2" })).toEqual([3]);
  });

  it.each([
    [{ q: "params.modle.regParam < 1" }, /There is no stage `modle`. Did you mean model\?/],
    [{ q: "params.model.regParm < 1" }, /Stage `model` has no parameter `regParm`. Did you mean regParam\?/],
    [{ q: "metrics.test.auc" }, /`metrics.test.auc` is compared with nothing/],
    [{ sort: "metrics.test.auk" }, /There is no metric `auk`. Did you mean auc\?/],
  ])("refuses %j", async (query, message) => {
    await expect(list(query)).rejects.toThrow(message);
  });
});

describe("versions side by side", () => {
  const compare = (versions: string) => compareModelVersions(ADMIN, "searches", "m_rows", versions);

  it("have the parameters that they were fitted with, the data that they read, metrics and curves", async () => {
    const { versions } = await compare("2, 1,m_folds@1");
    expect(versions.map(({ model, version }) => [model, version])).toEqual([["m_rows", 2], ["m_rows", 1], ["m_folds", 1]]); // prettier-ignore
    expect(versions.map(({ params }) => [params.model?.regParam, params.model?.maxIter, params.scaled?.max])).toEqual([
      [0.1, 100, 4],
      [0.1, 100, 4],
      [1, 100, 1],
    ]);
    expect(versions.map(({ datasets }) => datasets.people)).toEqual([2, 1, 3]);
    expect(versions[0]?.search).toMatchObject({ metric: "logLoss", by: "validation", trials: 2, params: { scaled: { max: 4 } } }); // prettier-ignore
    expect(versions.every(({ evaluation }) => (evaluation?.parts.test?.curve ?? []).length > 2)).toBe(true);
    expect(ModelComparison.safeParse({ labelUnit: null, versions }).success).toBe(true);
  });

  it.each([
    ["1", /Two to 6 different versions can be compared, not 1/],
    ["1,1", /Two to 6 different versions can be compared, not 1/],
    ["1,2,3,4,5,6,7", /not 7/],
    ["1,newest", /`newest` names no version/],
    ["1,9", /Model m_rows has no version 9: its newest is 2/],
    ["1,m_fold@1", /There is no model m_fold in searches. Did you mean m_folds\?/],
  ])("%s is refused", async (text, message) => {
    await expect(compare(text)).rejects.toThrow(message);
  });
});

describe("a search that cannot be", () => {
  const refused = async (search: object) =>
    run("tuned", search as ParameterSearch).then(
      () => [],
      (error: DomainError) => (error.context.issues as { path: string[]; message: string }[]).map(({ path: at, message }) => `${at.join(".")}: ${message}`), // prettier-ignore
    );

  it("is refused before it runs, naming the member", async () => {
    expect(await refused({ metric: "auc", params: { vector: { handle: [1] }, nobody: { x: [1] } } })).toEqual([
      expect.stringMatching(/^search.params.nobody: this variant runs no stage `nobody`/),
      expect.stringMatching(/^search.params.vector.handle.0: VectorAssembler has no parameter handle/),
    ]);
    expect(await refused({ metric: "rmse", params: { model: { regParam: [-1, 0.1] } } })).toEqual([
      expect.stringMatching(/^search.params.model.regParam.0: regParam of LogisticRegression must be a number of at least 0/),
      expect.stringMatching(/^search.metric: `rmse` says nothing of `person.p`, which is judged as binary/),
    ]); // prettier-ignore
  });

  it("is refused in a document too, with every member", async () => {
    const search = `search: { metric: auc, params: { model: { regParm: [1], maxIter: { from: 1, to: 5 } } } }`;
    const rows = BY_ROWS.replace("validation: [validation]", "validation: [test]");
    const error = await planSpecs(ADMIN, { workspace: "searches", documents: pipeline("bad", `${rows}\n${search}`) }).then(
      () => null,
      (thrown: DomainError) => thrown,
    ); // prettier-ignore
    const said = (error?.context.issues as { message: string }[]).map(({ message }) => message).join("\n");
    expect(said).toContain("part test of rows is in both `evaluate.validation` and `evaluate.test`");
    expect(said).toContain("has no parameter regParm");
    expect(said).toContain("a range has no end of values, so the number of trials must be said");
  });
});
