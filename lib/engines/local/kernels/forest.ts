/** Forests: trees that differ by their rows and, at every node, by the columns that a split may choose from. */
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import type { Kernel } from "./kernel";
import { type GrownTree, type TreeRows, type TreeRules, shareOut } from "./tree";

export interface ForestRules extends Omit<TreeRules, "candidates"> {
  numTrees: number;
  /** Columns that each split may choose from. */
  subset: number;
  /** Mean number of times that a row is in a tree; a single tree has it at most once. */
  subsamplingRate: number;
  seed: number;
}

export interface Forest<Node> {
  trees: Node[];
  depth: number;
  leaves: number;
  /** By column: mean over trees of their shares of the gain, which add up to 1 or are all 0. */
  importances: number[];
}

/** How many columns a split may choose from, as Spark counts; auto is `few` for several trees and all for one. */
export function subsetSize(strategy: string, columns: number, numTrees: number, few: "sqrt" | "onethird"): number {
  switch (strategy === "auto" ? (numTrees === 1 ? "all" : few) : strategy) {
    case "sqrt":
      return Math.ceil(Math.sqrt(columns));
    case "log2":
      return Math.max(1, Math.ceil(Math.log2(columns)));
    case "onethird":
      return Math.ceil(columns / 3);
    default:
      return columns;
  }
}

/** `size` different columns of all, the same for equal seed, tree and node, ascending. */
export function drawColumns(columns: number, size: number, seed: number, tree: number, node: number): number[] {
  const random = seededRandom((seed % 2 ** 32) + tree * 0x9e3779b1 + node * 0x85ebca6b);
  const left = Array.from({ length: columns }, (_, i) => i);
  // The first `size` places of a shuffle.
  for (let i = 0; i < size; i++) {
    const other = i + Math.floor(random() * (columns - i));
    [left[i], left[other]] = [left[other]!, left[i]!];
  }
  return left.slice(0, size).sort((a, b) => a - b);
}

/** Few rows may be drawn all zero times; they are drawn again so often. */
const DRAWS = 100;

/**
 * How often each row is in a tree: Poisson with mean `rate`, or at most once for a single tree. Null when no row is drawn, which
 * only happens at a rate of next to nothing.
 */
export function drawRows(rows: number, rate: number, seed: number, tree: number, isSingle: boolean): Uint8Array | null {
  const random = seededRandom((seed % 2 ** 32) * 31 + (tree + 1) * 0x6c62272e);
  for (let attempt = 0; attempt < DRAWS && rate > 0; attempt++) {
    const draws = drawOnce(rows, rate, random, isSingle);
    if (draws.some((n) => n > 0)) return draws;
  }
  return null;
}

function drawOnce(rows: number, rate: number, random: () => number, isSingle: boolean): Uint8Array {
  const draws = new Uint8Array(rows);
  // The shares of the Poisson distribution, added up once.
  const below: number[] = [];
  let share = Math.exp(-rate);
  for (let n = 0, sum = share; sum < 1 - 1e-12 && n < 255; n++) {
    below.push(sum);
    share *= rate / (n + 1);
    sum += share;
  }
  for (let row = 0; row < rows; row++) {
    const u = random();
    if (isSingle) draws[row] = u < rate ? 1 : 0;
    else {
      let n = 0;
      while (n < below.length && u >= below[n]!) n++;
      draws[row] = n;
    }
  }
  return draws;
}

/**
 * Grows the trees one after the other. Rows should lie in an order of their own (`contentOrder`), because draws go by position.
 * Answers `emptyTree` for the first tree that draws no row.
 */
export function* growForest<Node>(
  rows: Omit<TreeRows, "draws">,
  rules: ForestRules,
  grow: (rows: TreeRows, rules: TreeRules) => Kernel<GrownTree<Node>>,
): Kernel<Forest<Node> | { emptyTree: number }> {
  const { numTrees, subset, subsamplingRate, seed, ...treeRules } = rules;
  const columns = rows.columns.bins.length;
  const importances = new Float64Array(columns);
  const forest: Forest<Node> = { trees: [], depth: 0, leaves: 0, importances: [] };
  const seesAll = numTrees === 1 && subsamplingRate === 1;
  for (let t = 0; t < numTrees; t++) {
    const draws = seesAll ? null : drawRows(rows.columns.rows, subsamplingRate, seed, t, numTrees === 1);
    if (!seesAll && !draws) return { emptyTree: t };
    const candidates = subset < columns ? (node: number) => drawColumns(columns, subset, seed, t, node) : null;
    const tree = yield* grow({ ...rows, draws }, { ...treeRules, candidates });
    forest.trees.push(tree.root);
    forest.depth = Math.max(forest.depth, tree.depth);
    forest.leaves += tree.leaves;
    shareOut(tree.gains).forEach((share, f) => (importances[f]! += share));
    yield `tree ${t + 1} of ${numTrees}`;
  }
  forest.importances = shareOut(importances);
  return forest;
}
