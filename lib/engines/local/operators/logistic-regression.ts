import { fitBinomial, fitMultinomial } from "../kernels/linear-models";
import { bothOf, classOutputs, readClasses, softmax } from "./classifier";
import { drive } from "./kernel-rows";
import { linearForm, linearRules, linearTerms, readDesign, warnUnsettled } from "./linear-forms";
import { type Fitted, type LocalOperator, doubles, notFiniteRows, settle, stageError } from "./local-operator";
import { solveSymmetric } from "./solve-symmetric";

/**
 * Minimises Spark's objective (kernels/linear-models.ts). Binomial: `learned.coefficients` and `learned.intercept`, in the units of
 * the inputs. Multinomial: a list of coefficients and an intercept for each class in `learned.present`; of `learned.classes` classes
 * the others did not occur, and have probability 0.
 */
export const logisticRegression: LocalOperator = {
  isKernel: true,
  async fit(context): Promise<Fitted> {
    const { params, stage, labels } = context;
    const { design, label, weights, rows } = await readDesign(context);
    const { classes, y, present } = readClasses(context, label);
    const rules = linearRules(params);
    if (params.family === "binomial" && classes > 2)
      throw stageError(
        stage,
        `the label ${labels[0]?.column} has ${classes} classes, and family binomial tells two apart. Leave family out, or set it to multinomial.`,
        { path: ["params", "family"], expected: "multinomial", found: "binomial" },
      );
    const figures = (fit: { iterations: number; converged: boolean; loss: number }) => ({
      iterations: fit.iterations,
      converged: String(fit.converged),
      logLoss: settle(fit.loss),
      rows,
    });
    if (classes === 2 && params.family !== "multinomial") {
      const fit = await drive(context, fitBinomial(design, y, weights, rules, solveSymmetric));
      warnUnsettled(context, fit, rules);
      const positives = y.reduce((sum, value, i) => sum + value * (weights?.[i] ?? 1), 0);
      const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? rows;
      return {
        learned: { coefficients: fit.coefficients[0]?.map(settle), intercept: settle(fit.intercepts[0] ?? 0) },
        summary: { ...figures(fit), positives: settle(positives / total) },
        ...linearTerms(context, fit, [null]),
      };
    }
    const place = new Map(present.map((value, k) => [value, k]));
    const numbered = y.map((value) => place.get(value) ?? 0);
    const fit = await drive(context, fitMultinomial(design, numbered, present.length, weights, rules));
    warnUnsettled(context, fit, rules);
    return {
      learned: {
        coefficients: fit.coefficients.map((own) => own.map(settle)),
        intercepts: fit.intercepts.map(settle),
        classes,
        present,
      },
      summary: { ...figures(fit), classes },
      ...linearTerms(context, fit, present.map(String)),
    };
  },
  intermediate({ inputs, learned }) {
    const xs = inputs.flatMap(doubles);
    if (learned.classes === undefined)
      return [`1 / (1 + exp(-(${linearForm(xs, learned.coefficients as number[], Number(learned.intercept))})))`];
    const intercepts = learned.intercepts as number[];
    return (learned.coefficients as number[][]).map((own, k) => linearForm(xs, own, intercepts[k] ?? 0));
  },
  score(context) {
    const { learned, values } = context;
    if (learned.classes === undefined) return classOutputs(context, bothOf(values[0] as string));
    const present = learned.present as number[];
    const shares = softmax(values);
    // Null where the row cannot be scored, for classes that do not occur too.
    const probabilities = Array.from(
      { length: Number(learned.classes) },
      (_, c) => shares[present.indexOf(c)] ?? `CASE WHEN ${values[0]} IS NOT NULL THEN 0e0 END`,
    );
    return classOutputs(context, probabilities);
  },
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
