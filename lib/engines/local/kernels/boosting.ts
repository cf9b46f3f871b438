/** Gradient boosting as Spark ML has it: every tree is a regression tree on the negative gradient of the loss at what there is so far. */
import { drawColumns, drawRows } from "./forest";
import type { Kernel } from "./kernel";
import { type NumberNode, type TreeRows, type TreeRules, findLeaf, growNumberTree, shareOut } from "./tree";

export type BoostingLoss = "logistic" | "squared" | "absolute";

export interface BoostingRules extends Omit<TreeRules, "candidates" | "impurity"> {
  loss: BoostingLoss;
  /** Trees. */
  maxIter: number;
  stepSize: number;
  subset: number;
  /** Share of the rows that each tree sees. */
  subsamplingRate: number;
  seed: number;
}

export interface Boosted {
  trees: NumberNode[];
  /** What each tree counts: 1 for the first, which predicts the label itself, and the step size for the others. */
  treeWeights: number[];
  depth: number;
  leaves: number;
  /** Shares of the gain of all trees. */
  importances: number[];
  /** Mean loss on the rows that it was fitted on, after each tree. */
  losses: number[];
}

/** Spark's: 2·ln(1 + e^(−2yF)) for labels y of −1 and 1, the square, and the distance. */
function lossOf(loss: BoostingLoss, y: number, f: number): number {
  if (loss === "squared") return (y - f) * (y - f);
  if (loss === "absolute") return Math.abs(y - f);
  const margin = -2 * y * f;
  return 2 * (Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))));
}

function negativeGradient(loss: BoostingLoss, y: number, f: number): number {
  if (loss === "squared") return 2 * (y - f);
  if (loss === "absolute") return Math.sign(y - f);
  return (4 * y) / (1 + Math.exp(2 * y * f));
}

/**
 * @param rows target −1 and 1 for the logistic loss, else numbers, best centred. Draws are by position, as in a forest.
 * Answers `emptyTree` for the first tree that draws no row.
 */
export function* boostTrees(
  rows: Omit<TreeRows, "draws" | "classes"> & { target: Float64Array },
  rules: BoostingRules,
): Kernel<Boosted | { emptyTree: number }> {
  const { loss, maxIter, stepSize, subset, subsamplingRate, seed, ...treeRules } = rules;
  const { columns, target, weights } = rows;
  const residual = target.slice();
  const sums = new Float64Array(columns.rows);
  const gains = new Float64Array(columns.bins.length);
  const boosted: Boosted = { trees: [], treeWeights: [], depth: 0, leaves: 0, importances: [], losses: [] };
  for (let t = 0; t < maxIter; t++) {
    const draws = subsamplingRate < 1 ? drawRows(columns.rows, subsamplingRate, seed, t, true) : null;
    if (subsamplingRate < 1 && !draws) return { emptyTree: t };
    const step = t === 0 ? 1 : stepSize;
    const tree = yield* growNumberTree(
      { columns, target: residual, classes: 0, draws, weights },
      {
        ...treeRules,
        impurity: "variance",
        candidates:
          subset < columns.bins.length ? (node) => drawColumns(columns.bins.length, subset, seed, t, node) : null,
      },
      draws
        ? null
        : (leaf, index, from, to) => {
            for (let i = from; i < to; i++) sums[index[i]!]! += step * leaf.value;
          },
    );
    if (draws) addBinned(tree.root, columns.bins, columns.thresholds, sums, step);
    boosted.trees.push(tree.root);
    boosted.treeWeights.push(step);
    boosted.depth = Math.max(boosted.depth, tree.depth);
    boosted.leaves += tree.leaves;
    tree.gains.forEach((gain, f) => (gains[f]! += gain));
    let total = 0;
    let weighed = 0;
    for (let row = 0; row < columns.rows; row++) {
      const weight = weights ? weights[row]! : 1;
      total += weight * lossOf(loss, target[row]!, sums[row]!);
      weighed += weight;
      residual[row] = negativeGradient(loss, target[row]!, sums[row]!);
    }
    boosted.losses.push(total / weighed);
    yield `tree ${t + 1} of ${maxIter}, loss ${(total / weighed).toPrecision(6)}`;
  }
  boosted.importances = shareOut(gains);
  return boosted;
}

/** Adds what a tree says of every row, by the rows' intervals. */
function addBinned(
  root: NumberNode,
  bins: Uint8Array[],
  thresholds: number[][],
  sums: Float64Array,
  step: number,
): void {
  for (let row = 0; row < sums.length; row++) {
    let node = root;
    while (node.left && node.right) {
      const f = node.feature!;
      const bin = bins[f]![row]!;
      const cuts = thresholds[f]!;
      // Interval i is at most threshold i; the last one is above all.
      node = bin < cuts.length && cuts[bin]! <= node.threshold! ? node.left : node.right;
    }
    sums[row]! += step * node.value;
  }
}

/** What the trees add up to for a row of plain numbers: what the SQL of the model does. */
export function sumTrees({ trees, treeWeights }: Pick<Boosted, "trees" | "treeWeights">, x: ArrayLike<number>): number {
  return trees.reduce((sum, tree, t) => sum + treeWeights[t]! * findLeaf(tree, x).value, 0);
}
