/**
 * Decision trees on histograms: rows lie in a list that every split partitions, and a node needs only what its rows add up to in
 * each interval of each column. The larger child of a split is its parent less the smaller one.
 */
import type { BinnedColumns } from "./bins";
import type { Kernel } from "./kernel";

/** A question `feature <= threshold`, yes goes left; or a leaf. */
interface Question<Node> {
  feature?: number;
  threshold?: number;
  left?: Node;
  right?: Node;
}

/** `counts`: weight of the fit rows of each class. */
export interface ClassNode extends Question<ClassNode> {
  counts: number[];
}

/** `value`: mean of the fit rows' numbers; `weight`: how much they weigh. */
export interface NumberNode extends Question<NumberNode> {
  value: number;
  weight: number;
}

export type Impurity = "gini" | "entropy" | "variance";

export interface TreeRules {
  impurity: Impurity;
  maxDepth: number;
  /** Least rows on each side of a split. */
  minInstancesPerNode: number;
  /** Least gain of a split: impurity of the node less the weighted mean of its sides. */
  minInfoGain: number;
  /** Columns that the node with this number may be cut by: the root is 1, and node n has 2n and 2n + 1 below. Null: all. */
  candidates?: ((node: number) => number[]) | null;
}

export interface TreeRows {
  columns: BinnedColumns;
  /** Class number or, for variance, the number of each row. */
  target: Uint8Array | Float64Array;
  /** Number of classes; 0 for numbers. */
  classes: number;
  /** How often each row counts; null once. Rows with 0 take no part. */
  draws: Uint8Array | null;
  /** What each row weighs; null 1. */
  weights: Float64Array | null;
}

export interface GrownTree<Node> {
  root: Node;
  depth: number;
  leaves: number;
  /** By column: gain times weight of the splits that ask for it, added up. */
  gains: Float64Array;
}

/** What a leaf is for: the rows `index[from..to)`, in the tree's own list. */
type LeafVisitor<Node = NumberNode> = (node: Node, index: Uint32Array, from: number, to: number) => void;

/** Gains within rounding of nothing are nothing, and of each other are equal. */
const ROUNDING = 1e-12;

interface OpenNode<Node> {
  node: Node;
  id: number;
  depth: number;
  from: number;
  to: number;
  histogram: Float64Array | null;
  totals: Float64Array;
}

interface Split {
  feature: number;
  bin: number;
  gain: number;
  left: Float64Array;
}

/** Bytes that growing one tree needs beside its rows and their columns. */
export function treeBytes(
  rows: number,
  thresholds: number,
  columns: number,
  classes: number,
  maxDepth: number,
): number {
  const cells = (thresholds + columns) * (classes + 2);
  return rows * (4 + 4 + 8 + 8) + 8 * cells * (maxDepth + 2);
}

/** Grows a classification tree; equal gains keep the earlier column and the lower cut. */
export function growClassTree(rows: TreeRows, rules: TreeRules): Kernel<GrownTree<ClassNode>> {
  return grow(rows, rules, null, ({ totals }): ClassNode => ({ counts: [...totals.subarray(0, rows.classes)] }));
}

/** Grows a regression tree. The target is best centred: spreads far smaller than values are lost in squares. */
export function growNumberTree(
  rows: TreeRows,
  rules: TreeRules,
  visit: LeafVisitor | null = null,
): Kernel<GrownTree<NumberNode>> {
  return grow(rows, rules, visit, ({ totals }): NumberNode => ({
    value: totals[1]! / totals[0]!,
    weight: totals[0]!,
  }));
}

