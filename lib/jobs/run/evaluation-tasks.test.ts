import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import type { DomainError } from "@/lib/domain/errors";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { getModelEvaluation } from "@/lib/registry/models/evaluation";
import { getModel } from "@/lib/registry/models/models";
import { startRun } from "@/lib/registry/runs/start";
import { applySpecs, planSpecs } from "@/lib/registry/specs/specs";
import { openTestDatabase } from "@/test/open-test-database";
import { startWorker, type Worker } from "../worker";
import { ADMIN, EMPTY_STORE, succeeded } from "./run-to-end.test-support";

const data = mkdtempSync(path.join(tmpdir(), "tributary-tasks-"));
const engine = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 2, memoryLimit: "512MB" });
let worker: Worker;

/** Birds of three species that differ in bill and flipper, and weigh four times their flipper. */
function birds(): string {
  const random = seededRandom(11);
  const rows = Array.from({ length: 300 }, (_, id) => {
    const kind = id % 3;
    const bill = 38 + kind * 5 + random() * 4;
    const flipper = 180 + kind * 15 + random() * 10;
    return [id, bill.toFixed(2), flipper.toFixed(2), ["Gentoo", "Adelie", "Chinstrap"][kind], (4 * flipper + random()).toFixed(3)].join(","); // prettier-ignore
  });
  return ["id,bill,flipper,species,mass", ...rows].join("\n");
}

const stage = (name: string, estimator: string, label: string, output: string) =>
  `{ kind: Stage, name: ${name}, entity: bird, estimator: ${estimator}, class: supervised, inputs: [bird.x], fitInputs: [${label}], outputs: [${output}] }`;
const pipeline = (name: string, output: string, label: string) =>
  `{ kind: Pipeline, name: ${name}, outputs: [${output}], fit: { split: s, parts: [train] }, evaluate: { split: s, test: [test], label: ${label}, model: m_${name}, unit: [id] } }`;

const documents = () => `
kind: Workspace
name: birds
---
{ kind: Entity, name: bird, joinKeys: [{ name: id, type: bigint }] }
---
kind: Source
name: birds
entity: bird
format: csv
location: ${path.join(data, "birds.csv")}
columns: [{ name: id, type: bigint }, { name: bill, type: double }, { name: flipper, type: double }, { name: species, type: string }, { name: mass, type: double }]
rowKey: [id]
---
{ kind: SplitPolicy, name: s, type: hash, algo: md5-32, key: id, salt: c, buckets: 10, parts: { train: [[0, 7]], test: [[7, 10]] } }
---
{ kind: Stage, name: numbered, entity: bird, estimator: StringIndexer, fit: { rows: all }, params: { stringOrderType: alphabetAsc }, inputs: [bird.species], outputs: [{ column: bird.kind, type: double }] }
---
{ kind: Stage, name: x, entity: bird, transformer: VectorAssembler, inputs: [bird.bill, bird.flipper], outputs: [{ column: bird.x, type: vector }] }
---
${stage("tree", "DecisionTreeClassifier", "bird.kind", "{ column: bird.likely, type: vector }")}
---
${stage("line", "LinearRegression", "bird.mass", "{ column: bird.heavy, type: double }")}
---
${pipeline("species", "bird.likely", "bird.kind")}
---
${pipeline("weight", "bird.heavy", "bird.mass")}
`;

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  writeFileSync(path.join(data, "birds.csv"), birds());
  await openTestDatabase();
  await applySpecs(ADMIN, { documents: documents() });
  worker = await startWorker({ engine, store: EMPTY_STORE });
});
afterAll(async () => {
  await worker.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

async function train(name: string) {
  const id = await startRun(ADMIN, { workspace: "birds", pipeline: name }, engine);
  await succeeded(id);
  const [version] = (await getModel(ADMIN, "birds", `m_${name}`)).versions;
  const { evaluation, terms } = await getModelEvaluation(ADMIN, "birds", { name: `m_${name}`, version: 1 });
  return { version, evaluation, terms };
}

describe("a model", () => {
  it("of three classes is judged by its classes, which have their names", async () => {
    const { version, evaluation, terms } = await train("species");
    expect(terms?.measure).toBe("gain");
    expect(terms?.terms.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(1, 6);
    expect(version?.metrics.test).toMatchObject({ classes: 3 });
    expect(version?.metrics.test?.accuracy).toBeGreaterThan(0.95);
    expect(version?.metrics.test).not.toHaveProperty("auc");
    expect(evaluation).toMatchObject({ task: "multiclass", threshold: null });
    expect(evaluation?.parts.test?.confusion?.classes).toEqual(["Adelie", "Chinstrap", "Gentoo"]);
  });

  it("of a number is judged by its errors", async () => {
    const { version, evaluation, terms } = await train("weight");
    expect(terms?.measure).toBe("coefficient");
    expect(terms?.intercepts).toHaveLength(1);
    const { r2, rmse, mae, rows } = version?.metrics.test ?? {};
    expect(r2).toBeGreaterThan(0.99);
    expect(rmse).toBeGreaterThanOrEqual(mae ?? Infinity);
    expect(evaluation?.task).toBe("regression");
    expect(evaluation?.parts.test?.residuals?.reduce((sum, one) => sum + one.rows, 0)).toBe(rows);
    await expect(getModelEvaluation(ADMIN, "birds", { name: "m_weight", version: 2 })).rejects.toThrow(
      "There is no version 2 of a model m_weight in birds.",
    );
  });

  it("whose prediction its label cannot judge is refused at plan time, by name", async () => {
    const wrong = documents()
      .replaceAll("bird.likely, type: vector", "bird.likely, type: double")
      .replaceAll("{ column: bird.kind, type: double }", "{ column: bird.kind, type: date }");
    const refused = await planSpecs(ADMIN, { documents: wrong }).then(
      () => [],
      (error: DomainError) => (error.context as { issues: { message: string }[] }).issues.map(({ message }) => message),
    );
    expect(refused).toContainEqual(
      expect.stringContaining(
        "Pipeline species: `bird.likely` is double and cannot be judged by `bird.kind`, which is date.",
      ),
    );
  });
});
