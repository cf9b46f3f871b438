import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { ClassNode as TreeNode } from "./kernels/tree";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;

async function fitModel(
  estimator: string,
  xs: number[][],
  ys: (number | boolean | null)[],
  params: Record<string, unknown> = {},
  output: ColumnType = "double",
) {
  const rows = xs
    .map((x, i) => `(${i}, [${x.join(", ")}]::DOUBLE[], ${ys[i] === null ? "NULL" : String(ys[i])})`)
    .join(", ");
  const location = await world.write(`model-${++files}.parquet`, `SELECT * FROM (VALUES ${rows}) t(id, v, y)`);
  const label: ColumnType = typeof ys[0] === "boolean" ? "boolean" : "bigint";
  const model = stage("model", {
    estimator,
    inputs: ["obs.v"],
    fitInputs: ["obs.y"],
    outputs: [{ column: "obs.p", type: output }],
    params,
  });
  const sources = [
    obsSource(location, [
      { name: "v", type: "vector" },
      { name: "y", type: label },
    ]),
  ];
  const run = await world.run({ entities: [obsEntity()], sources, stages: [model] });
  const fit = run.result.fits[0];
  if (!fit) throw new Error("nothing was fitted");
  return { run, model: fit.model, p: await run.column("obs.p") };
}

// Temperature at launch and distress of O-rings in 23 flights before Challenger's last (Dalal, Fowlkes and Hoadley 1989).
const TEMPERATURES = [66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58];
const DISTRESS = [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1];

describe("LogisticRegression", () => {
  it("gives the published coefficients of the O-ring data", async () => {
    const { model, p } = await fitModel(
      "LogisticRegression",
      TEMPERATURES.map((t) => [t]),
      DISTRESS,
      { tol: 1e-10 },
    );
    expect(model.learned.intercept).toBeCloseTo(15.0429, 4);
    expect((model.learned.coefficients as number[])[0]).toBeCloseTo(-0.2322, 4);
    // Residual deviance 20.315 in the published table.
    expect(Number(model.summary.logLoss) * 23 * 2).toBeCloseTo(20.315, 3);
    expect(p[0]).toBeCloseTo(1 / (1 + Math.exp(-(15.0429 - 0.23216 * 66))), 3);
  });

  it("gives both probabilities when the output is a vector, and reads a boolean label", async () => {
    const { p } = await fitModel(
      "LogisticRegression",
      TEMPERATURES.map((t) => [t]),
      DISTRESS.map((y) => y === 1),
      {},
      "vector",
    );
    for (const pair of p as number[][]) expect((pair[0] ?? 0) + (pair[1] ?? 0)).toBeCloseTo(1, 12);
  });

  it.each<[string, Record<string, unknown>]>([
    ["no penalty", {}],
    ["L2 on standardised columns", { regParam: 0.1 }],
    ["L2 on columns as they are", { regParam: 0.1, standardization: false }],
    ["no constant", { fitIntercept: false }],
  ])("stands where the gradient of Spark's objective is zero: %s", async (_, params) => {
    const random = seededRandom(3);
    const xs = Array.from({ length: 300 }, () => [random() * 4, random() * 100 - 20, random() < 0.3 ? 1 : 0]);
    const ys = xs.map((x) =>
      random() < 1 / (1 + Math.exp(-(0.8 * (x[0] ?? 0) - 0.03 * (x[1] ?? 0) - 1 + (x[2] ?? 0)))) ? 1 : 0,
    );
    const { model } = await fitModel("LogisticRegression", xs, ys, { tol: 1e-10, ...params });
    const b = model.learned.coefficients as number[];
    const b0 = Number(model.learned.intercept);
    const mean = b.map((_b, j) => xs.reduce((sum, x) => sum + (x[j] ?? 0), 0) / xs.length);
    const variance = b.map(
      (_b, j) => xs.reduce((sum, x) => sum + ((x[j] ?? 0) - (mean[j] ?? 0)) ** 2, 0) / (xs.length - 1),
    );
    const residuals = xs.map(
      (x, i) => 1 / (1 + Math.exp(-(b0 + x.reduce((sum, value, j) => sum + value * (b[j] ?? 0), 0)))) - (ys[i] ?? 0),
    );
    const regParam = Number(params.regParam ?? 0);
    b.forEach((bj, j) => {
      const penalty = regParam * bj * (params.standardization === false ? 1 : (variance[j] ?? 0));
      const gradient = residuals.reduce((sum, r, i) => sum + r * (xs[i]?.[j] ?? 0), 0) / xs.length + penalty;
      expect(Math.abs(gradient)).toBeLessThan(1e-7);
    });
    if (params.fitIntercept === false) expect(b0).toBe(0);
    else expect(Math.abs(residuals.reduce((sum, r) => sum + r, 0) / xs.length)).toBeLessThan(1e-8);
  });

  it("gives a constant column the coefficient 0 and shares weight between equal columns", async () => {
    const { model } = await fitModel(
      "LogisticRegression",
      TEMPERATURES.map((t) => [t, 1, t]),
      DISTRESS,
    );
    const b = model.learned.coefficients as number[];
    expect(b[1]).toBe(0);
    expect(b[0]).toBeCloseTo(b[2] ?? NaN, 6);
    expect((b[0] ?? 0) + (b[2] ?? 0)).toBeCloseTo(-0.2322, 3);
  });

  it("stays finite and warns when the classes are told apart without error", async () => {
    const { model, p, run } = await fitModel("LogisticRegression", [[1], [2], [3], [4]], [0, 0, 1, 1]);
    expect((model.learned.coefficients as number[]).every(Number.isFinite)).toBe(true);
    expect((p as number[]).every(Number.isFinite)).toBe(true);
    expect(run.messages.some((message) => /regParam/.test(message))).toBe(true);
  });

  it("leaves rows without a label out and says so", async () => {
    const { run, model } = await fitModel("LogisticRegression", [[1], [2], [3], [4], [2]], [0, 1, 0, 1, null]);
    expect(model.summary.rows).toBe(4);
    expect(run.messages.some((message) => /4 of 5 rows/.test(message))).toBe(true);
  });

  it.each([
    [[0, 0, 0], /only false in the 3 rows/],
    [[0, 1, 2], /must be true or false, or 1 or 0/],
    [[null, null, null], /no value at all/],
  ])("refuses the label %j", async (ys, message) => {
    await expect(fitModel("LogisticRegression", [[1], [2], [3]], ys)).rejects.toThrow(message);
  });
});

