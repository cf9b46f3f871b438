/** What the local engine fitted, as the numbers that a program elsewhere needs to score with it. */
import type { FittedStage } from "@/lib/domain/runs/fitted-stage";
import { DEFAULT_LINK, type Family } from "../kernels/generalized-linear";
import type { ClassNode, NumberNode } from "../kernels/tree";
import { settle } from "../operators/local-operator";

/** A tree as lists by node, the root first; `feature` is −1 of a leaf, `values` is what each node says. */
interface FlatTree {
  feature: number[];
  threshold: number[];
  left: number[];
  right: number[];
  values: number[][];
}

/** model.json of a python_function: how the engine's SQL scores, without SQL. */
export type PythonModel = Pick<FittedStage, "inputs" | "outputs" | "size"> & (Linear | Trees);

interface Scale {
  /** `classes`: probabilities; `margin`: on which side, and how far; `number`: a mean. */
  task: "classes" | "margin" | "number";
  /** A yes is above it, of a margin. */
  threshold: number;
  /** By class; null for none. */
  thresholds: number[] | null;
}

interface Linear extends Scale {
  kind: "linear";
  /** By form and component. */
  coefficients: number[][];
  intercepts: number[];
  /** From the form to the mean. */
  link: string;
  /** Classes that occurred, one for each form; null for a yes or no. */
  present: number[] | null;
  classes: number;
}

interface Trees extends Scale {
  kind: "trees";
  trees: FlatTree[];
  /** Whether the trees' mean is taken, and not their sum. */
  mean: boolean;
  /** Whether the sum is a score whose probability is 1 / (1 + e^(−2F)). */
  boosted: boolean;
}

/** @returns null for an operator that has no such form */
export function toPythonModel(stage: FittedStage): PythonModel | null {
  const { params, learned, inputs, outputs, size } = stage;
  const numbers = { inputs, outputs };
  const thresholds = (params.thresholds as number[] | null | undefined) ?? null;
  const scale = { threshold: Number(params.threshold ?? 0), thresholds };
  const linear = (own: Pick<Linear, "task"> & Partial<Linear>): PythonModel => {
    const one = learned.classes === undefined;
    const coefficients = (one ? [learned.coefficients] : learned.coefficients) as number[][];
    return {
      ...numbers,
      ...scale,
      kind: "linear",
      size: coefficients[0]?.length ?? size,
      coefficients,
      intercepts: (one ? [learned.intercept] : learned.intercepts) as number[],
      link: "identity",
      present: one ? null : (learned.present as number[]),
      classes: one ? 2 : Number(learned.classes),
      ...own,
    };
  };
  const trees = (task: Scale["task"], own: Omit<Trees, "kind" | keyof Scale>): PythonModel => ({
    ...numbers,
    ...scale,
    kind: "trees",
    size,
    task,
    ...own,
  });
  switch (stage.operator) {
    case "LogisticRegression":
      return linear({ task: "classes" });
    case "LinearRegression":
      return linear({ task: "number" });
    case "LinearSVC":
      return linear({ task: "margin" });
    case "GeneralizedLinearRegression":
      return linear({
        task: "number",
        link: (params.link as string | null) ?? DEFAULT_LINK[params.family as Family],
      });
    case "DecisionTreeClassifier":
    case "RandomForestClassifier": {
      const classes = Number(learned.classes);
      const grown = (learned.trees ?? [learned.tree]) as ClassNode[];
      const asked = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
      const flat = grown.map((tree) => flatten(tree, ({ counts }) => asked.map((c) => shareOf(counts, c))));
      return trees("classes", { trees: flat, mean: true, boosted: false });
    }
    case "DecisionTreeRegressor":
    case "RandomForestRegressor": {
      const grown = (learned.trees ?? [learned.tree]) as NumberNode[];
      const flat = grown.map((tree) => flatten(tree, ({ value }) => [value]));
      return trees("number", { trees: flat, mean: true, boosted: false });
    }
    case "GBTClassifier":
    case "GBTRegressor": {
      const weights = learned.treeWeights as number[];
      const flat = (learned.trees as NumberNode[]).map((tree, t) =>
        flatten(tree, ({ value }) => [settle((weights[t] ?? 0) * value)]),
      );
      const boosted = stage.operator === "GBTClassifier";
      return trees(boosted ? "classes" : "number", { trees: flat, mean: false, boosted });
    }
    default:
      return null;
  }
}

/** As the engine's SQL has it. */
const shareOf = (counts: number[], c: number) => settle((counts[c] ?? 0) / counts.reduce((sum, n) => sum + n, 0));

function flatten<Node extends { feature?: number; threshold?: number; left?: Node; right?: Node }>(
  root: Node,
  valuesOf: (node: Node) => number[],
): FlatTree {
  const nodes: Node[] = [root];
  const flat: FlatTree = { feature: [], threshold: [], left: [], right: [], values: [] };
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at] as Node;
    const { left, right, feature, threshold } = node;
    const asks = left !== undefined && right !== undefined && feature !== undefined && threshold !== undefined;
    flat.feature.push(asks ? feature : -1);
    flat.threshold.push(asks ? threshold : 0);
    flat.left.push(asks ? nodes.push(left) - 1 : -1);
    flat.right.push(asks ? nodes.push(right) - 1 : -1);
    flat.values.push(valuesOf(node));
  }
  return flat;
}
