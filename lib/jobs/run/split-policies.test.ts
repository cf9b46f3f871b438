import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { DomainError } from "@/lib/domain/errors";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { getDeclared } from "@/lib/registry/definitions/declared";
import { previewPlan } from "@/lib/registry/plans/plans";
import { getRun } from "@/lib/registry/runs/runs";
import { startRun } from "@/lib/registry/runs/start";
import { applySpecs, planSpecs } from "@/lib/registry/specs/specs";
import { leakageInputOf, rowSetOf } from "@/lib/registry/stored-json";
import { openTestDatabase } from "@/test/open-test-database";
import { startWorker, type Worker } from "../worker";
import { ADMIN, EMPTY_STORE, succeeded } from "./run-to-end.test-support";

const data = mkdtempSync(path.join(tmpdir(), "tributary-splits-"));
const engine = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 2, memoryLimit: "512MB" });
let worker: Worker;

/** Households of four people; every fifth person buys, the more often the larger x is. */
const people = (rows: number) => {
  const random = seededRandom(5);
  const lines = Array.from({ length: rows }, (_, id) => {
    const buys = id % 5 === 0 ? 1 : 0;
    return [id, Math.floor(id / 4), (buys + 2 * random()).toFixed(4), buys].join(",");
  });
  return ["id,household,x,buys", ...lines].join("\n");
};
const file = path.join(data, "people.csv");

const pipeline = (name: string, split: string, fit: string, test: string, unit = "id") => `
kind: Pipeline
name: ${name}
outputs: [person.p]
fit: { split: ${split}, parts: [${fit}] }
evaluate: { split: ${split}, test: [${test}], label: person.buys, model: m_${name}, unit: [${unit}] }`;

