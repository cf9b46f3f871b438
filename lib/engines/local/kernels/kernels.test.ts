import { describe, expect, it } from "vitest";
import golden from "@/test/fixtures/kernels/scikit-learn-models.json";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { solveSymmetric } from "../operators/solve-symmetric";
import { type BinnedColumns, binColumns, findThresholds } from "./bins";
import { type Boosted, type BoostingRules, boostTrees, sumTrees } from "./boosting";
import { type Design, denseDesign, sparseDesign, toSparse } from "./design";
import { drawColumns, drawRows, growForest } from "./forest";
import { runToEnd } from "./kernel";
import { fitBinomial, fitLinear, fitMultinomial } from "./linear-models";
import { minimise } from "./minimise";
import { contentOrder, reorder } from "./row-order";
import { type Impurity, findLeaf, growClassTree, growNumberTree, shareOut } from "./tree";

const ROWS = golden.x.length;
const WIDTH = golden.x[0]?.length ?? 0;
const columnsOf = (x: number[][]) =>
  Array.from({ length: x[0]?.length ?? 0 }, (_, j) => Float64Array.from(x, (row) => row[j] ?? NaN));
const binned = (x: number[][], maxBins = 32): BinnedColumns => runToEnd(binColumns(columnsOf(x), x.length, maxBins));
const weights = Float64Array.from(golden.weights);
const TREE = { maxDepth: 4, minInstancesPerNode: 3, minInfoGain: 0 };

describe("findThresholds", () => {
  it.each([
    ["midway between few values", [1, 1, 2, 4], 4, [1.5, 3]],
    ["nothing for a constant", [3, 3, 3], 4, []],
    ["quantiles of many", [1, 2, 3, 4, 5, 6, 7, 8], 4, [2, 4, 6]],
    ["no cut at the largest", [1, 2, 3, 9, 9, 9, 9, 9, 9], 3, [3]],
    ["no sum beyond the largest double", [2 ** 1023, 1.5 * 2 ** 1023], 4, [1.25 * 2 ** 1023]],
  ])("cuts %s", (_, values, maxBins, cuts) => {
    expect(findThresholds(Float64Array.from(values), maxBins)).toEqual(cuts);
  });

  it("keeps neighbours of the same double apart", () => {
    const next = 1 + Number.EPSILON;
    expect(findThresholds(Float64Array.from([1, next]), 4)).toEqual([1]);
  });
});

