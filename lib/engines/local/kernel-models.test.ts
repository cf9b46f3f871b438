import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import golden from "@/test/fixtures/kernels/scikit-learn-models.json";
import type { EngineInstance } from "@/lib/domain/runs/variant-plan";
import { type Boosted, sumTrees } from "./kernels/boosting";
import { type NumberNode, findLeaf } from "./kernels/tree";
import { createLocalEngine } from "./local-engine";
import {
  type RunRequest,
  type SmallWorld,
  obsEntity,
  obsSource,
  openSmallWorld,
  stage,
} from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;

type Cell = number | boolean | null | "NaN" | "Infinity";
const sql = (cell: Cell) => (typeof cell === "string" ? `'${cell}'::DOUBLE` : cell === null ? "NULL" : String(cell));

interface Wanted {
  params?: Record<string, unknown>;
  outputs?: ColumnType[];
  label?: ColumnType;
  weights?: Cell[];
}

async function requestOf(
  estimator: string,
  xs: (Cell[] | null)[],
  ys: Cell[],
  wanted: Wanted = {},
): Promise<RunRequest> {
  const { params = {}, outputs = ["double"], label = "double", weights } = wanted;
  const labelType = { boolean: "BOOLEAN", bigint: "BIGINT" }[label as "boolean"] ?? "DOUBLE";
  const rows = xs.map(
    (x, i) =>
      `(${i}, ${x ? `[${x.map(sql).join(", ")}]::DOUBLE[]` : "NULL"}, ${sql(ys[i] ?? null)}::${labelType}, ${sql(weights?.[i] ?? null)}::DOUBLE)`,
  );
  const location = await world.write(
    `kernel-${++files}.parquet`,
    `SELECT * FROM (VALUES ${rows.join(", ")}) t(id, v, y, w)`,
  );
  const model = stage("model", {
    estimator,
    inputs: ["obs.v"],
    fitInputs: ["obs.y", ...(weights ? ["obs.w"] : [])],
    outputs: outputs.map((type, i) => ({ column: `obs.p${i}`, type })),
    params,
  });
  const sources = [
    obsSource(location, [
      { name: "v", type: "vector" },
      { name: "y", type: label },
      { name: "w", type: "double" },
    ]),
  ];
  return { entities: [obsEntity()], sources, stages: [model] };
}

async function fitModel(estimator: string, xs: (Cell[] | null)[], ys: Cell[], wanted: Wanted = {}) {
  const run = await world.run(await requestOf(estimator, xs, ys, wanted));
  const fit = run.result.fits[0];
  if (!fit) throw new Error("nothing was fitted");
  const outputs = await Promise.all((wanted.outputs ?? ["double"]).map((_, i) => run.column(`obs.p${i}`)));
  return { run, model: fit.model, learned: fit.model.learned, p: outputs[0] as unknown[], outputs };
}

const near = (found: unknown, wanted: number, digits = 6) => expect(Number(found)).toBeCloseTo(wanted, digits);
const LINEAR = { maxIter: 3000, tol: 1e-10 };

