/** Trees, forests and boosting: rows are read, cut and put in order once, a kernel grows the trees, and SQL scores with them. */
import { quoteNumber } from "../quote";
import { type Boosted, type BoostingLoss, boostTrees } from "../kernels/boosting";
import { binColumns } from "../kernels/bins";
import { type Forest, growForest, subsetSize } from "../kernels/forest";
import { contentOrder, reorder } from "../kernels/row-order";
import {
  type ClassNode,
  type Impurity,
  type NumberNode,
  type TreeRows,
  type TreeRules,
  growClassTree,
  growNumberTree,
  shareOut,
  treeBytes,
} from "../kernels/tree";
import { bothOf, classOutputs, readClasses } from "./classifier";
import { assertMemory, drive, readKernelRows, rowBytes } from "./kernel-rows";
import {
  type Bound,
  type FitContext,
  type Fitted,
  type LocalOperator,
  addUp,
  componentNames,
  doubles,
  notFiniteRows,
  settle,
  stageError,
} from "./local-operator";

type Rows = Omit<TreeRows, "draws">;

/** Rows of classes (with their number) or of numbers (with their mean, which the target is less), in an order of their own. */
async function readTreeRows(context: FitContext, kind: "classes" | "numbers"): Promise<Rows & { mean: number }> {
  const { params } = context;
  const { rows, columns, bytes } = rowBytes(context);
  const maxBins = Number(params.maxBins);
  assertMemory(context, rows, columns, {
    "for the rows": bytes,
    "for their intervals": rows * columns + 24 * rows,
    "for a tree": treeBytes(rows, maxBins * columns, columns, kind === "classes" ? 2 : 0, Number(params.maxDepth)),
  });
  const read = await readKernelRows(context);
  const { classes, y } = kind === "classes" ? readClasses(context, read.label) : { classes: 0, y: read.label };
  const binned = await drive(context, binColumns(read.columns, read.rows, maxBins));
  const order = contentOrder(read.rows, [...binned.bins, y, ...(read.weights ? [read.weights] : [])]);
  const target = reorder(y, order);
  const weights = read.weights && reorder(read.weights, order);
  const mean = target instanceof Float64Array ? settle(meanOf(target, weights)) : 0;
  if (target instanceof Float64Array)
    for (let row = 0; row < target.length; row++) target[row] = (target[row] as number) - mean;
  return {
    columns: { ...binned, bins: binned.bins.map((column) => reorder(column, order)) },
    target,
    classes,
    weights,
    mean,
  };
}

function meanOf(values: Float64Array, weights: Float64Array | null): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < values.length; row++) {
    const weight = weights ? (weights[row] as number) : 1;
    sum += weight * (values[row] as number);
    total += weight;
  }
  return sum / total;
}

function rulesOf(params: Record<string, unknown>): TreeRules {
  return {
    impurity: String(params.impurity) as Impurity,
    maxDepth: Number(params.maxDepth),
    minInstancesPerNode: Number(params.minInstancesPerNode),
    minInfoGain: Number(params.minInfoGain),
  };
}

/** Shares of the gain by component. */
function termsOf(inputs: Bound[], importances: number[]): Pick<Fitted, "terms"> {
  const names = componentNames(inputs);
  return {
    terms: {
      measure: "gain",
      terms: importances.map((share, i) => ({
        feature: names[i] ?? String(i),
        class: null,
        value: settle(share),
        standardised: null,
      })),
      intercepts: [],
    },
  };
}

/** Numbers of a regression tree as they are stored, with what the target was less. */
function settleTree(node: NumberNode, add: number): NumberNode {
  const { left, right } = node;
  return {
    ...node,
    value: settle(node.value + add),
    ...(left && right && { left: settleTree(left, add), right: settleTree(right, add) }),
  };
}

/** SQL of a tree over the components; `valueOf` is what a leaf says. */
function treeCase<Node extends { feature?: number; threshold?: number; left?: Node; right?: Node }>(
  node: Node,
  xs: string[],
  valueOf: (leaf: Node) => number,
): string {
  if (node.left && node.right && node.feature !== undefined && node.threshold !== undefined)
    return `CASE WHEN ${xs[node.feature]} <= ${quoteNumber(node.threshold)} THEN ${treeCase(node.left, xs, valueOf)} ELSE ${treeCase(node.right, xs, valueOf)} END`;
  return quoteNumber(valueOf(node));
}

const shareOf = (c: number) => (leaf: ClassNode) =>
  settle((leaf.counts[c] ?? 0) / leaf.counts.reduce((sum, n) => sum + n, 0));