describe("LinearRegression", () => {
  it("gives the published coefficients of Anscombe's first set", async () => {
    const xs = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const ys = [804, 695, 758, 881, 833, 996, 724, 426, 1084, 482, 568];
    const { model, p } = await fitModel(
      "LinearRegression",
      xs.map((x) => [x, 3]),
      ys,
    );
    const [slope, constant] = model.learned.coefficients as number[];
    expect(slope).toBeCloseTo(50.00909, 4);
    expect(constant).toBe(0);
    expect(model.learned.intercept).toBeCloseTo(300.00909, 4);
    expect(model.summary.r2).toBeCloseTo(0.66654, 4);
    expect(p[0]).toBeCloseTo(800.1, 1);
  });
});

describe("PCA", () => {
  it("gives the directions that Spark's documentation prints, up to their sign", async () => {
    const rows = [
      [0, 1, 0, 7, 0],
      [2, 0, 3, 4, 5],
      [4, 0, 0, 6, 7],
    ];
    const location = await world.write(
      "pca.parquet",
      `SELECT * FROM (VALUES ${rows.map((row, i) => `(${i}, [${row.join(", ")}]::DOUBLE[])`).join(", ")}) t(id, v)`,
    );
    const pca = stage("pca", {
      estimator: "PCA",
      inputs: ["obs.v"],
      outputs: [{ column: "obs.z", type: "vector" }],
      params: { k: 3 },
    });
    const run = await world.run({
      entities: [obsEntity()],
      sources: [obsSource(location, [{ name: "v", type: "vector" }])],
      stages: [pca],
    });
    const found = (await run.column("obs.z")) as number[][];
    const printed = [
      [1.6485728230883807, -4.013282700516296],
      [-4.645104331781534, -1.1167972663619026],
      [-6.428880535676489, -5.337951427775355],
    ];
    printed.forEach((row, i) =>
      row.forEach((x, j) => expect(Math.abs(found[i]?.[j] ?? NaN)).toBeCloseTo(Math.abs(x), 6)),
    );
  });
});