function* grow<Node extends Question<Node>>(
  rows: TreeRows,
  rules: TreeRules,
  visit: LeafVisitor<Node> | null,
  makeNode: (open: { totals: Float64Array }) => Node,
): Kernel<GrownTree<Node>> {
  const { columns, classes, draws, weights, target } = rows;
  const { bins, thresholds } = columns;
  const sums = classes || 2;
  // Where weights are not all 1, the rows of an interval are counted beside what they weigh.
  const counted = weights !== null;
  const stats = sums + (counted ? 1 : 0);
  const starts = new Uint32Array(bins.length + 1);
  for (let f = 0; f < bins.length; f++)
    starts[f + 1] = starts[f]! + (thresholds[f]!.length > 0 ? (thresholds[f]!.length + 1) * stats : 0);
  const size = starts[bins.length]!;
  const all = bins.flatMap((_, f) => (thresholds[f]!.length > 0 ? [f] : []));

  let taken = columns.rows;
  if (draws) {
    taken = 0;
    for (const n of draws) if (n > 0) taken++;
  }
  const index = new Uint32Array(taken);
  for (let row = 0, at = 0; row < columns.rows; row++) if (!draws || draws[row]! > 0) index[at++] = row;
  const weight = new Float64Array(columns.rows);
  for (let row = 0; row < columns.rows; row++) weight[row] = (draws ? draws[row]! : 1) * (weights ? weights[row]! : 1);
  const scratch = new Uint32Array(taken);
  const free: Float64Array[] = [];
  const take = () => free.pop()?.fill(0) ?? new Float64Array(size);
  let work = 0;

  /** Adds the rows of a node to its histogram, the hot loop of all tree models. */
  function add(histogram: Float64Array, feature: number, from: number, to: number): void {
    const column = bins[feature]!;
    const start = starts[feature]!;
    if (classes > 0) {
      for (let i = from; i < to; i++) {
        const row = index[i]!;
        histogram[start + column[row]! * stats + target[row]!]! += weight[row]!;
      }
    } else {
      for (let i = from; i < to; i++) {
        const row = index[i]!;
        const at = start + column[row]! * stats;
        histogram[at]! += weight[row]!;
        histogram[at + 1]! += weight[row]! * target[row]!;
      }
    }
    if (counted)
      for (let i = from; i < to; i++) {
        const row = index[i]!;
        histogram[start + column[row]! * stats + sums]! += draws ? draws[row]! : 1;
      }
    work += to - from;
  }

  const rowsIn = (cell: ArrayLike<number>, at: number): number => {
    if (counted) return cell[at + sums]!;
    return weightIn(cell, at);
  };
  const weightIn = (cell: ArrayLike<number>, at: number): number => {
    if (classes === 0) return cell[at]!;
    let total = 0;
    for (let c = 0; c < classes; c++) total += cell[at + c]!;
    return total;
  };
  /** Impurity times weight, for numbers up to a constant that a node and its two sides share. */
  const impurityOf = (cell: Float64Array): number => {
    const total = weightIn(cell, 0);
    if (total <= 0) return 0;
    if (classes === 0) return -(cell[1]! * cell[1]!) / total;
    let sum = 0;
    if (rules.impurity === "entropy") {
      for (let c = 0; c < classes; c++) if (cell[c]! > 0) sum -= cell[c]! * Math.log2(cell[c]! / total);
      return sum;
    }
    for (let c = 0; c < classes; c++) sum += cell[c]! * cell[c]!;
    return total - sum / total;
  };

  const left = new Float64Array(stats);
  const right = new Float64Array(stats);
  function bestCut(
    histogram: Float64Array,
    totals: Float64Array,
    feature: number,
    best: Split | null,
    least: number,
  ): Split | null {
    const total = weightIn(totals, 0);
    const count = rowsIn(totals, 0);
    const whole = impurityOf(totals);
    left.fill(0);
    const cuts = thresholds[feature]!.length;
    for (let bin = 0; bin < cuts; bin++) {
      const at = starts[feature]! + bin * stats;
      if (rowsIn(histogram, at) === 0) continue;
      for (let s = 0; s < stats; s++) {
        left[s]! += histogram[at + s]!;
        right[s] = totals[s]! - left[s]!;
      }
      const n = rowsIn(left, 0);
      if (count - n < rules.minInstancesPerNode) break;
      if (n < rules.minInstancesPerNode || n === 0 || n === count) continue;
      const gain = (whole - impurityOf(left) - impurityOf(right)) / total;
      if (gain > least && (!best || gain > best.gain + ROUNDING * Math.abs(best.gain)))
        best = { feature, bin, gain, left: left.slice() };
    }
    return best;
  }

  const rootTotals = new Float64Array(stats);
  let squares = 0;
  for (const row of index) {
    if (classes > 0) rootTotals[target[row]!]! += weight[row]!;
    else {
      rootTotals[0]! += weight[row]!;
      rootTotals[1]! += weight[row]! * target[row]!;
      squares += weight[row]! * target[row]! * target[row]!;
    }
    if (counted) rootTotals[sums]! += draws ? draws[row]! : 1;
  }
  // What rounding can make of a gain: nothing of it is a reason to split.
  const scale = classes > 0 ? 1 : squares / (rootTotals[0]! || 1);
  const least = ROUNDING * scale;

  const gains = new Float64Array(bins.length);
  const root = makeNode({ totals: rootTotals });
  let depth = 0;
  let leaves = 0;
  const open: OpenNode<Node>[] = [
    {
      node: root,
      id: 1,
      depth: 0,
      from: 0,
      to: taken,
      histogram: null,
      totals: rootTotals,
    },
  ];
  for (let current = open.pop(); current; current = open.pop()) {
    const { node, id, from, to, totals } = current;
    let split: Split | null = null;
    let histogram = current.histogram;
    const count = rowsIn(totals, 0);
    if (current.depth < rules.maxDepth && count >= 2 * rules.minInstancesPerNode && count > 1) {
      const candidates = rules.candidates ? rules.candidates(id).filter((f) => thresholds[f]!.length > 0) : all;
      if (!histogram) {
        histogram = take();
        for (const feature of candidates) {
          add(histogram, feature, from, to);
          if (work > 1e6) {
            work = 0;
            yield null;
          }
        }
      }
      for (const feature of candidates) split = bestCut(histogram, totals, feature, split, least);
      if (split && split.gain < rules.minInfoGain) split = null;
    }
    if (!split) {
      leaves++;
      visit?.(node, index, from, to);
      if (histogram) free.push(histogram);
      continue;
    }
    gains[split.feature]! += split.gain * weightIn(totals, 0);
    depth = Math.max(depth, current.depth + 1);

    // The list keeps its order on both sides, so that sums over rows do not depend on how the tree was walked.
    const column = bins[split.feature]!;
    let middle = from;
    let moved = 0;
    for (let i = from; i < to; i++) {
      const row = index[i]!;
      if (column[row]! <= split.bin) index[middle++] = row;
      else scratch[moved++] = row;
    }
    index.set(scratch.subarray(0, moved), middle);
    work += to - from;

    const rightTotals = totals.map((sum, s) => sum - split.left[s]!);
    const leftNode = makeNode({ totals: split.left });
    const rightNode = makeNode({ totals: rightTotals });
    Object.assign(node, {
      feature: split.feature,
      threshold: thresholds[split.feature]![split.bin]!,
      left: leftNode,
      right: rightNode,
    });
    let leftHistogram: Float64Array | null = null;
    let rightHistogram: Float64Array | null = null;
    if (!rules.candidates && current.depth + 1 < rules.maxDepth && histogram) {
      const leftIsSmaller = middle - from <= to - middle;
      const smaller = take();
      for (const feature of all) {
        if (leftIsSmaller) add(smaller, feature, from, middle);
        else add(smaller, feature, middle, to);
        if (work > 1e6) {
          work = 0;
          yield null;
        }
      }
      for (let i = 0; i < size; i++) histogram[i]! -= smaller[i]!;
      leftHistogram = leftIsSmaller ? smaller : histogram;
      rightHistogram = leftIsSmaller ? histogram : smaller;
    } else if (histogram) free.push(histogram);
    const below = { depth: current.depth + 1 };
    open.push({
      ...below,
      node: rightNode,
      id: 2 * id + 1,
      from: middle,
      to,
      histogram: rightHistogram,
      totals: rightTotals,
    });
    open.push({
      ...below,
      node: leftNode,
      id: 2 * id,
      from,
      to: middle,
      histogram: leftHistogram,
      totals: split.left,
    });
    if (work > 1e6) {
      work = 0;
      yield null;
    }
  }
  return { root, depth, leaves, gains };
}

/** The leaf that a row of plain numbers comes to: what the SQL of a tree does. */
export function findLeaf<Node extends Question<Node>>(node: Node, x: ArrayLike<number>): Node {
  let at = node;
  while (at.left && at.right) at = x[at.feature!]! <= at.threshold! ? at.left : at.right;
  return at;
}

/** Shares that add up to 1; all 0 where nothing was gained. */
export function shareOut(gains: ArrayLike<number>): number[] {
  const list = Array.from(gains);
  const total = list.reduce((sum, gain) => sum + gain, 0);
  return list.map((gain) => (total > 0 ? gain / total : 0));
}