describe("trees", () => {
  it.each(
    golden.trees.map((tree) => [`${tree.target}, ${tree.impurity}${tree.weighted ? ", weighted" : ""}`, tree] as const),
  )("predict what scikit-learn's do: %s", (_, { target, impurity, weighted, predictions, importances, leaves }) => {
    const rules = { ...TREE, impurity: impurity as Impurity };
    const rest = { columns: binned(golden.x), draws: null, weights: weighted ? weights : null };
    if (target === "number") {
      const tree = runToEnd(growNumberTree({ ...rest, target: Float64Array.from(golden.number), classes: 0 }, rules));
      golden.x.forEach((x, i) => expect(findLeaf(tree.root, x).value).toBeCloseTo(predictions[i] as number, 9));
      expect(tree.leaves).toBe(leaves);
      shareOut(tree.gains).forEach((share, j) => expect(share).toBeCloseTo(importances[j] ?? NaN, 9));
      return;
    }
    const labels = target === "multi" ? golden.multi : golden.binary;
    const classes = target === "multi" ? 3 : 2;
    const tree = runToEnd(growClassTree({ ...rest, target: Uint8Array.from(labels), classes }, rules));
    golden.x.forEach((x, i) => {
      const { counts } = findLeaf(tree.root, x);
      const total = counts.reduce((sum, n) => sum + n, 0);
      counts.forEach((n, c) => expect(n / total).toBeCloseTo((predictions[i] as number[])[c] ?? NaN, 9));
    });
    expect(tree.leaves).toBe(leaves);
    shareOut(tree.gains).forEach((share, j) => expect(share).toBeCloseTo(importances[j] ?? NaN, 9));
  });

  it("gives way between pieces of work", () => {
    const random = seededRandom(1);
    const x = Array.from({ length: 60_000 }, () => Array.from({ length: 20 }, () => random()));
    const kernel = growClassTree(
      {
        columns: binned(x),
        target: Uint8Array.from(x, () => (random() > 0.5 ? 1 : 0)),
        classes: 2,
        draws: null,
        weights: null,
      },
      { ...TREE, impurity: "gini" },
    );
    let pauses = 0;
    while (!kernel.next().done) pauses++;
    expect(pauses).toBeGreaterThan(1);
  });

  it.each([
    ["maxDepth", { ...TREE, maxDepth: 0 }],
    ["minInstancesPerNode", { ...TREE, minInstancesPerNode: ROWS }],
    ["minInfoGain", { ...TREE, minInfoGain: 10 }],
  ])("ask nothing where %s forbids it", (_, rules) => {
    const tree = runToEnd(
      growClassTree(
        { columns: binned(golden.x), target: Uint8Array.from(golden.binary), classes: 2, draws: null, weights: null },
        { ...rules, impurity: "gini" },
      ),
    );
    expect(tree.leaves).toBe(1);
    expect(tree.root.left).toBeUndefined();
  });

  it("split numbers with a small spread about a large mean by their spread alone", () => {
    const x = Array.from({ length: 40 }, (_, i) => [i, 7]);
    const target = Float64Array.from(x, ([i]) => ((i ?? 0) < 13 ? -1e-6 : 1e-6));
    const tree = runToEnd(
      growNumberTree(
        { columns: binned(x, 64), target, classes: 0, draws: null, weights: null },
        { ...TREE, impurity: "variance" },
      ),
    );
    expect(tree.root).toMatchObject({ feature: 0, threshold: 12.5 });
    expect(tree.leaves).toBe(2);
  });
});