/** The expression where every component is there, else null. */
const wherePresent = (xs: string[], sql: string) =>
  `CASE WHEN ${xs.map((x) => `${x} IS NOT NULL`).join(" AND ")} THEN ${sql} END`;

/** Probability of every class by the mean of trees; of a yes or no that of a yes. */
function classProbabilities(trees: ClassNode[], classes: number, inputs: Bound[]): string[] {
  const xs = inputs.flatMap(doubles);
  const asked = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
  return asked.map((c) => {
    const shares = trees.map((tree) => treeCase(tree, xs, shareOf(c)));
    return wherePresent(xs, shares.length === 1 ? (shares[0] as string) : `(${addUp(shares)}) / ${shares.length}`);
  });
}

const SCORED: Pick<LocalOperator, "isKernel" | "invalid" | "finite"> = {
  isKernel: true,
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};

/** `learned.tree`, `learned.classes`. Equal gains prefer the earlier column. */
export const decisionTreeClassifier: LocalOperator = {
  ...SCORED,
  async fit(context): Promise<Fitted> {
    const rows = await readTreeRows(context, "classes");
    const { root, depth, leaves, gains } = await drive(
      context,
      growClassTree({ ...rows, draws: null }, rulesOf(context.params)),
    );
    return {
      learned: { tree: root, classes: rows.classes },
      summary: { depth, leaves, rows: rows.columns.rows },
      ...termsOf(context.inputs, shareOut(gains)),
    };
  },
  intermediate: ({ inputs, learned }) =>
    classProbabilities([learned.tree as ClassNode], Number(learned.classes), inputs),
  score: (context) => classOutputs(context, probabilitiesOf(context.values)),
};

const probabilitiesOf = (values: string[]) => (values.length === 1 ? bothOf(values[0] as string) : values);

/** `learned.tree`: means of the label. */
export const decisionTreeRegressor: LocalOperator = {
  ...SCORED,
  async fit(context): Promise<Fitted> {
    const { mean, ...rows } = await readTreeRows(context, "numbers");
    const { root, depth, leaves, gains } = await drive(
      context,
      growNumberTree({ ...rows, draws: null }, rulesOf(context.params)),
    );
    return {
      learned: { tree: settleTree(root, mean) },
      summary: { depth, leaves, rows: rows.columns.rows },
      ...termsOf(context.inputs, shareOut(gains)),
    };
  },
  score({ inputs, learned }) {
    const xs = inputs.flatMap(doubles);
    return [
      {
        scalar: wherePresent(
          xs,
          treeCase(learned.tree as NumberNode, xs, (leaf) => leaf.value),
        ),
      },
    ];
  },
};

async function fitForest<Node>(
  context: FitContext,
  rows: Rows,
  few: "sqrt" | "onethird",
  grow: Parameters<typeof growForest<Node>>[2],
): Promise<Forest<Node>> {
  const { params } = context;
  const numTrees = Number(params.numTrees);
  const forest = await drive(
    context,
    growForest(
      rows,
      {
        ...rulesOf(params),
        numTrees,
        subset: subsetSize(String(params.featureSubsetStrategy), rows.columns.bins.length, numTrees, few),
        subsamplingRate: Number(params.subsamplingRate),
        seed: Number(params.seed),
      },
      grow,
    ),
  );
  if ("emptyTree" in forest) throw noRows(context, forest.emptyTree, rows.columns.rows);
  return forest;
}

function noRows({ stage, params }: FitContext, tree: number, rows: number) {
  return stageError(stage, `tree ${tree + 1} draws none of the ${rows} rows to fit on. Raise subsamplingRate.`, {
    path: ["params", "subsamplingRate"],
    expected: "a share that leaves rows",
    found: String(params.subsamplingRate),
  });
}

/**
 * The mean of the class shares of many trees, as in Spark. `learned.trees`, `learned.classes`. Several trees draw rows with
 * replacement (Poisson), as Spark does, a single one without. Spark's draws depend on partitions; here they follow from the seed and
 * what the rows hold, so that neither storage nor threads matter. Equal seeds therefore give other trees than Spark's.
 */
export const randomForestClassifier: LocalOperator = {
  ...SCORED,
  async fit(context): Promise<Fitted> {
    const rows = await readTreeRows(context, "classes");
    const { trees, depth, leaves, importances } = await fitForest<ClassNode>(context, rows, "sqrt", growClassTree);
    return {
      learned: { trees, classes: rows.classes },
      summary: { trees: trees.length, depth, leaves, rows: rows.columns.rows },
      ...termsOf(context.inputs, importances),
    };
  },
  intermediate: ({ inputs, learned }) =>
    classProbabilities(learned.trees as ClassNode[], Number(learned.classes), inputs),
  score: (context) => classOutputs(context, probabilitiesOf(context.values)),
};