describe("through the engine, as scikit-learn", () => {
  const tree = (target: string, impurity: string, weighted: boolean) =>
    golden.trees.find((one) => one.target === target && one.impurity === impurity && one.weighted === weighted);
  const growth = { maxDepth: 4, minInstancesPerNode: 3 };

  it.each(["gini", "entropy"])("DecisionTreeClassifier of three classes, %s, weighted", async (impurity) => {
    const wanted = tree("multi", impurity, true);
    const { p, model } = await fitModel("DecisionTreeClassifier", golden.x, golden.multi, {
      params: { ...growth, impurity },
      outputs: ["vector"],
      label: "bigint",
      weights: golden.weights,
    });
    wanted?.predictions.forEach((row, i) =>
      (row as number[]).forEach((share, c) => near((p[i] as number[])[c], share)),
    );
    expect(model.terms?.measure).toBe("gain");
    wanted?.importances.forEach((share, j) => near(model.terms?.terms[j]?.value, share));
    expect(model.terms?.terms.map(({ feature }) => feature)).toEqual(["v[0]", "v[1]", "v[2]", "v[3]"]);
  });

  it.each([false, true])("DecisionTreeRegressor, weighted %s", async (weighted) => {
    const { p } = await fitModel("DecisionTreeRegressor", golden.x, golden.number, {
      params: growth,
      ...(weighted && { weights: golden.weights }),
    });
    tree("number", "variance", weighted)?.predictions.forEach((value, i) => near(p[i], value as number));
  });

  it("GBTRegressor", async () => {
    const { p, learned } = await fitModel("GBTRegressor", golden.x, golden.number, {
      params: { maxDepth: 3, maxIter: 10 },
    });
    golden.squared.forEach((value, i) => near(p[i], value, 6));
    golden.x.forEach((x, i) => near(p[i], sumTrees(learned as unknown as Boosted, x)));
  });

  it("GBTClassifier", async () => {
    const { outputs, learned } = await fitModel(
      "GBTClassifier",
      golden.x,
      golden.binary.map((y) => y === 1),
      {
        params: { maxDepth: 3, maxIter: 10 },
        outputs: ["double", "vector", "boolean"],
        label: "boolean",
      },
    );
    golden.logistic.forEach((value, i) => {
      near(outputs[0]?.[i], value);
      near((outputs[1]?.[i] as number[])[0], 1 - value);
      expect(outputs[2]?.[i]).toBe(value > 0.5);
      near(outputs[0]?.[i], 1 / (1 + Math.exp(-2 * sumTrees(learned as unknown as Boosted, golden.x[i] ?? []))));
    });
  });

  it.each(
    golden.linear
      .filter(({ rules }) => rules.regParam > 0)
      .map((one) => [`${one.target} ${JSON.stringify(one.rules)}${one.weighted ? " weighted" : ""}`, one] as const),
  )("linear models: %s", async (_, { target, rules, weighted, coefficients }) => {
    const { model } = await fitModel(
      target === "number" ? "LinearRegression" : "LogisticRegression",
      golden.x,
      golden[target as "number"],
      {
        params: { ...rules, ...LINEAR },
        outputs: [target === "multi" ? "vector" : "double"],
        label: target === "number" ? "double" : "bigint",
        ...(weighted && { weights: golden.weights }),
      },
    );
    coefficients.flat().forEach((b, j) => near(model.terms?.terms[j]?.value, b, 4));
    const found =
      target === "multi" ? (model.learned.coefficients as number[][]).flat() : (model.learned.coefficients as number[]);
    expect(found).toEqual(model.terms?.terms.map(({ value }) => value));
  });
});

describe("the SQL of a model and its kernel's twin", () => {
  it("say the same of a forest of numbers", async () => {
    const { p, learned, model } = await fitModel("RandomForestRegressor", golden.x, golden.number, {
      params: { numTrees: 7 },
    });
    const trees = learned.trees as NumberNode[];
    expect(trees).toHaveLength(7);
    golden.x.forEach((x, i) => near(p[i], trees.reduce((sum, tree) => sum + findLeaf(tree, x).value, 0) / 7));
    near(
      model.terms?.terms.reduce((sum, { value }) => sum + value, 0),
      1,
    );
    const error = Math.sqrt(
      golden.number.reduce((sum, y, i) => sum + (Number(p[i]) - y) ** 2, 0) / golden.number.length,
    );
    const mean = golden.number.reduce((sum, y) => sum + y, 0) / golden.number.length;
    const spread = Math.sqrt(golden.number.reduce((sum, y) => sum + (y - mean) ** 2, 0) / golden.number.length);
    expect(error).toBeLessThan(spread / 2);
  });

  it("say the same of three classes by linear forms", async () => {
    const { outputs, learned } = await fitModel("LogisticRegression", golden.x, golden.multi, {
      params: LINEAR,
      outputs: ["vector", "bigint"],
      label: "bigint",
    });
    const intercepts = learned.intercepts as number[];
    golden.x.forEach((x, i) => {
      const forms = (learned.coefficients as number[][]).map((own, k) =>
        own.reduce((sum, b, j) => sum + b * (x[j] ?? 0), intercepts[k] ?? 0),
      );
      const odds = forms.map(Math.exp);
      const total = odds.reduce((sum, value) => sum + value, 0);
      odds.forEach((value, k) => near((outputs[0]?.[i] as number[])[k], value / total));
      expect(outputs[1]?.[i]).toBe(odds.indexOf(Math.max(...odds)));
    });
  });

  it("score a model of an earlier version", async () => {
    const request = await requestOf("RandomForestClassifier", [[1], [3], null], [0, 1, 0], {
      outputs: ["double"],
      label: "bigint",
    });
    const old = { feature: 0, threshold: 2, counts: [3, 1], left: { counts: [3, 0] }, right: { counts: [1, 3] } };
    const fitted = {
      operator: "RandomForestClassifier",
      learned: { trees: [old], classes: 2 },
      expressions: {},
      summary: {},
    };
    const instance = {
      key: "model#1",
      stage: request.stages?.[0],
      inputs: {},
      fit: { fingerprint: "f", split: null, fitted },
    } as unknown as EngineInstance;
    const run = await world.run({ ...request, instances: [instance] });
    expect(await run.column("obs.p0")).toEqual([0, 0.75, null]);
    expect(run.result.fits[0]?.reused).toBe(true);
  });
});

