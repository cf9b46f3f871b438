/** Classification trees on histograms: rows are cut into intervals once, and every level needs only grouped counts of them. */
import { quoteNumber } from "../quote";
import { bucketIndex } from "./buckets";
import { type FitContext, settle, stageError, storeFitRows } from "./local-operator";

/** A question `feature <= threshold`, yes goes left; or a leaf. `counts` are the fit rows of each class. */
export interface TreeNode {
  counts: number[];
  feature?: number;
  threshold?: number;
  left?: TreeNode;
  right?: TreeNode;
}

const MAX_CLASSES = 100;

function impurityOf(counts: number[], kind: string): number {
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (total === 0) return 0;
  if (kind === "entropy")
    return -counts.reduce((sum, n) => (n === 0 ? sum : sum + (n / total) * Math.log2(n / total)), 0);
  return 1 - counts.reduce((sum, n) => sum + (n / total) ** 2, 0);
}

/** Where each column may be cut: midway between values when there are few, else at quantiles. */
async function findThresholds({ session }: FitContext, size: number, maxBins: number): Promise<number[][]> {
  const xs = Array.from({ length: size }, (_, i) => i);
  const row = await session.row<Record<string, number>>(
    `SELECT ${xs.map((i) => `approx_count_distinct(x${i}) AS c${i}`).join(", ")} FROM fit_rows`,
  );
  const thresholds: number[][] = [];
  for (const i of xs) {
    // The estimate is within a few per cent; the exact values decide when it is near the limit.
    if ((row[`c${i}`] ?? 0) <= 2 * maxBins) {
      const found = await session.rows<{ x: number }>(`SELECT DISTINCT x${i} AS x FROM fit_rows ORDER BY 1`);
      const values = found.map((item) => item.x);
      if (values.length <= maxBins) {
        thresholds.push(values.slice(1).map((value, k) => ((values[k] ?? 0) + value) / 2));
        continue;
      }
    }
    const at = Array.from({ length: maxBins - 1 }, (_, k) => `${k + 1}e0 / ${maxBins}`);
    const { q, high } = await session.row<{ q: number[]; high: number }>(
      `SELECT quantile_disc(x${i}, [${at.join(", ")}]) AS q, max(x${i}) AS high FROM fit_rows`,
    );
    thresholds.push([...new Set(q)].filter((value) => value < high));
  }
  return thresholds;
}

interface Open {
  node: TreeNode;
  id: number;
}

interface Split {
  feature: number;
  bin: number;
  gain: number;
  left: number[];
  right: number[];
}

/** The best cut of one column in one node; equal gains keep the lower cut. */
function bestCut(
  feature: number,
  bins: Map<number, number[]>,
  total: number[],
  params: { impurity: string; least: number },
): Split | null {
  const classes = total.length;
  const rows = total.reduce((sum, n) => sum + n, 0);
  const whole = impurityOf(total, params.impurity);
  const left = new Array<number>(classes).fill(0);
  let best: Split | null = null;
  const ordered = [...bins.keys()].sort((a, b) => a - b);
  for (const bin of ordered.slice(0, -1)) {
    bins.get(bin)?.forEach((n, c) => (left[c] = (left[c] ?? 0) + n));
    const right = total.map((n, c) => n - (left[c] ?? 0));
    const nLeft = left.reduce((sum, n) => sum + n, 0);
    if (nLeft < params.least || rows - nLeft < params.least) continue;
    const gain =
      whole -
      (nLeft / rows) * impurityOf(left, params.impurity) -
      ((rows - nLeft) / rows) * impurityOf(right, params.impurity);
    if (!best || gain > best.gain + 1e-15) best = { feature, bin, gain, left: [...left], right };
  }
  return best;
}

export interface Binned {
  /** Columns that can be cut; the table `bins` has b0, b1 … of them and the class y. */
  features: number[];
  /** Of every column. */
  thresholds: number[][];
  classes: number;
  rows: number;
}

/** Makes the table `bins` of the rows to fit on. Fails on labels that are no class numbers or only one. */
export async function binRows(context: FitContext): Promise<Binned> {
  const { session, stage, params, labels } = context;
  const label = labels[0];
  const y = `CAST(${label?.sql[0]} AS DOUBLE)`;
  const { size, rows } = await storeFitRows(context, "fit_rows", y);
  const found = await session.rows<{ y: number }>(
    `SELECT DISTINCT y FROM fit_rows ORDER BY 1 LIMIT ${MAX_CLASSES + 1}`,
  );
  const values = found.map((row) => row.y);
  if (values.some((value) => !Number.isInteger(value) || value < 0) || values.length > MAX_CLASSES) {
    throw stageError(stage, `the label ${label?.column} must hold class numbers 0, 1, 2 …, at most ${MAX_CLASSES}.`, {
      path: ["fitInputs"],
      expected: "whole numbers from 0",
      found: values.slice(0, 5).join(", "),
    });
  }
  if (values.length < 2) {
    throw stageError(
      stage,
      `the label ${label?.column} has only the value ${values[0]} in the ${rows} rows to fit on, so there is nothing to tell apart. Fit on rows that hold several classes.`,
      {
        path: ["fitInputs"],
        expected: "two or more classes",
        found: String(values[0]),
      },
    );
  }
  const classes = (values.at(-1) ?? 1) + 1;
  if (stage.outputs[0]?.type === "double" && classes > 2) {
    throw stageError(
      stage,
      `the label ${label?.column} has ${classes} classes, and one probability cannot tell them apart. Declare the output as a vector.`,
      { path: ["outputs", 0, "type"], expected: "vector", found: "double" },
    );
  }

  const thresholds = await findThresholds(context, size, Number(params.maxBins));
  const open = thresholds.map((_, i) => i).filter((i) => (thresholds[i]?.length ?? 0) > 0);
  // Interval i holds (threshold_i-1, threshold_i]: negated, that is bucketIndex's [low, high).
  const binned = open.map((i) => `CAST(${thresholdBin(`x${i}`, thresholds[i] ?? [])} AS UTINYINT) AS b${i}`);
  await session.run(`CREATE TABLE bins AS SELECT ${[...binned, "CAST(y AS UTINYINT) AS y"].join(", ")} FROM fit_rows`);
  await session.run("DROP TABLE fit_rows");
  return { features: open, thresholds, classes, rows };
}

