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
    const sex = ["m", "f", ""][id % 7] ?? "f";
    return [id, bill.toFixed(2), flipper.toFixed(2), ["Gentoo", "Adelie", "Chinstrap"][kind], (4 * flipper + random()).toFixed(3), sex].join(","); // prettier-ignore
  });
  return ["id,bill,flipper,species,mass,sex", ...rows].join("\n");
}

const stage = (name: string, estimator: string, label: string, output: string) =>
  `{ kind: Stage, name: ${name}, entity: bird, estimator: ${estimator}, class: supervised, inputs: [bird.x], fitInputs: [${label}], outputs: [${output}] }`;
const pipeline = (name: string, output: string, label: string, slices = "[]") =>
  `{ kind: Pipeline, name: ${name}, outputs: [${output}], fit: { split: s, parts: [train] }, evaluate: { split: s, test: [test], label: ${label}, model: m_${name}, unit: [id], slices: ${slices} } }`;

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
columns: [{ name: id, type: bigint }, { name: bill, type: double }, { name: flipper, type: double }, { name: species, type: string }, { name: mass, type: double }, { name: sex, type: string }]
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
{ kind: Stage, name: aside, entity: bird, transformer: VectorAssembler, inputs: [bird.bill], outputs: [{ column: bird.alone, type: vector }] }
---
{ kind: Feature, name: bird.sex, type: string, sensitivity: personal }
---
${pipeline("species", "bird.likely", "bird.kind", "[bird.sex, bird.flipper]")}
---
${pipeline("weight", "bird.heavy", "bird.mass", "[bird.species, bird.bill]")}
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
    const [sex, flipper] = evaluation?.slices ?? [];
    const rowsOf = (slices: { metrics: Record<string, number> }[] = []) => slices.reduce((sum, { metrics }) => sum + (metrics.rows ?? 0), 0); // prettier-ignore
    expect(sex?.parts.test?.map(({ kind, name }) => [kind, name])).toEqual([["value", "f"], ["value", "m"], ["missing", "missing"]]); // prettier-ignore
    expect(flipper).toMatchObject({ feature: "bird.flipper", edgesOf: "train" });
    for (const part of ["train", "test"])
      expect([rowsOf(sex?.parts[part]), rowsOf(flipper?.parts[part])]).toEqual(Array(2).fill(version?.metrics[part]?.rows)); // prettier-ignore
    const reader = { ...ADMIN, bindings: [{ workspaceId: null, role: "viewer" as const }] };
    const seen = await getModelEvaluation(reader, "birds", { name: "m_species", version: 1 });
    expect(seen.evaluation?.slices?.[0]?.parts.test?.map(({ name }) => name)).toEqual([expect.stringMatching(/^hidden /), expect.stringMatching(/^hidden /), "missing"]); // prettier-ignore
    // The species was not about anybody until now: what its numbers were made of is, and so the names of its classes are withheld.
    await applySpecs(ADMIN, { documents: "kind: Workspace\nname: birds\n---\n{ kind: Feature, name: bird.species, type: string, sensitivity: special }" }); // prettier-ignore
    const withheld = await getModelEvaluation(reader, "birds", { name: "m_species", version: 1 });
    expect(JSON.stringify(withheld)).not.toMatch(/Adelie|Chinstrap|Gentoo/);
    expect(withheld.evaluation?.parts.test?.confusion?.classes).toEqual(
      Array(3).fill(expect.stringMatching(/^hidden /)),
    );
  });

  it("of a number is judged by its errors", async () => {
    const { version, evaluation, terms } = await train("weight");
    expect(terms?.measure).toBe("coefficient");
    expect(terms?.intercepts).toHaveLength(1);
    const { r2, rmse, mae, rows } = version?.metrics.test ?? {};
    expect(r2).toBeGreaterThan(0.99);
    expect(rmse).toBeGreaterThanOrEqual(mae ?? Infinity);
    expect(evaluation?.task).toBe("regression");
    expect(evaluation?.slices?.map(({ parts }) => parts.test?.map(({ metrics }) => typeof metrics.rmse))).toEqual([Array(3).fill("number"), Array(4).fill("number")]); // prettier-ignore
    expect(evaluation?.parts.test?.residuals?.reduce((sum, one) => sum + one.rows, 0)).toBe(rows);
    await expect(getModelEvaluation(ADMIN, "birds", { name: "m_weight", version: 2 })).rejects.toThrow(
      "There is no version 2 of a model m_weight in birds.",
    );
  });

  it.each([
    ["bird.kind", "`bird.kind` is the label itself"],
    ["bird.likely", "`bird.likely` is the prediction that is judged."],
    ["bird.x", "`bird.x` is vector, whose values make no slices of rows."],
    ["bird.sexx", "nothing writes `bird.sexx`. Did you mean `bird.sex`?"],
    ["cat.colour", "nothing writes `cat.colour`."],
    ["bird.heavy", "`bird.heavy` is not on the rows that are judged: no stage on the way to the outputs writes it."],
  ])("is refused slices by %s at plan time, by name", async (feature, message) => {
    const wrong = documents().replace("[bird.sex, bird.flipper]", `[${feature}]`);
    const issues = await planSpecs(ADMIN, { documents: wrong }).then(
      () => [],
      (error: DomainError) => (error.context as { issues: { message: string; found?: string }[] }).issues,
    );
    expect(issues).toEqual([expect.objectContaining({ message: expect.stringContaining(`Pipeline species: ${message}`) as string, found: feature })]); // prettier-ignore
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
