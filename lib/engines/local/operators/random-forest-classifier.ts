import { seededRandom } from "../seeded-random";
import { type TreeNode, binRows, countLeaves, growTree, plantTree, treeCase } from "./histogram-tree";
import { type Fitted, type LocalOperator, addUp, doubles, notFiniteRows, stageError } from "./local-operator";

function subsetSize(strategy: string, columns: number, numTrees: number): number {
  switch (strategy === "auto" ? (numTrees === 1 ? "all" : "sqrt") : strategy) {
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

/** How often a row is in a tree, from its `u` in [0, 1): Poisson with mean `rate`, or at most once for a single tree. */
function drawCase(rate: number, numTrees: number): string {
  if (numTrees === 1) return `CASE WHEN u < ${rate} THEN 1 ELSE 0 END`;
  const branches: string[] = [];
  let share = Math.exp(-rate);
  let below = share;
  for (let n = 0; below < 1 - 1e-12; n++) {
    branches.push(`WHEN u < ${below} THEN ${n}`);
    share *= rate / (n + 1);
    below += share;
  }
  return branches.length === 0 ? "0" : `CASE ${branches.join(" ")} ELSE ${branches.length} END`;
}

/** `size` different columns of all, the same for equal seed, tree and node. */
function drawColumns(columns: number, size: number, seed: number, tree: number, node: number): Set<number> {
  const random = seededRandom((seed % 2 ** 32) + tree * 0x9e3779b1 + node * 0x85ebca6b);
  const left = Array.from({ length: columns }, (_, i) => i);
  return new Set(Array.from({ length: size }, () => left.splice(Math.floor(random() * left.length), 1)[0] ?? 0));
}

/**
 * The mean of the class shares of many trees, as in Spark. `learned.trees`, `learned.classes`. Trees differ by their rows
 * and, at every node, by the columns that a split may choose from. Several trees draw rows with replacement (Poisson), as
 * Spark does, a single one without. Spark's draws depend on partitions; here a row's draw is a hash of seed, tree and the
 * row's own intervals and class, equal rows being numbered, so that neither storage nor threads matter. Equal seeds
 * therefore give other trees than Spark's.
 */
export const randomForestClassifier: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const { session, stage, params } = context;
    const binned = await binRows(context);
    const { classes, features, thresholds, rows } = binned;
    const numTrees = Number(params.numTrees);
    const rate = Number(params.subsamplingRate);
    const seed = Number(params.seed);
    const size = subsetSize(String(params.featureSubsetStrategy), thresholds.length, numTrees);
    const names = [...features.map((i) => `b${i}`), "y"].join(", ");
    await session.run(`CREATE TABLE forest AS SELECT *, row_number() OVER (PARTITION BY ${names}) AS copy FROM bins`);
    await session.run("DROP TABLE bins");

    const trees: TreeNode[] = [];
    let depth = 0;
    for (let t = 0; t < numTrees; t++) {
      await session.run(
        `CREATE TABLE bins AS SELECT ${names}, w FROM (
           SELECT *, ${drawCase(rate, numTrees)} AS w FROM (
             SELECT *, hash(${names}, copy, ${t}, ${seed}::BIGINT) / 18446744073709551616e0 AS u FROM forest)) WHERE w > 0`,
      );
      const tree = await plantTree(context, classes, "sum(w)");
      if (tree.counts.every((n) => n === 0)) {
        throw stageError(stage, `tree ${t + 1} draws none of the ${rows} rows to fit on. Raise subsamplingRate.`, {
          path: ["params", "subsamplingRate"],
          expected: "a share that leaves rows",
          found: String(rate),
        });
      }
      const candidates = (node: number) => {
        const drawn = drawColumns(thresholds.length, size, seed, t, node);
        return features.filter((i) => drawn.has(i));
      };
      const grown = await growTree(context, tree, binned, { weight: "sum(w)", carried: ["w"], candidates });
      depth = Math.max(depth, grown);
      trees.push(tree);
      context.step(`tree ${t + 1} of ${numTrees}`);
    }
    await session.run("DROP TABLE forest");
    const leaves = trees.reduce((sum, tree) => sum + countLeaves(tree), 0);
    return { learned: { trees, classes }, summary: { trees: numTrees, depth, leaves, rows } };
  },
  score({ inputs, stage, learned }) {
    const xs = inputs.flatMap(doubles);
    const trees = learned.trees as TreeNode[];
    const present = xs.map((x) => `${x} IS NOT NULL`).join(" AND ");
    const probability = (c: number) =>
      `CASE WHEN ${present} THEN (${addUp(trees.map((tree) => treeCase(tree, xs, c)))}) / ${trees.length} END`;
    if (stage.outputs[0]?.type === "vector")
      return [{ components: Array.from({ length: Number(learned.classes) }, (_, c) => probability(c)) }];
    return [{ scalar: probability(1) }];
  },
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