const documents = [
  "kind: Workspace\nname: splits",
  "{ kind: Entity, name: person, joinKeys: [{ name: id, type: bigint }] }",
  `kind: Source
name: people
entity: person
format: csv
location: ${file}
columns: [{ name: id, type: bigint }, { name: household, type: bigint }, { name: x, type: double }, { name: buys, type: bigint }]
rowKey: [id]`,
  `{ kind: SplitPolicy, name: grouped, type: group, key: household, salt: a, parts: { train: 0.7, test: 0.3 } }`,
  `{ kind: SplitPolicy, name: drawn, type: random, source: people, seed: 3, parts: { train: 0.6, validation: 0.2, test: 0.2 } }`,
  `{ kind: SplitPolicy, name: strata, type: stratified, source: people, stratify: buys, seed: 3, parts: { train: 0.75, test: 0.25 } }`,
  `{ kind: SplitPolicy, name: folds, type: kfold, folds: 4, test: 0.2, source: people, seed: 3, stratify: buys }`,
  `{ kind: SplitPolicy, name: group_folds, type: kfold, folds: 3, key: household, salt: a }`,
  `{ kind: Stage, name: vector, entity: person, transformer: VectorAssembler, inputs: [person.x], outputs: [{ column: person.v, type: vector }] }`,
  `{ kind: Stage, name: scaled, entity: person, estimator: MinMaxScaler, inputs: [person.v], outputs: [{ column: person.s, type: vector }] }`,
  `{ kind: Stage, name: model, entity: person, estimator: LogisticRegression, class: supervised, inputs: [person.s], fitInputs: [person.buys], outputs: [{ column: person.p, type: double }] }`,
  pipeline("grouped", "grouped", "train", "test", "household"),
  pipeline("grouped_rows", "grouped", "train", "test"),
  pipeline("drawn", "drawn", "train", "test"),
  pipeline("drawn_household", "drawn", "train", "test", "household"),
  pipeline("drawn_leak", "drawn", "train, test", "test"),
  pipeline("strata", "strata", "train", "test"),
  pipeline("folds", "folds", "fold_0, fold_1, fold_2, fold_3", "test"),
  pipeline("crossed", "folds", "fold_0, fold_1, fold_2, fold_3", "test") + "\ncrossValidate: { metric: auc }",
  // The scaler of the first is fitted on all rows by its owner, and has seen every fold and the test rows.
  `{ kind: Stage, name: scaled_before, entity: person, estimator: MinMaxScaler, fit: { rows: all }, inputs: [person.v], outputs: [{ column: person.s2, type: vector }] }`,
  `{ kind: Stage, name: model_before, entity: person, estimator: LogisticRegression, class: supervised, inputs: [person.s2], fitInputs: [person.buys], outputs: [{ column: person.p2, type: double }] }`,
  pipeline("crossed_leak", "folds", "fold_0, fold_1, fold_2, fold_3", "test").replace("person.p]", "person.p2]") +
    "\ncrossValidate: { metric: auc }",
  pipeline("group_folds", "group_folds", "fold_0, fold_1", "fold_2", "household"),
].join("\n---\n");

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  writeFileSync(file, people(400));
  await openTestDatabase();
  await applySpecs(ADMIN, { documents });
  worker = await startWorker({
    engine,
    store: EMPTY_STORE,
  });
});
afterAll(async () => {
  await worker.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

async function run(name: string) {
  const id = await startRun(ADMIN, { workspace: "splits", pipeline: name }, engine);
  await succeeded(id);
  const made = await prisma().modelVersion.findFirstOrThrow({ where: { runId: id }, include: { verdicts: true } });
  const { consumer } = leakageInputOf(made.leakageInput);
  return {
    id,
    // The vector is made of raw columns, so that no fit is before it.
    verdicts: [...new Set(made.verdicts.map(({ verdict, reasons }) => `${verdict} ${reasons.join(" ")}`))].filter(
      (said) => said !== "safe NO_FIT_PROVENANCE",
    ),
    consumer,
    tested: (made.metrics as { test?: { rows?: number } }).test?.rows,
  };
}

const assignments = (policy: string) =>
  prisma().splitAssignment.findMany({
    where: { definitionVersion: { name: policy } },
    orderBy: { datasetVersion: { version: "asc" } },
  });

describe("a run by each kind of split policy", () => {
  it.each([
    ["grouped", "safe DISJOINT_HASH"],
    ["grouped_rows", "unknown UNIT_NOT_DETERMINED"],
    ["drawn", "safe DISJOINT_SPLIT"],
    ["drawn_household", "unknown UNIT_NOT_DETERMINED"],
    ["drawn_leak", "leak FIT_COVERS_TEST"],
    ["strata", "safe DISJOINT_SPLIT"],
    ["folds", "safe DISJOINT_SPLIT"],
    ["group_folds", "safe DISJOINT_HASH"],
  ])("%s is %s, as its plan said", async (name, expected) => {
    const { details } = await previewPlan(
      ADMIN,
      { workspace: "splits", outputs: ["person.p"], consumer: name },
      engine,
    );
    const planned = details?.[0]?.verdict;
    expect(`${planned?.verdict} ${planned?.reasons.join(" ")}`).toBe(expected);
    expect((await run(name)).verdicts).toEqual([expected]);
  });

  it("tests exactly the rows that were assigned, and records by which assignment", async () => {
    const [drawn] = await assignments("drawn");
    expect(drawn).toMatchObject({ rows: 400n, parts: { train: 240, validation: 80, test: 80 }, classCount: 0 });
    const again = await run("drawn");
    expect(again.tested).toBe(80);
    expect(again.consumer.train?.[0]?.split).toEqual({
      policy: "drawn",
      version: 1,
      parts: ["train"],
      assignment: drawn?.digest,
    });
    expect(again.consumer.test[0]?.split?.assignment).toBe(drawn?.digest);
    expect(await assignments("drawn")).toHaveLength(1);
  });

  it("keeps shares of every class: of 400 people 80 buy", async () => {
    const [strata] = await assignments("strata");
    expect(strata?.classes).toEqual([
      { value: "0", rows: 320, parts: { train: 240, test: 80 } },
      { value: "1", rows: 80, parts: { train: 60, test: 20 } },
    ]);
    const [folds] = await assignments("folds");
    const ofBuyers = (folds?.classes as { value: string; parts: object }[]).find(({ value }) => value === "1");
    expect(ofBuyers?.parts).toEqual({ fold_0: 16, fold_1: 16, fold_2: 16, fold_3: 16, test: 16 });
    expect(await assignments("grouped")).toEqual([]);
  });

  it("is on the policy's page: kind, parts, counts and digest", async () => {
    const { split } = await getDeclared(ADMIN, "split-policies", "strata", "splits");
    expect(split).toMatchObject({
      type: "stratified",
      parts: [
        { part: "test", rows: "25 % of the rows of each value of buys" },
        { part: "train", rows: "75 % of the rows of each value of buys" },
      ],
      assignments: [{ dataset: "people", version: 1, policyVersion: 1, rows: 400, parts: { train: 300, test: 100 } }],
    });
    expect(split?.assignments?.[0]?.digest).toBe((await assignments("strata"))[0]?.digest);
    const grouped = (await getDeclared(ADMIN, "split-policies", "grouped", "splits")).split;
    expect(grouped).toEqual({
      type: "group",
      parts: [
        { part: "test", rows: "30 % of the values of household: buckets 0 to 2999 of 10000" },
        { part: "train", rows: "70 % of the values of household: buckets 3000 to 9999 of 10000" },
      ],
      assignments: null,
    });
  });

  it("assigns a lost file's rows as before, and rows of another version anew", async () => {
    const [drawn] = await assignments("drawn");
    rmSync(path.join(data, drawn?.path ?? ""));
    expect((await run("drawn")).consumer.test[0]?.split?.assignment).toBe(drawn?.digest);
    writeFileSync(file, people(405));
    const { verdicts, consumer, tested } = await run("drawn");
    expect(verdicts).toEqual(["safe DISJOINT_SPLIT"]);
    const [, second, ...more] = await assignments("drawn");
    expect(more).toEqual([]);
    expect(second).toMatchObject({ rows: 405n, parts: { train: 243, validation: 81, test: 81 } });
    expect(tested).toBe(81);
    expect(consumer.test[0]).toMatchObject({ version: "2", split: { assignment: second?.digest } });
  });

  it("scores every fold by a fit on the others, records what each was fitted on, and leaves the test rows alone", async () => {
    const done = await run("crossed");
    const { crossValidation, fits, metrics } = await getRun(ADMIN, done.id);
    expect(crossValidation?.metric).toBe("auc");
    // Of 405 rows by four folds of 0.2 and a test part of 0.2: 81 each.
    expect(crossValidation?.folds.map(({ part, rows, fitRows, verdict, reasons }) => [part, rows, fitRows, verdict, reasons])).toEqual(
      [0, 1, 2, 3].map((fold) => [`fold_${fold}`, 81, 243, "safe", ["DISJOINT_SPLIT"]]),
    ); // prettier-ignore
    const scores = (crossValidation?.folds ?? []).map(({ score }) => score);
    const mean = scores.reduce((sum, score) => sum + score, 0) / 4;
    expect(crossValidation?.mean).toBeCloseTo(mean, 12);
    const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / 3;
    expect(crossValidation?.deviation).toBeCloseTo(Math.sqrt(variance), 12);
    expect(new Set(scores).size).toBe(4);
    expect(metrics?.test?.rows).toBe(81);

    // Each estimator is fitted on all folds and on each three of them, or was before.
    const rows = await prisma().fit.findMany({
      where: { runId: done.id, fold: { not: null } },
      select: { fold: true, rowSet: true, stageVersion: { select: { stage: { select: { name: true } } } } },
    });
    const parts = rows.map(({ fold, rowSet, stageVersion }) => [
      stageVersion.stage.name,
      fold,
      rowSetOf(rowSet).flatMap(({ split }) => split?.parts ?? []).join(),
    ]); // prettier-ignore
    const others = { fold_0: "fold_1,fold_2,fold_3", fold_1: "fold_0,fold_2,fold_3", fold_2: "fold_0,fold_1,fold_3", fold_3: "fold_0,fold_1,fold_2" }; // prettier-ignore
    const expected = ["model", "scaled"].flatMap((stage) => Object.entries(others).map(([fold, fitted]) => [stage, fold, fitted])); // prettier-ignore
    expect(parts.sort()).toEqual(expected);
    expect(fits.length).toBeGreaterThanOrEqual(8);

    const used = await prisma().usage.findFirstOrThrow({ where: { runId: done.id, role: "validation" } });
    expect(used.rows).toBe(324n);
    expect(rowSetOf(used.rowSet).map(({ split }) => split?.parts.join())).toEqual(["fold_0", "fold_1", "fold_2", "fold_3"]); // prettier-ignore
    expect(await prisma().usage.count({ where: { runId: done.id, role: "test", rows: { not: 81n } } })).toBe(0);

    const again = await run("crossed");
    expect((await getRun(ADMIN, again.id)).crossValidation).toEqual(crossValidation);
    expect(await prisma().fit.count({ where: { runId: again.id } })).toBe(0);
  });

  it("says of each fold that an estimator before it has seen it", async () => {
    const { crossValidation } = await getRun(ADMIN, (await run("crossed_leak")).id);
    expect(crossValidation?.folds.map(({ verdict, reasons }) => [verdict, reasons])).toEqual(
      Array.from({ length: 4 }, () => ["leak", ["FIT_COVERS_TEST"]]),
    );
  });

  it("is refused at plan time where the source cannot be assigned", async () => {
    const issues = (text: string) =>
      planSpecs(ADMIN, { workspace: "splits", documents: text }).then(
        () => [],
        (error: unknown) => ((error as DomainError).context.issues as { message: string }[]).map(({ message }) => message),
      ); // prettier-ignore
    const head = "kind: SplitPolicy, name: other, seed: 1, parts: { a: 0.5, b: 0.5 }";
    expect(await issues(`{ ${head}, type: random, source: nobody }`)).toEqual([expect.stringContaining("nobody")]);
    expect(await issues(`{ ${head}, type: stratified, source: people, stratify: height }`)).toEqual([
      expect.stringContaining("source `people` has no column `height`."),
    ]);
    expect(await issues(pipeline("drawn", "drawn", "trian", "test"))).toEqual([
      expect.stringContaining("split policy `drawn` has no part `trian`."),
    ]);
  });
});
