/** A model that goes to MLflow scores in Python, with numpy alone, as the engine does here. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { resolveParams } from "@/lib/domain/operators/operator-table";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { pythonFunction } from "@/lib/engines/local/python-function/python-function";
import { obsEntity, obsSource, openSmallWorld, type SmallWorld, stage } from "@/lib/engines/local/small-world.test-support"; // prettier-ignore
import { mlflowPython, run } from "./python-environment";

const COLUMNS = [
  { name: "x", type: "double" as const },
  { name: "n", type: "bigint" as const },
  { name: "late", type: "boolean" as const },
  { name: "kind", type: "bigint" as const },
  { name: "minutes", type: "double" as const },
];
const ASSEMBLED = stage("assembled", {
  transformer: "VectorAssembler",
  inputs: ["obs.x", "obs.n"],
  outputs: [{ column: "obs.inputs", type: "vector" }],
  params: { handleInvalid: "skip" },
});
const ALL: StageDefinition["outputs"] = [
  { column: "obs.p", type: "double" },
  { column: "obs.shares", type: "vector" },
  { column: "obs.yes", type: "boolean" },
  { column: "obs.class", type: "bigint" },
];
const SEVERAL = ALL.filter(({ type }) => type === "vector" || type === "bigint");
const NUMBER: StageDefinition["outputs"] = [{ column: "obs.hat", type: "double" }];
const MODELS: [string, string, StageDefinition["outputs"], Record<string, unknown>][] = [
  ["LogisticRegression", "late", ALL, { regParam: 0.01 }],
  ["LogisticRegression", "late", ALL, { regParam: 0.01, thresholds: [0.8, 0.2] }],
  ["LogisticRegression", "late", ALL, { regParam: 0.01, thresholds: [0.5, 0] }],
  ["LogisticRegression", "kind", SEVERAL, { regParam: 0.01 }],
  ["LogisticRegression", "kind", SEVERAL, { regParam: 0.01, thresholds: [0.2, 0.9, 0.1, 0.4] }],
  ["LinearSVC", "late", ALL, { regParam: 0.01, threshold: 0.1 }],
  ["LinearRegression", "minutes", NUMBER, {}],
  ["GeneralizedLinearRegression", "minutes", NUMBER, { family: "gamma", link: "log" }],
  ["GeneralizedLinearRegression", "minutes", NUMBER, { family: "gamma" }],
  ["GeneralizedLinearRegression", "minutes", NUMBER, { family: "poisson", link: "sqrt" }],
  ["GeneralizedLinearRegression", "late", NUMBER, { family: "binomial" }],
  ["GeneralizedLinearRegression", "late", NUMBER, { family: "binomial", link: "cloglog" }],
  ["DecisionTreeClassifier", "late", ALL, {}],
  ["DecisionTreeClassifier", "kind", SEVERAL, {}],
  ["DecisionTreeRegressor", "minutes", NUMBER, {}],
  ["RandomForestClassifier", "late", ALL, { numTrees: 7 }],
  ["RandomForestClassifier", "kind", SEVERAL, { numTrees: 7 }],
  ["RandomForestRegressor", "minutes", NUMBER, { numTrees: 70 }],
  ["GBTClassifier", "late", ALL, { maxIter: 5 }],
  ["GBTRegressor", "minutes", NUMBER, { maxIter: 5 }],
];
const SCORE = `
import importlib, json, os, sys
folder, form = sys.argv[1:]
sys.path.insert(0, os.path.join(folder, "code"))
[name] = [name[:-3] for name in os.listdir(os.path.join(folder, "code")) if name.endswith(".py")]
model = importlib.import_module(name)._load_pyfunc(os.path.join(folder, "model.json"))
rows = json.load(sys.stdin)
if form == "pandas":
    import pandas
    rows = pandas.DataFrame(rows)
else:
    assert "pandas" not in sys.modules
answer = model.predict(rows)
plain = lambda value: value if isinstance(value, list) else None if value is None or value != value else value.item() if hasattr(value, "item") else value
print(json.dumps({name: [plain(value) for value in answer[name]] for name in answer}))
`;

const python = await mlflowPython();

describe.skipIf(!python)("a model as a python_function", () => {
  let world: SmallWorld;
  let location: string;
  beforeAll(async () => {
    world = await openSmallWorld();
    // Every eleventh x is missing; of the kinds 0 to 3, nobody is a 2.
    location = await world.write(
      "rows.parquet",
      `SELECT i::BIGINT AS id, CASE WHEN i % 11 <> 0 THEN (i * 37 % 101) / 7.0 END AS x, (i % 5)::BIGINT AS n,
         (i * 37 % 101) + 20 * (i % 3) > 70 AS late, ([0, 1, 3])[((i * 37 % 101) // 34 + (i % 7 = 0)::INT) % 3 + 1]::BIGINT AS kind,
         1 + (i * 37 % 101) / 3.0 + i % 4 AS minutes FROM range(400) r(i)`,
    );
  }, 900_000);
  afterAll(() => world?.close());

  it.each(MODELS)("of %s for %s predicts what a run writes", async (estimator, label, outputs, params) => {
    const model = stage("model", {
      estimator,
      inputs: ["obs.inputs"],
      fitInputs: [`obs.${label}`],
      outputs,
      params,
    });
    const answer = await world.run({
      entities: [obsEntity()],
      sources: [obsSource(location, COLUMNS)],
      stages: [ASSEMBLED, model],
      outputs: outputs.map(({ column }) => column),
    });
    const fitted = answer.result.fits.find(({ instance }) => instance === "model")?.model;
    const bare = (column: string) => splitColumn(column)[1];
    const files = pythonFunction(
      {
        operator: estimator,
        params: resolveParams(model),
        learned: fitted?.learned ?? {},
        size: 2,
        inputs: [{ name: "x", type: "double" }, { name: "n", type: "bigint" }], // prettier-ignore
        outputs: outputs.map(({ column, type }) => ({ name: bare(column), type })),
      },
      { runId: "r", modelId: "m", createdAt: new Date(0) },
    );
    if (typeof files === "string") throw new Error(files);
    const folder = path.join(world.folder, `model-${MODELS.findIndex((one) => one[3] === params)}`);
    for (const { path: name, text } of files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const rows: Record<string, unknown>[] = [];
    for await (const batch of world.engine.readRows(location, { columns: ["id", "x", "n"], keys: ["id"] }))
      rows.push(...batch);
    const given = { x: rows.map((row) => row.x), n: rows.map((row) => Number(row.n)) };
    for (const form of ["plain", "pandas"]) {
      const scored = JSON.parse(run(python, ["-c", SCORE, folder, form], JSON.stringify(given))) as Record<string, unknown[]>; // prettier-ignore
      for (const { column } of outputs) {
        const [own, theirs] = [await answer.column(column), scored[bare(column)] as unknown[]];
        expect(theirs).toHaveLength(400);
        expect(theirs.filter((value) => value === null)).toHaveLength(37);
        expect(new Set(theirs.map((value) => JSON.stringify(value))).size).toBeGreaterThan(1);
        theirs.forEach((value, at) => same(value, own[at]));
      }
    }
  });
});

function same(theirs: unknown, ours: unknown): void {
  const mine = typeof ours === "bigint" ? Number(ours) : ours;
  if (Array.isArray(mine)) return mine.forEach((value, at) => same((theirs as unknown[])[at], value));
  if (typeof mine !== "number") return expect(theirs).toBe(mine ?? null);
  expect(Math.abs((theirs as number) - mine)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(mine)));
}