/** Root of a tree over `bins`; `weight` is the SQL of how many rows a group of them is. */
export async function plantTree({ session }: FitContext, classes: number, weight: string): Promise<TreeNode> {
  const totals = await session.rows<{ y: number; n: number }>(`SELECT y, ${weight} AS n FROM bins GROUP BY y`);
  const counts = new Array<number>(classes).fill(0);
  for (const total of totals) counts[total.y] = Number(total.n);
  return { counts };
}

function thresholdBin(x: string, thresholds: number[]): string {
  const negated = [-Infinity, ...thresholds.map((t) => -t).reverse(), Infinity];
  // Adding 0 turns −0 into 0, which would print a sign that the comparison does not need.
  return bucketIndex(
    `(-${x})`,
    negated.map((t) => t + 0),
    (bucket) => String(thresholds.length - bucket),
  );
}

export interface Growth {
  /** SQL of how many rows a group of `bins` is; `carried` are columns that it reads. */
  weight: string;
  carried: string[];
  /** Columns that the node with this number may be cut by. */
  candidates(node: number): number[];
}

/**
 * Splits level by level until nothing is left to gain; returns the depth. The root is number 1, and node n has 2n and
 * 2n + 1 below. Equal gains prefer the earlier column. Uses up `bins`.
 */
export async function growTree(
  context: FitContext,
  tree: TreeNode,
  { features, thresholds, classes }: Binned,
  { weight, carried, candidates }: Growth,
): Promise<number> {
  const { session, params } = context;
  const rules = { impurity: String(params.impurity), least: Number(params.minInstancesPerNode) };
  let frontier: Open[] = [{ node: tree, id: 1 }];
  let depth = 0;
  await session.run("ALTER TABLE bins ADD COLUMN node BIGINT DEFAULT 1");
  while (depth < Number(params.maxDepth) && frontier.length > 0 && features.length > 0) {
    const grouped = features.map(
      (i) => `SELECT ${i} AS f, node, b${i} AS b, y, ${weight} AS n FROM bins WHERE node > 0 GROUP BY node, b${i}, y`,
    );
    const cells = await session.rows<{ f: number; node: number; b: number; y: number; n: number }>(
      grouped.join(" UNION ALL "),
    );
    const byNode = new Map<string, Map<number, number[]>>();
    for (const cell of cells) {
      const key = `${cell.node}|${cell.f}`;
      const bins = byNode.get(key) ?? new Map<number, number[]>();
      byNode.set(key, bins);
      const counts = bins.get(cell.b) ?? new Array<number>(classes).fill(0);
      bins.set(cell.b, counts);
      counts[cell.y] = Number(cell.n);
    }
    const next: Open[] = [];
    const moves: string[] = [];
    for (const { node, id } of frontier) {
      let best: Split | null = null;
      for (const f of candidates(id)) {
        const cut = bestCut(f, byNode.get(`${id}|${f}`) ?? new Map<number, number[]>(), node.counts, rules);
        if (cut && (!best || cut.gain > best.gain + 1e-15)) best = cut;
      }
      // Spark splits at a gain of minInfoGain or more, but a split that gains nothing tells nothing.
      if (!best || best.gain <= 0 || best.gain < Number(params.minInfoGain)) continue;
      node.feature = best.feature;
      node.threshold = thresholds[best.feature]?.[best.bin] ?? 0;
      node.left = { counts: best.left };
      node.right = { counts: best.right };
      moves.push(
        `WHEN node = ${id} THEN CASE WHEN b${best.feature} <= ${best.bin} THEN ${2 * id} ELSE ${2 * id + 1} END`,
      );
      next.push({ node: node.left, id: 2 * id }, { node: node.right, id: 2 * id + 1 });
    }
    if (next.length === 0) break;
    depth++;
    frontier = next.filter(({ node }) => impurityOf(node.counts, "gini") > 0);
    context.step(`level ${depth}, ${next.length} nodes`);
    if (depth < Number(params.maxDepth)) {
      // Rows in finished leaves get node 0 and are skipped from then on.
      const kept = [...features.map((i) => `b${i}`), ...carried].join(", ");
      await session.run(
        `CREATE TABLE level AS SELECT ${kept}, y, CASE ${moves.join(" ")} ELSE 0 END AS node FROM bins WHERE node > 0`,
      );
      await session.run("DROP TABLE bins");
      await session.run("ALTER TABLE level RENAME TO bins");
    }
  }
  await session.run("DROP TABLE bins");
  return depth;
}

export function countLeaves(node: TreeNode): number {
  return node.left && node.right ? countLeaves(node.left) + countLeaves(node.right) : 1;
}

export function treeCase(node: TreeNode, xs: string[], c: number): string {
  if (node.left && node.right && node.feature !== undefined && node.threshold !== undefined) {
    return `CASE WHEN ${xs[node.feature]} <= ${quoteNumber(node.threshold)} THEN ${treeCase(node.left, xs, c)} ELSE ${treeCase(node.right, xs, c)} END`;
  }
  const total = node.counts.reduce((sum, n) => sum + n, 0);
  return quoteNumber(settle((node.counts[c] ?? 0) / total));
}