/** The mean of what many trees say. `learned.trees`. */
export const randomForestRegressor: LocalOperator = {
  ...SCORED,
  async fit(context): Promise<Fitted> {
    const { mean, ...rows } = await readTreeRows(context, "numbers");
    const { trees, depth, leaves, importances } = await fitForest<NumberNode>(
      context,
      rows,
      "onethird",
      growNumberTree,
    );
    return {
      learned: { trees: trees.map((tree) => settleTree(tree, mean)) },
      summary: { trees: trees.length, depth, leaves, rows: rows.columns.rows },
      ...termsOf(context.inputs, importances),
    };
  },
  score({ inputs, learned }) {
    const xs = inputs.flatMap(doubles);
    const trees = learned.trees as NumberNode[];
    return [
      {
        scalar: wherePresent(
          xs,
          `(${addUp(trees.map((tree) => treeCase(tree, xs, (leaf) => leaf.value)))}) / ${trees.length}`,
        ),
      },
    ];
  },
};

async function boost(context: FitContext, rows: Rows & { target: Float64Array }): Promise<Boosted> {
  const { params } = context;
  const { impurity: _, ...rules } = rulesOf(params);
  const boosted = await drive(
    context,
    boostTrees(rows, {
      ...rules,
      loss: String(params.lossType) as BoostingLoss,
      maxIter: Number(params.maxIter),
      stepSize: Number(params.stepSize),
      subset: subsetSize(
        String(params.featureSubsetStrategy).replace("auto", "all"),
        rows.columns.bins.length,
        1,
        "sqrt",
      ),
      subsamplingRate: Number(params.subsamplingRate),
      seed: Number(params.seed),
    }),
  );
  if ("emptyTree" in boosted) throw noRows(context, boosted.emptyTree, rows.columns.rows);
  return boosted;
}

function boostedModel(context: FitContext, boosted: Boosted, rows: number, mean: number): Fitted {
  const { trees, treeWeights, depth, leaves, losses, importances } = boosted;
  return {
    // The first tree counts once and predicts the label itself, so it takes back what the label was less.
    learned: {
      trees: trees.map((tree, t) => settleTree(tree, t === 0 ? mean : 0)),
      treeWeights,
      losses: losses.map(settle),
    },
    summary: { trees: trees.length, depth, leaves, rows, loss: settle(losses.at(-1) ?? 0) },
    ...termsOf(context.inputs, importances),
  };
}

/** What the trees add up to, each times its weight. */
function boostedSum(learned: Record<string, unknown>, inputs: Bound[]): string {
  const xs = inputs.flatMap(doubles);
  const weights = learned.treeWeights as number[];
  const trees = (learned.trees as NumberNode[]).map((tree, t) =>
    treeCase(tree, xs, (leaf) => settle((weights[t] ?? 0) * leaf.value)),
  );
  return wherePresent(xs, addUp(trees));
}

/** Spark's: the probability of a yes is 1 / (1 + e^(−2F)) of the sum F. `learned.trees`, `learned.treeWeights`, `learned.losses`. */
export const gbtClassifier: LocalOperator = {
  ...SCORED,
  async fit(context): Promise<Fitted> {
    const { mean, ...rows } = await readTreeRows(context, "classes");
    if (rows.classes > 2)
      throw stageError(
        context.stage,
        `the label ${context.labels[0]?.column} has ${rows.classes} classes, and boosting tells two apart. Use RandomForestClassifier or LogisticRegression for several.`,
        { path: ["fitInputs"], expected: "0 and 1", found: `${rows.classes} classes` },
      );
    const target = Float64Array.from(rows.target, (y) => 2 * y - 1);
    return boostedModel(context, await boost(context, { ...rows, target }), rows.columns.rows, mean);
  },
  intermediate: ({ inputs, learned }) => [`1 / (1 + exp(-2e0 * (${boostedSum(learned, inputs)})))`],
  score: (context) => classOutputs(context, probabilitiesOf(context.values)),
};

/** `learned.trees`, `learned.treeWeights`, `learned.losses`. */
export const gbtRegressor: LocalOperator = {
  ...SCORED,
  async fit(context): Promise<Fitted> {
    const { mean, ...rows } = await readTreeRows(context, "numbers");
    const target = rows.target as Float64Array;
    return boostedModel(context, await boost(context, { ...rows, target }), rows.columns.rows, mean);
  },
  score: ({ inputs, learned }) => [{ scalar: boostedSum(learned, inputs) }],
};