describe("predicted classes", () => {
  it("follow thresholds: the largest probability divided by its own", async () => {
    const xs = golden.x.map((x) => [...x]);
    const ask = (thresholds: number[] | undefined) =>
      fitModel("RandomForestClassifier", xs, golden.multi, {
        params: { numTrees: 5, ...(thresholds && { thresholds }) },
        outputs: ["bigint", "vector"],
        label: "bigint",
      });
    const plain = await ask(undefined);
    const weighed = await ask([0.5, 0.1, 0.4]);
    const never = await ask([1, 1, 0]);
    expect(weighed.outputs[1]).toEqual(plain.outputs[1]);
    (plain.outputs[1] as number[][]).forEach((p, i) => {
      expect(plain.outputs[0]?.[i]).toBe(p.indexOf(Math.max(...p)));
      const scaled = p.map((value, c) => value / ([0.5, 0.1, 0.4][c] ?? 1));
      expect(weighed.outputs[0]?.[i]).toBe(scaled.indexOf(Math.max(...scaled)));
      expect(never.outputs[0]?.[i]).toBe((p[2] ?? 0) > 0 ? 2 : [p[0], p[1]].indexOf(Math.max(p[0] ?? 0, p[1] ?? 0)));
    });
  });

  it("of a yes or no follow thresholds, for both of its probabilities", async () => {
    const thresholds = [0.8, 0.2];
    const { outputs } = await fitModel("LogisticRegression", [[1], [2], [3], [4], [5], [6]], [0, 0, 1, 0, 1, 1], {
      params: { regParam: 0.1, thresholds },
      outputs: ["double", "bigint", "boolean"],
      label: "bigint",
    });
    const wanted = (outputs[0] as number[]).map((p) => (p / 0.2 > (1 - p) / 0.8 ? 1 : 0));
    expect(new Set(wanted).size).toBe(2);
    expect(outputs[1]).toEqual(wanted);
    expect(outputs[2]).toEqual(wanted.map((one) => one === 1));
  });

  it("are missing where an input is", async () => {
    const { outputs } = await fitModel("LogisticRegression", [[1], null, [3], [2]], [false, true, true, false], {
      params: { regParam: 0.1 },
      outputs: ["double", "boolean"],
      label: "boolean",
    });
    expect(outputs[0]?.map((value) => value === null)).toEqual([false, true, false, false]);
    expect(outputs[1]?.[1]).toBeNull();
  });

  it("of naive Bayes weigh rows and write the class", async () => {
    const xs = [
      [3, 0],
      [2, 1],
      [0, 3],
      [1, 2],
    ];
    const doubled = await fitModel("NaiveBayes", [...xs, [3, 0]], [0, 0, 1, 1, 0], {
      outputs: ["double", "bigint"],
      label: "bigint",
    });
    const weighed = await fitModel("NaiveBayes", xs, [0, 0, 1, 1], {
      outputs: ["double", "bigint"],
      label: "bigint",
      weights: [2, 1, 1, 1],
    });
    expect(weighed.learned).toEqual(doubled.learned);
    expect(weighed.outputs[1]).toEqual([0, 0, 1, 1]);
  });
});