describe("forests", () => {
  const grow = (order: number[], seed = 42) => {
    const x = order.map((i) => golden.x[i] ?? []);
    const plain = binned(x);
    const y = Uint8Array.from(order, (i) => golden.binary[i] ?? 0);
    const own = contentOrder(ROWS, [...plain.bins, y]);
    const columns = { ...plain, bins: plain.bins.map((column) => reorder(column, own)) };
    return runToEnd(
      growForest(
        { columns, target: reorder(y, own), classes: 2, weights: null },
        { ...TREE, impurity: "gini", numTrees: 8, subset: 2, subsamplingRate: 0.7, seed },
        growClassTree,
      ),
    );
  };
  const inOrder = Array.from({ length: ROWS }, (_, i) => i);

  it("follow from the seed and not from the order of the rows", () => {
    const forest = grow(inOrder);
    expect(grow(inOrder.toReversed())).toEqual(forest);
    expect(grow(inOrder, 43)).not.toEqual(forest);
    expect("trees" in forest && new Set(forest.trees.map((tree) => JSON.stringify(tree))).size).toBe(8);
    if ("importances" in forest) expect(forest.importances.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it("draw rows at the rate and columns without repeats", () => {
    const draws = drawRows(100_000, 0.7, 3, 5, false) ?? new Uint8Array();
    const total = draws.reduce((sum, n) => sum + n, 0);
    // Five standard deviations of a Poisson count; its variance is its mean.
    expect(Math.abs(total - 70_000)).toBeLessThan(5 * Math.sqrt(70_000));
    const squares = draws.reduce((sum, n) => sum + n * n, 0) / 100_000;
    expect(squares).toBeCloseTo(0.7 + 0.49, 1);
    expect(Math.max(...(drawRows(1000, 0.3, 3, 5, true) ?? []))).toBe(1);
    const seen = new Set<number>();
    for (let node = 1; node < 40; node++) {
      const drawn = drawColumns(9, 3, 42, 0, node);
      expect(new Set(drawn).size).toBe(3);
      drawn.forEach((f) => seen.add(f));
    }
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("name the tree that draws no row", () => {
    const y = Uint8Array.from(golden.binary);
    const rules = { ...TREE, impurity: "gini" as const, numTrees: 2, subset: 4, subsamplingRate: 0, seed: 1 };
    expect(
      runToEnd(growForest({ columns: binned(golden.x), target: y, classes: 2, weights: null }, rules, growClassTree)),
    ).toEqual({ emptyTree: 0 });
  });
});

describe("boosting", () => {
  const boost = (target: number[], rules: Partial<BoostingRules>): Boosted => {
    const found = runToEnd(
      boostTrees(
        { columns: binned(golden.x), target: Float64Array.from(target), weights: null },
        {
          loss: "squared",
          maxIter: 10,
          stepSize: 0.1,
          subset: WIDTH,
          subsamplingRate: 1,
          seed: 1,
          maxDepth: 3,
          minInstancesPerNode: 1,
          minInfoGain: 0,
          ...rules,
        },
      ),
    );
    if ("emptyTree" in found) throw new Error("a tree drew no row");
    return found;
  };

  it("of numbers predicts what scikit-learn's trees on the same gradients do", () => {
    const boosted = boost(golden.number, {});
    golden.x.forEach((x, i) => expect(sumTrees(boosted, x)).toBeCloseTo(golden.squared[i] ?? NaN, 7));
    expect(boosted.treeWeights).toEqual([1, ...new Array<number>(9).fill(0.1)]);
    expect(boosted.losses).toEqual([...boosted.losses].sort((a, b) => b - a));
  });

  it("of a yes or no predicts what scikit-learn's trees on the same gradients do", () => {
    const boosted = boost(
      golden.binary.map((y) => 2 * y - 1),
      { loss: "logistic" },
    );
    golden.x.forEach((x, i) =>
      expect(1 / (1 + Math.exp(-2 * sumTrees(boosted, x)))).toBeCloseTo(golden.logistic[i] ?? NaN, 9),
    );
  });

  it("lowers the mean distance for the absolute loss, and adds up rows that a tree did not see", () => {
    const { losses } = boost(golden.number, { loss: "absolute", maxIter: 60, stepSize: 1 });
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
    const some = boost(golden.number, { subsamplingRate: 0.5 });
    const loss = golden.x.reduce((sum, x, i) => sum + (sumTrees(some, x) - (golden.number[i] ?? NaN)) ** 2, 0) / ROWS;
    expect(some.losses.at(-1)).toBeCloseTo(loss, 6);
  });
});

describe("linear models", () => {
  const columns = columnsOf(golden.x);
  const designs: [string, Design][] = [
    ["dense", denseDesign(columns, ROWS)],
    ["sparse", sparseDesign(toSparse(columns, ROWS))],
  ];
  const cases = golden.linear.flatMap((one) =>
    designs.map(([kind, design]) => [one.target, kind, JSON.stringify(one.rules), one.weighted, design, one] as const),
  );

  it.each(cases)(
    "of %s on %s rows give scikit-learn's coefficients: %s, weighted %s",
    (target, _, __, weighted, design, { rules, coefficients, intercepts }) => {
      const all = { ...rules, maxIter: 3000, tol: 1e-10 };
      const own = weighted ? weights : null;
      const fit = runToEnd(
        target === "number"
          ? fitLinear(design, Float64Array.from(golden.number), own, all, solveSymmetric)
          : target === "multi"
            ? fitMultinomial(design, Uint8Array.from(golden.multi), 3, own, all)
            : fitBinomial(design, Uint8Array.from(golden.binary), own, all, solveSymmetric),
      );
      // Without a penalty scikit-learn leaves classes where it found them; differences between classes are what counts.
      const centre = (rows: number[][]) => {
        if (target !== "multi") return rows;
        const means = rows[0]?.map((___, j) => rows.reduce((sum, row) => sum + (row[j] ?? 0), 0) / rows.length) ?? [];
        return rows.map((row) => row.map((b, j) => b - (means[j] ?? 0)));
      };
      const wanted = centre(coefficients);
      centre(fit.coefficients).forEach((row, k) =>
        row.forEach((b, j) => expect(b).toBeCloseTo(wanted[k]?.[j] ?? NaN, 5)),
      );
      const wantedConstants = centre(intercepts.map((b) => [b]));
      centre(fit.intercepts.map((b) => [b])).forEach(([b], k) =>
        expect(b).toBeCloseTo(wantedConstants[k]?.[0] ?? NaN, 4),
      );
      if (rules.elasticNetParam === 1 && rules.regParam > 0)
        coefficients.forEach((row, k) => row.forEach((b, j) => b === 0 && expect(fit.coefficients[k]?.[j]).toBe(0)));
    },
  );

  it("by Newton and by L-BFGS are the same", () => {
    const wide = [...columns, ...Array.from({ length: 70 }, () => new Float64Array(ROWS).fill(3))];
    const rules = {
      fitIntercept: true,
      standardization: true,
      regParam: 0.01,
      elasticNetParam: 0,
      maxIter: 1000,
      tol: 1e-11,
    };
    const y = Uint8Array.from(golden.binary);
    const newton = runToEnd(fitBinomial(denseDesign(columns, ROWS), y, null, rules, solveSymmetric));
    const lbfgs = runToEnd(fitBinomial(denseDesign(wide, ROWS), y, null, rules, solveSymmetric));
    newton.coefficients[0]?.forEach((b, j) => expect(lbfgs.coefficients[0]?.[j]).toBeCloseTo(b, 8));
    expect(lbfgs.coefficients[0]?.slice(WIDTH).every((b) => b === 0)).toBe(true);
    expect(lbfgs.loss).toBeCloseTo(newton.loss, 11);
  });

  it("keep their digits far from zero", () => {
    const far = columns.map((column) => column.map((x) => x + 1e8));
    const rules = {
      fitIntercept: true,
      standardization: true,
      regParam: 0.05,
      elasticNetParam: 0.5,
      maxIter: 1000,
      tol: 1e-9,
    };
    const near = runToEnd(
      fitLinear(denseDesign(columns, ROWS), Float64Array.from(golden.number), null, rules, solveSymmetric),
    );
    const moved = runToEnd(
      fitLinear(denseDesign(far, ROWS), Float64Array.from(golden.number), null, rules, solveSymmetric),
    );
    near.coefficients[0]?.forEach((b, j) => expect(moved.coefficients[0]?.[j]).toBeCloseTo(b, 5));
  });
});

describe("minimise", () => {
  it("finds the bottom of Rosenbrock's valley", () => {
    const rosenbrock = function* ([a = 0, b = 0]: Float64Array, gradient: Float64Array) {
      gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
      gradient[1] = 200 * (b - a * a);
      yield null;
      return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
    };
    const { x, converged } = runToEnd(
      minimise(rosenbrock, Float64Array.from([-1.2, 1]), { maxIter: 200, tol: 1e-8, l1: null }),
    );
    expect(converged).toBe(true);
    expect(x[0]).toBeCloseTo(1, 6);
    expect(x[1]).toBeCloseTo(1, 6);
  });

  it("stops at exactly 0 where L1 outweighs the slope", () => {
    // (x − 3)² + |x| has its least at 2.5; (y − 0.2)² + |y| at 0.
    const parabola = function* ([a = 0, b = 0]: Float64Array, gradient: Float64Array) {
      gradient[0] = 2 * (a - 3);
      gradient[1] = 2 * (b - 0.2);
      yield null;
      return (a - 3) ** 2 + (b - 0.2) ** 2;
    };
    const { x } = runToEnd(
      minimise(parabola, Float64Array.from([0, 1]), { maxIter: 100, tol: 1e-9, l1: Float64Array.from([1, 1]) }),
    );
    expect(x[0]).toBeCloseTo(2.5, 8);
    expect(x[1]).toBe(0);
  });
});
