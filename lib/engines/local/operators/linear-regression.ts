import { fitLinear } from "../kernels/linear-models";
import { drive } from "./kernel-rows";
import { linearForm, linearRules, linearTerms, readDesign, warnUnsettled } from "./linear-forms";
import { type Fitted, type LocalOperator, doubles, notFiniteRows, settle } from "./local-operator";
import { solveSymmetric } from "./solve-symmetric";

/** Minimises Spark's objective (kernels/linear-models.ts). `learned.coefficients` and `learned.intercept` are in the units of the inputs. */
export const linearRegression: LocalOperator = {
  isKernel: true,
  async fit(context): Promise<Fitted> {
    const { design, label, weights, rows } = await readDesign(context);
    const fit = await drive(context, fitLinear(design, label, weights, linearRules(context.params), solveSymmetric));
    warnUnsettled(context, fit, null);
    return {
      learned: { coefficients: fit.coefficients[0]?.map(settle), intercept: settle(fit.intercepts[0] ?? 0) },
      summary: { rows, r2: settle(fit.r2), iterations: fit.iterations, converged: String(fit.converged) },
      ...linearTerms(context, fit, [null]),
    };
  },
  score: ({ inputs, learned }) => [
    { scalar: linearForm(inputs.flatMap(doubles), learned.coefficients as number[], Number(learned.intercept)) },
  ],
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
