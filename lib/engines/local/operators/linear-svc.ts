import { fitSupportVectors } from "../kernels/support-vectors";
import { quoteNumber } from "../quote";
import { readClasses } from "./classifier";
import { drive } from "./kernel-rows";
import { linearForm, linearRules, linearTerms, readDesign, warnUnsettled } from "./linear-forms";
import {
  type Fitted,
  type LocalOperator,
  type Scored,
  doubles,
  notFiniteRows,
  settle,
  stageError,
} from "./local-operator";
import { solveSymmetric } from "./solve-symmetric";

/**
 * Minimises Spark's objective (kernels/support-vectors.ts). `learned.coefficients` and `learned.intercept` are in the units of the
 * inputs. A double is the margin, a vector Spark's rawPrediction: the margin's negative and the margin.
 */
export const linearSvc: LocalOperator = {
  isKernel: true,
  async fit(context): Promise<Fitted> {
    const { stage, params, labels } = context;
    const { design, label, weights, rows } = await readDesign(context);
    const { classes, y } = readClasses(context, label);
    if (classes > 2)
      throw stageError(
        stage,
        `the label ${labels[0]?.column} has ${classes} classes, and LinearSVC tells two apart: true and false, or 1 and 0. Use LogisticRegression, or make a yes or no of it.`,
        { path: ["fitInputs"], expected: "two classes", found: `${classes} classes` },
      );
    const fit = await drive(
      context,
      fitSupportVectors(design, y, weights, { ...linearRules(params), elasticNetParam: 0 }, solveSymmetric),
    );
    warnUnsettled(context, fit, null);
    return {
      learned: { coefficients: fit.coefficients[0]?.map(settle), intercept: settle(fit.intercepts[0] ?? 0) },
      summary: { rows, hingeLoss: settle(fit.loss), iterations: fit.iterations, converged: String(fit.converged) },
      ...linearTerms(context, fit, [null]),
    };
  },
  intermediate: ({ inputs, learned }) => [
    linearForm(inputs.flatMap(doubles), learned.coefficients as number[], Number(learned.intercept)),
  ],
  score: ({ stage, params, values }) =>
    stage.outputs.map(({ type }): Scored => {
      const margin = values[0] as string;
      const isYes = `${margin} > ${quoteNumber(Number(params.threshold))}`;
      if (type === "vector") return { components: [`-${margin}`, margin] };
      if (type === "boolean") return { scalar: `(${isYes})` };
      return { scalar: type === "bigint" ? `CAST((${isYes}) AS BIGINT)` : margin };
    }),
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
