import { assertOutputs, classOutputs, softmax } from "./classifier";
import { linearForm } from "./linear-forms";
import {
  type Fitted,
  type LocalOperator,
  doubles,
  notFiniteRows,
  scalarOf,
  settle,
  stageError,
  storeFitRows,
} from "./local-operator";

const MAX_CLASSES = 100;

/**
 * Multinomial naive Bayes after Spark: `learned.pi` = ln((n_c + λ) / (n + kλ)) of k classes, and `learned.theta` =
 * ln((s_cj + λ) / (Σ_j s_cj + pλ)) of p components, where s_cj is the sum of component j over the rows of class c. The
 * probability of a class is the softmax of pi + theta · x.
 */
export const naiveBayes: LocalOperator = {
  unsupported: ({ modelType }) =>
    modelType === "multinomial"
      ? null
      : `The local engine fits multinomial naive Bayes only; the ${String(modelType)} model runs on spark.`,
  async fit(context): Promise<Fitted> {
    const { session, stage, params, labels } = context;
    const label = labels[0];
    const { size, rows } = await storeFitRows(context, "fit_rows", `CAST(${scalarOf(label)} AS DOUBLE)`);
    const [w, n] = labels.length > 1 ? ["w * ", "sum(w)"] : ["", "count(*)"];
    const sums = Array.from({ length: size }, (_, j) => `sum(${w}x${j}) AS s${j}, min(x${j}) AS m${j}`);
    const found = await session.rows<Record<string, number>>(
      `SELECT ${["y", `${n} AS n`, ...sums].join(", ")} FROM fit_rows GROUP BY y ORDER BY y LIMIT ${MAX_CLASSES + 1}`,
    );
    await session.run("DROP TABLE fit_rows");
    const classes = found.map((row) => row.y ?? NaN);
    if (classes.some((value, c) => value !== c) || classes.length > MAX_CLASSES || classes.length < 2) {
      throw stageError(
        stage,
        `the label ${label?.column} must hold class numbers 0, 1, 2 … without a gap, from two to ${MAX_CLASSES} of them, in the ${rows} rows to fit on. Number the classes with a StringIndexer.`,
        { path: ["fitInputs"], expected: "classes 0, 1, 2 …", found: classes.slice(0, 5).join(", ") },
      );
    }
    assertOutputs(context, classes.length);
    const least = Math.min(...found.flatMap((row) => sums.map((_, j) => row[`m${j}`] ?? 0)));
    if (least < 0) {
      throw stageError(stage, `counts must not be negative, and ${context.inputs[0]?.column} goes down to ${least}.`, {
        path: ["inputs"],
        expected: "numbers of at least 0",
        found: String(least),
      });
    }
    const smoothing = Number(params.smoothing);
    const all = found.reduce((sum, row) => sum + (row.n ?? 0), 0);
    const pi = found.map((row) =>
      settle(Math.log((row.n ?? 0) + smoothing) - Math.log(all + classes.length * smoothing)),
    );
    const theta = found.map((row) => {
      const counts = sums.map((_, j) => row[`s${j}`] ?? 0);
      const total = Math.log(counts.reduce((sum, n) => sum + n, 0) + size * smoothing);
      return counts.map((n) => settle(Math.log(n + smoothing) - total));
    });
    if (!theta.flat().every(Number.isFinite)) {
      throw stageError(
        stage,
        "a component is 0 in every row of a class, which smoothing 0 makes impossible ever after.",
        {
          path: ["params", "smoothing"],
          expected: "a number above 0",
          found: String(smoothing),
        },
      );
    }
    return { learned: { pi, theta }, summary: { classes: classes.length, rows } };
  },
  intermediate({ inputs, learned }) {
    const xs = inputs.flatMap(doubles);
    const theta = learned.theta as number[][];
    return (learned.pi as number[]).map((constant, c) => linearForm(xs, theta[c] ?? [], constant));
  },
  score: (context) => classOutputs(context, softmax(context.values)),
  invalid: ({ inputs }) => [
    ...notFiniteRows(inputs),
    ...inputs.map((input) => ({
      column: input.column,
      condition: `coalesce(least(${[...doubles(input), "0e0"].join(", ")}) < 0, false)`,
      problem: "negative numbers, which are no counts",
      advice: "Give it counts, as CountVectorizer and HashingTF make them.",
    })),
  ],
  finite: () => true,
};
