import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { ScoringPlan } from "@/lib/domain/runs/scoring-plan";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import { createIsolatedEngine } from "../child/isolated-engine";
import { planInstances } from "../make-plan.test-support";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "../small-world.test-support";

const COLUMNS = [
  { name: "x", type: "double" as const },
  { name: "n", type: "bigint" as const },
  { name: "kind", type: "string" as const },
  { name: "late", type: "boolean" as const },
];
const PREPARED: StageDefinition[] = [
  stage("route", {
    transformer: "sql",
    inputs: ["obs.x", "obs.n"],
    outputs: [{ column: "obs.ratio", type: "double" }],
    params: { statement: "SELECT *, x / nullif(n, 0) + sin(x) AS ratio FROM __THIS__" },
  }),
  stage("filled", {
    estimator: "Imputer",
    inputs: ["obs.ratio"],
    outputs: [{ column: "obs.ratio_filled", type: "double" }],
  }),
  stage("indexed", {
    estimator: "StringIndexer",
    inputs: ["obs.kind"],
    outputs: [{ column: "obs.kind_index", type: "double" }],
    params: { handleInvalid: "keep" },
  }),
  stage("encoded", {
    estimator: "OneHotEncoder",
    inputs: ["obs.kind_index"],
    outputs: [{ column: "obs.kind_vector", type: "vector" }],
    params: { handleInvalid: "keep" },
  }),
  stage("assembled", {
    transformer: "VectorAssembler",
    inputs: ["obs.x", "obs.ratio_filled", "obs.kind_vector"],
    outputs: [{ column: "obs.inputs", type: "vector" }],
    params: { handleInvalid: "skip" },
  }),
];
const MODELS: [string, StageDefinition["outputs"], Record<string, unknown>][] = [
  ["LogisticRegression", [{ column: "obs.p", type: "double" }, { column: "obs.both", type: "vector" }, { column: "obs.yes", type: "boolean" }], {}], // prettier-ignore
  ["RandomForestClassifier", [{ column: "obs.p", type: "double" }], { numTrees: 5 }],
  ["LinearSVC", [{ column: "obs.p", type: "double" }, { column: "obs.yes", type: "boolean" }], { regParam: 0.01 }], // prettier-ignore
  ["GeneralizedLinearRegression", [{ column: "obs.p", type: "double" }], { family: "binomial" }],
  ["GBTClassifier", [{ column: "obs.p", type: "double" }], { maxIter: 4 }],
];

let world: SmallWorld;
let location: string;
beforeAll(async () => {
  world = await openSmallWorld((dataDirectory) =>
    createIsolatedEngine({ dataDirectory, threads: 2, memoryLimit: "1GB", runLimit: 60_000 }),
  );
  // Every eleventh x and every thirteenth kind is missing.
  location = await world.write(
    "rows.parquet",
    `SELECT i::BIGINT AS id, CASE WHEN i % 11 <> 0 THEN (i * 37 % 101) / 7.0 END AS x, (i % 5)::BIGINT AS n,
       CASE WHEN i % 13 <> 0 THEN 'k' || (i * i % 7) END AS kind, (i * 37 % 101) + 20 * (i % 3) > 70 AS late FROM range(400) r(i)`,
  );
});
afterAll(async () => {
  (world.engine as ReturnType<typeof createIsolatedEngine>).close();
  await world.close();
});