function gini(ys: number[]): number {
  const p = ys.reduce((sum, y) => sum + y, 0) / ys.length;
  return 2 * p * (1 - p);
}

describe("DecisionTreeClassifier", () => {
  it("asks the one question that decides, midway between values", async () => {
    const { model, p } = await fitModel(
      "DecisionTreeClassifier",
      Array.from({ length: 10 }, (_, i) => [7, i]),
      Array.from({ length: 10 }, (_, i) => (i >= 5 ? 1 : 0)),
    );
    expect(model.learned.tree).toEqual({
      counts: [5, 5],
      feature: 1,
      threshold: 4.5,
      left: { counts: [5, 0] },
      right: { counts: [0, 5] },
    });
    expect(p).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(model.expressions["obs.p"]).toContain("v[2] <= 4.5e0");
  });

  it("chooses the split with the greatest gain of all, found by brute force", async () => {
    const random = seededRandom(11);
    const xs = Array.from({ length: 200 }, () => [
      Math.floor(random() * 20),
      Math.floor(random() * 20),
      Math.floor(random() * 20),
    ]);
    const ys = xs.map((x) => (random() < ((x[1] ?? 0) > 12 ? 0.8 : 0.3) ? 1 : 0));
    const { model } = await fitModel("DecisionTreeClassifier", xs, ys, { maxDepth: 1 });
    let best = { gain: -1, feature: -1, threshold: 0 };
    for (let feature = 0; feature < 3; feature++) {
      for (let cut = 0; cut < 19; cut++) {
        const left = ys.filter((_, i) => (xs[i]?.[feature] ?? 0) <= cut);
        const right = ys.filter((_, i) => (xs[i]?.[feature] ?? 0) > cut);
        if (left.length === 0 || right.length === 0) continue;
        const gain = gini(ys) - (left.length * gini(left) + right.length * gini(right)) / ys.length;
        if (gain > best.gain + 1e-12) best = { gain, feature, threshold: cut + 0.5 };
      }
    }
    const tree = model.learned.tree as TreeNode;
    expect({ feature: tree.feature, threshold: tree.threshold }).toEqual({
      feature: best.feature,
      threshold: best.threshold,
    });
  });

  it("scores every row with the share of its leaf", async () => {
    const random = seededRandom(5);
    const xs = Array.from({ length: 500 }, () => [random() * 10, random() * 10]);
    const ys = xs.map((x) => ((x[0] ?? 0) + (x[1] ?? 0) > 10 ? 1 : 0));
    const { model, p } = await fitModel("DecisionTreeClassifier", xs, ys, {
      maxDepth: 4,
      minInstancesPerNode: 10,
      impurity: "entropy",
    });
    const leaf = (node: TreeNode, x: number[]): TreeNode =>
      node.left && node.right
        ? leaf((x[node.feature ?? 0] ?? 0) <= (node.threshold ?? 0) ? node.left : node.right, x)
        : node;
    const members = new Map<TreeNode, number[]>();
    xs.forEach((x, i) => {
      const own = leaf(model.learned.tree as TreeNode, x);
      members.set(own, [...(members.get(own) ?? []), i]);
    });
    for (const [node, rows] of members) {
      const positives = rows.filter((i) => ys[i] === 1).length;
      expect(node.counts).toEqual([rows.length - positives, positives]);
      expect(rows.length).toBeGreaterThanOrEqual(10);
      for (const i of rows) expect(p[i]).toBeCloseTo(positives / rows.length, 9);
    }
    expect(Number(model.summary.depth)).toBe(4);
  });

  it("tells several classes apart in a vector and refuses to squeeze them into one probability", async () => {
    const xs = [[1], [2], [3], [4], [5], [6]];
    const ys = [0, 0, 1, 1, 2, 2];
    expect((await fitModel("DecisionTreeClassifier", xs, ys, {}, "vector")).p).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ]);
    await expect(fitModel("DecisionTreeClassifier", xs, ys)).rejects.toThrow(/3 classes/);
  });

  it("refuses a label with one value", async () => {
    await expect(fitModel("DecisionTreeClassifier", [[1], [2]], [1, 1])).rejects.toThrow(/only the value 1/);
  });
});
