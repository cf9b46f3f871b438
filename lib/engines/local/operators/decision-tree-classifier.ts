import { type TreeNode, binRows, countLeaves, growTree, plantTree, treeCase } from "./histogram-tree";
import { type Fitted, type LocalOperator, doubles, notFiniteRows } from "./local-operator";

/**
 * Grows the tree level by level from counts grouped by node, column, interval and class: one pass over small integers
 * per column and level, exact on all rows. Equal gains prefer the earlier column. `learned.tree`, `learned.classes`.
 */
export const decisionTreeClassifier: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const binned = await binRows(context);
    const { classes, features, rows } = binned;
    const tree = await plantTree(context, classes, "count(*)");
    const depth = await growTree(context, tree, binned, {
      weight: "count(*)",
      carried: [],
      candidates: () => features,
    });
    return { learned: { tree, classes }, summary: { depth, leaves: countLeaves(tree), rows } };
  },
  score({ inputs, stage, learned }) {
    const xs = inputs.flatMap(doubles);
    const classes = Number(learned.classes);
    const present = xs.map((x) => `${x} IS NOT NULL`).join(" AND ");
    const probability = (c: number) => `CASE WHEN ${present} THEN ${treeCase(learned.tree as TreeNode, xs, c)} END`;
    if (stage.outputs[0]?.type === "vector")
      return [{ components: Array.from({ length: classes }, (_, c) => probability(c)) }];
    return [{ scalar: probability(1) }];
  },
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