/** A run's model as a plan for given rows, with the run's own rows and predictions. */
async function trained(model: StageDefinition) {
  const stages = [...PREPARED, model];
  const outputs = model.outputs.map(({ column }) => column).filter((column) => column !== "obs.both");
  const definitions = { entities: [obsEntity()], sources: [obsSource(location, COLUMNS)], stages, splits: [] };
  const answer = await world.run({ ...definitions, outputs });
  const rows: Record<string, unknown>[] = [];
  const columns = ["id", "x", "n", "kind"];
  for await (const batch of world.engine.readRows(location, { columns, keys: ["id"] })) rows.push(...batch);
  const instances = planInstances(definitions, outputs).map((instance): EngineInstance => {
    const fitted = answer.result.fits.find(({ instance: key }) => key === instance.key)?.model;
    return fitted && instance.fit ? { ...instance, fit: { ...instance.fit, fitted } } : instance;
  });
  const given = ["x", "n", "kind"].map((name) => ({
    name,
    column: `obs.${name}`,
    relation: null,
    type: COLUMNS.find((column) => column.name === name)?.type ?? "double",
  }));
  const plan: ScoringPlan = {
    entity: obsEntity(),
    given,
    instances,
    outputs: model.outputs.map(({ column, type }) => ({ column, instance: model.name, type })),
    ranges: [{ name: "x", column: "obs.x", instance: null, relation: null, min: 0, max: 15 }],
  };
  return { answer, rows, plan, outputs };
}

const modelStage = (estimator: string, outputs: StageDefinition["outputs"], params: Record<string, unknown>) =>
  stage("model", { estimator, inputs: ["obs.inputs"], fitInputs: ["obs.late"], outputs, params });

describe("rows that are given to a model", () => {
  it.each(MODELS)(
    "have the predictions of %s that a run writes, to the last bit",
    async (estimator, outputs, params) => {
      const { answer, rows, plan, outputs: written } = await trained(modelStage(estimator, outputs, params));
      const values = plan.given.map(({ name }) => JSON.stringify(rows.map((row) => row[name] ?? null)));
      const scored = await world.engine.scoreRows({ key: estimator, plan, values });
      for (const column of written) {
        const at = plan.outputs.findIndex((output) => output.column === column);
        expect(scored?.outputs[at]).toEqual(await answer.column(column));
      }
      const missing = scored?.outputs[0]?.filter((value) => value === null).length;
      expect(missing).toBeGreaterThan(30);
      // In another order, one by one, and with the plan that was said before: nothing of a row is another's.
      const third = plan.given.map(({ name }) => JSON.stringify([rows[3]?.[name] ?? null]));
      const alone = await world.engine.scoreRows({ key: estimator, plan: null, values: third });
      expect(alone?.outputs[0]?.[0]).toBe(scored?.outputs[0]?.[3]);
    },
  );

  it("say which category is new, what is out of range, and what a run would fail on", async () => {
    const { plan } = await trained(modelStage("LogisticRegression", [{ column: "obs.p", type: "double" }], {}));
    const strict: VariantPlan["instances"] = plan.instances.map((instance) =>
      instance.key === "indexed"
        ? { ...instance, stage: { ...instance.stage, params: { handleInvalid: "error" } } }
        : instance,
    );
    const values = ["[1, 99, 3]", "[1, 2, 3]", '["k1", "k1", "new"]'];
    const kept = await world.engine.scoreRows({ key: "kept", plan, values });
    expect(kept?.outputs[0]?.every((value) => typeof value === "number")).toBe(true);
    expect(kept?.findings).toEqual([
      { kind: "unseen", column: "kind", rows: [2], message: expect.stringContaining("kind has a category") as string },
      { kind: "beyond", column: "x", rows: [1], message: expect.stringContaining("x is outside of 0 to 15") as string },
    ]);
    const refused = await world.engine.scoreRows({
      key: "strict",
      plan: { ...plan, instances: strict },
      values,
    });
    expect(refused?.outputs[0]?.map((value) => value === null)).toEqual([false, false, true]);
    expect(refused?.findings).toContainEqual(
      expect.objectContaining({
        rows: [2],
        kind: "refused",
        message: expect.stringContaining("handleInvalid") as string,
      }),
    );
  });

  it("are nobody's without a plan", async () => {
    expect(await world.engine.scoreRows({ key: "never said", plan: null, values: ["[1]"] })).toBeNull();
  });
});
