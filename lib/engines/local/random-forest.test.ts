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

/** Rows in the given order of ids; answers the model and the output by id. */
async function fitModel(
  estimator: string,
  xs: number[][],
  ys: number[],
  params: Record<string, unknown>,
  options: { output?: ColumnType; reversed?: boolean } = {},
) {
  const rows = xs.map((x, i) => `(${i}, [${x.join(", ")}]::DOUBLE[], ${ys[i]})`);
  if (options.reversed) rows.reverse();
  const query = `SELECT * FROM (VALUES ${rows.join(", ")}) t(id, v, y)`;
  const location = await world.write(`forest-${++files}.parquet`, query);
  const sources = [
    obsSource(location, [
      { name: "v", type: "vector" },
      { name: "y", type: "bigint" },
    ]),
  ];
  const model = stage("model", {
    estimator,
    inputs: ["obs.v"],
    fitInputs: ["obs.y"],
    outputs: [{ column: "obs.p", type: options.output ?? "double" }],
    params,
  });
  const run = await world.run({ entities: [obsEntity()], sources, stages: [model] });
  return { learned: run.result.fits[0]?.model.learned ?? {}, p: await run.column("obs.p") };
}

const random = seededRandom(7);
const XS = Array.from({ length: 600 }, () => [random() * 10, random() * 10, random() * 10, random() * 10]);
const YS = XS.map((x) => ((x[0] ?? 0) + (x[1] ?? 0) > 10 ? 1 : 0));

const share = (node: TreeNode, x: number[], c: number): number =>
  node.left && node.right
    ? share((x[node.feature ?? 0] ?? 0) <= (node.threshold ?? 0) ? node.left : node.right, x, c)
    : (node.counts[c] ?? 0) / node.counts.reduce((sum, n) => sum + n, 0);

describe("RandomForestClassifier", () => {
  it("is the decision tree when it has one tree that sees all", async () => {
    const forest = await fitModel("RandomForestClassifier", XS, YS, { numTrees: 1 });
    const tree = await fitModel("DecisionTreeClassifier", XS, YS, {});
    expect((forest.learned.trees as TreeNode[])[0]).toEqual(tree.learned.tree);
    expect(forest.p).toEqual(tree.p);
  });

  it("scores with the mean of its trees' shares, which differ", async () => {
    const { learned, p } = await fitModel("RandomForestClassifier", XS, YS, { numTrees: 10 });
    const trees = learned.trees as TreeNode[];
    expect(trees).toHaveLength(10);
    expect(new Set(trees.map((tree) => JSON.stringify(tree))).size).toBe(10);
    XS.forEach((x, i) => {
      const mean = trees.reduce((sum, tree) => sum + share(tree, x, 1), 0) / trees.length;
      expect(p[i]).toBeCloseTo(mean, 9);
    });
    const right = YS.filter((y, i) => Number(p[i]) > 0.5 === (y === 1)).length;
    expect(right / YS.length).toBeGreaterThan(0.9);
  });

  it("is the same whatever the order of the rows, and another with another seed", async () => {
    const params = { numTrees: 3, subsamplingRate: 0.5 };
    const first = await fitModel("RandomForestClassifier", XS, YS, params);
    const again = await fitModel("RandomForestClassifier", XS, YS, params, { reversed: true });
    const other = await fitModel("RandomForestClassifier", XS, YS, { ...params, seed: -5 });
    expect(again.learned).toEqual(first.learned);
    expect(other.learned).not.toEqual(first.learned);
  });

  it("draws as many rows as the rate says, equal rows one by one", async () => {
    const xs = Array.from({ length: 2000 }, (_, i) => [i % 2]);
    const ys = xs.map((x) => x[0] ?? 0);
    for (const [numTrees, subsamplingRate] of [
      [5, 1],
      [5, 0.3],
      [1, 0.3],
    ] as const) {
      const { learned } = await fitModel("RandomForestClassifier", xs, ys, { numTrees, subsamplingRate });
      for (const tree of learned.trees as TreeNode[]) {
        const drawn = tree.counts.reduce((sum, n) => sum + n, 0);
        // Five standard deviations of a Poisson count.
        expect(Math.abs(drawn - 2000 * subsamplingRate)).toBeLessThan(5 * Math.sqrt(2000 * subsamplingRate));
        expect(Math.min(...tree.counts)).toBeGreaterThan(200 * subsamplingRate);
      }
    }
  });

  it.each([
    ["auto", 2],
    ["sqrt", 2],
    ["onethird", 2],
    ["log2", 2],
    ["all", 1],
  ])("with %s columns to choose from, roots ask at least %i different questions", async (strategy, least) => {
    const ys = XS.map((x) => ((x[3] ?? 0) > 5 ? 1 : 0));
    const params = { numTrees: 12, featureSubsetStrategy: strategy, maxDepth: 1 };
    const { learned } = await fitModel("RandomForestClassifier", XS, ys, params);
    const roots = new Set((learned.trees as TreeNode[]).map((tree) => tree.feature));
    expect(roots.size).toBeGreaterThanOrEqual(least);
    if (strategy === "all") expect([...roots]).toEqual([3]);
  });

  it("tells several classes apart in a vector", async () => {
    const ys = XS.map((x) => Math.min(2, Math.floor((x[2] ?? 0) / 3.4)));
    const { p } = await fitModel(
      "RandomForestClassifier",
      XS,
      ys,
      { featureSubsetStrategy: "all" },
      { output: "vector" },
    );
    for (const vector of p as number[][]) expect(vector.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 8);
    const right = ys.filter((y, i) => ((p[i] as number[])[y] ?? 0) > 0.5).length;
    expect(right / ys.length).toBeGreaterThan(0.95);
  });

  it("says when a tree draws no row", async () => {
    await expect(fitModel("RandomForestClassifier", XS, YS, { subsamplingRate: 0 })).rejects.toThrow(/subsamplingRate/);
  });
});