describe("bad input", () => {
  const xs = golden.x.slice(0, 40);
  const all = [
    "LogisticRegression",
    "DecisionTreeClassifier",
    "RandomForestClassifier",
    "GBTClassifier",
    "LinearRegression",
    "DecisionTreeRegressor",
    "RandomForestRegressor",
    "GBTRegressor",
  ];
  const classifiers = all.slice(0, 4);

  it.each(all)(
    "%s gives finite predictions with constant and equal columns, and more columns than rows",
    async (estimator) => {
      const wide = xs.slice(0, 6).map((x, i) => [...x, 7, ...x, ...Array.from({ length: 12 }, (_, j) => (i * j) % 5)]);
      const { p, model } = await fitModel(estimator, wide, [0, 1, 0, 1, 1, 0], {
        params: estimator.startsWith("L") ? { regParam: 0.1 } : {},
        label: "bigint",
      });
      expect(p.every((value) => Number.isFinite(value))).toBe(true);
      expect(model.terms?.terms[4]?.value).toBe(0);
    },
  );

  it.each(all)("%s has a model of constants where no column tells anything", async (estimator) => {
    const { p, model } = await fitModel(estimator, [[1], [1], [1], [1]], [0, 1, 1, 1], { params: {}, label: "bigint" });
    if (estimator === "GBTClassifier") expect(Number(p[0])).toBeGreaterThan(0.6);
    else if (!estimator.startsWith("RandomForest")) near(p[0], 0.75, 6);
    expect(new Set(p).size).toBe(1);
    expect(model.terms?.terms[0]?.value).toBe(0);
  });

  it.each(classifiers)("%s refuses one class alone", async (estimator) => {
    await expect(fitModel(estimator, [[1], [2]], [1, 1], { label: "bigint" })).rejects.toThrow(
      /Stage model: the label obs\.y has only the value 1, so only true/,
    );
  });

  it.each(classifiers)("%s refuses labels that number no classes", async (estimator) => {
    await expect(fitModel(estimator, [[1], [2], [3]], [0.5, 1, 0])).rejects.toThrow(
      /obs\.y must hold class numbers.*StringIndexer/,
    );
  });

  it("gives a class that is missing from the fit rows the probability 0", async () => {
    const ys = xs.map((_, i) => (i % 3 === 0 ? 3 : i % 2));
    for (const estimator of ["LogisticRegression", "RandomForestClassifier"]) {
      const { outputs } = await fitModel(estimator, xs, ys, { outputs: ["vector", "bigint"], label: "bigint" });
      for (const p of outputs[0] as number[][]) {
        expect(p).toHaveLength(4);
        expect(p[2]).toBe(0);
        near(
          p.reduce((sum, value) => sum + value, 0),
          1,
        );
      }
      expect(outputs[1]).not.toContain(2);
    }
  });

  it.each(all)("%s refuses NaN and infinity and says how many rows", async (estimator) => {
    await expect(
      fitModel(estimator, [[1], ["NaN"], [3], ["Infinity"]], [0, 1, 0, 1], { label: "bigint" }),
    ).rejects.toThrow(/Stage model: 2 rows of obs\.v hold NaN or infinite values.*Imputer/);
    if (classifiers.includes(estimator)) return;
    await expect(fitModel(estimator, [[1], [2], [3]], [0, "NaN", 1])).rejects.toThrow(/1 rows of obs\.y hold NaN/);
  });

  it.each(all)("%s leaves out rows without label, or with a weight of 0, and says so", async (estimator) => {
    const ys = [0, 1, 0, 1, null, 1];
    const { run, model } = await fitModel(estimator, [[1], [2], [3], [4], [5], [6]], ys, {
      params: estimator.startsWith("L") ? { regParam: 0.1 } : {},
      label: "bigint",
      weights: [1, 1, 2, 1, 1, 0],
    });
    expect(model.summary.rows).toBe(4);
    expect(run.messages.join("\n")).toMatch(/4 of 6 rows; the others lack an input or the label, or weigh nothing/);
    await expect(fitModel(estimator, [[1], [2]], [0, 1], { label: "bigint", weights: [1, -1] })).rejects.toThrow(
      /weights obs\.w must not be below 0/,
    );
    await expect(fitModel(estimator, [[1], [2]], [0, 1], { label: "bigint", weights: [0, 0] })).rejects.toThrow(
      /none of the 2 rows/,
    );
    await expect(fitModel(estimator, [[1], [2]], [null, null], { label: "bigint" })).rejects.toThrow(
      /obs\.y has no value at all in the 2 rows/,
    );
  });

  it("stays finite and warns where several classes are told apart without error", async () => {
    const { run, p } = await fitModel("LogisticRegression", [[1], [2], [11], [12], [21], [22]], [0, 0, 1, 1, 2, 2], {
      params: { maxIter: 1000 },
      outputs: ["vector"],
      label: "bigint",
    });
    expect((p as number[][]).flat().every(Number.isFinite)).toBe(true);
    expect(run.messages.join("\n")).toMatch(/regParam above 0/);
  });

  it("says which classes boosting and family binomial cannot tell apart, and thresholds that do not fit", async () => {
    const ys = xs.map((_, i) => i % 3);
    const wanted = { outputs: ["vector" as const], label: "bigint" as const };
    await expect(fitModel("GBTClassifier", xs, ys, wanted)).rejects.toThrow(/3 classes, and boosting tells two apart/);
    await expect(fitModel("LogisticRegression", xs, ys, { ...wanted, params: { family: "binomial" } })).rejects.toThrow(
      /family binomial tells two apart/,
    );
    await expect(
      fitModel("LogisticRegression", xs, ys, { ...wanted, params: { thresholds: [0.5, 0.5] } }),
    ).rejects.toThrow(/one number for each of the 3 classes/);
  });

  it("gives both classes' forms for family multinomial, with the probabilities of the binomial one", async () => {
    const fit = (family: string) =>
      fitModel("LogisticRegression", golden.x, golden.binary, {
        params: { family, ...LINEAR },
        outputs: ["double"],
        label: "bigint",
      });
    const [two, one] = [await fit("multinomial"), await fit("binomial")];
    expect(two.learned.coefficients).toHaveLength(2);
    one.p.forEach((p, i) => near(two.p[i], Number(p), 6));
  });

  it("refuses a fit that would hold too much, with the sum", async () => {
    const small = await openSmallWorld((dataDirectory) =>
      createLocalEngine({ dataDirectory, threads: 1, memoryLimit: "256MB" }),
    );
    const location = await small.write(
      "wide.parquet",
      "SELECT i AS id, list_transform(range(40), lambda j: (i * j % 97)::DOUBLE) AS v, i % 2 AS y FROM range(400000) t(i)",
    );
    const sources = [
      obsSource(location, [
        { name: "v", type: "vector" },
        { name: "y", type: "bigint" },
      ]),
    ];
    const model = stage("model", {
      estimator: "RandomForestClassifier",
      inputs: ["obs.v"],
      fitInputs: ["obs.y"],
      outputs: [{ column: "obs.p", type: "double" }],
    });
    await expect(small.run({ entities: [obsEntity()], sources, stages: [model] })).rejects.toThrow(
      /Stage model: fitting 400,000 rows of 40 columns takes 1\d\d MB \(126 MB for the rows \+ .*half of the engine's memory.*TRIBUTARY_ENGINE_MEMORY/,
    );
    await small.close();
  });
});

it("stops in the middle of a fit when it is cancelled", async () => {
  const location = await world.write(
    "long.parquet",
    "SELECT i AS id, [hash(i) % 1000, hash(i + 1) % 1000, hash(i + 2) % 1000]::DOUBLE[] AS v, hash(i + 3) % 2 AS y FROM range(60000) t(i)",
  );
  const sources = [
    obsSource(location, [
      { name: "v", type: "vector" },
      { name: "y", type: "bigint" },
    ]),
  ];
  const model = stage("model", {
    estimator: "RandomForestClassifier",
    inputs: ["obs.v"],
    fitInputs: ["obs.y"],
    outputs: [{ column: "obs.p", type: "double" }],
    params: { numTrees: 10000, maxDepth: 12 },
  });
  const abort = new AbortController();
  const request = { entities: [obsEntity()], sources, stages: [model], signal: abort.signal };
  setTimeout(() => abort.abort(), 3000);
  const started = performance.now();
  await expect(world.run(request)).rejects.toMatchObject({ code: "canceled" });
  expect(performance.now() - started).toBeLessThan(20_000);
});
