import { DEFAULT_LINK, type Family, fitGeneralizedLinear, type GlmFit, type Link } from "../kernels/generalized-linear";
import { quoteNumber } from "../quote";
import { drive } from "./kernel-rows";
import { linearForm, linearTerms, readDesign, warnUnsettled } from "./linear-forms";
import {
  type FitContext,
  type Fitted,
  type LocalOperator,
  doubles,
  notFiniteRows,
  settle,
  stageError,
} from "./local-operator";
import { solveSymmetric } from "./solve-symmetric";

/** Columns whose sums of products of all pairs are solved at once, in each step. */
const MOST_COLUMNS = 512;

/** What a family's labels are. */
const LABELS: Partial<Record<Family, { isOne(y: number): boolean; words: string; instead: string }>> = {
  binomial: { isOne: (y) => y >= 0 && y <= 1, words: "from 0 to 1", instead: "poisson for counts, or gaussian" },
  poisson: { isOne: (y) => y >= 0, words: "at least 0", instead: "gaussian" },
  gamma: { isOne: (y) => y > 0, words: "above 0", instead: "poisson for counts with zeros, or gaussian" },
};

const familyOf = (params: Record<string, unknown>) => params.family as Family;
const linkOf = (params: Record<string, unknown>): Link =>
  (params.link as Link | null) ?? DEFAULT_LINK[familyOf(params)];

/** The mean from its linear form, in SQL. */
const MEANS: Record<Link, (form: string) => string> = {
  identity: (form) => form,
  log: (form) => `exp(${form})`,
  inverse: (form) => `1 / ${form}`,
  logit: (form) => `1 / (1 + exp(-${form}))`,
  cloglog: (form) => `1 - exp(-exp(${form}))`,
  sqrt: (form) => `${form} * ${form}`,
};

/** As Spark fits it (kernels/generalized-linear.ts). `learned.coefficients` and `learned.intercept` are of the linear form, in the units of the inputs. */
export const generalizedLinearRegression: LocalOperator = {
  isKernel: true,
  unsupported: ({ link }) =>
    link === "probit"
      ? "The local engine has no link probit: its SQL has no normal distribution. Use logit, or the spark engine."
      : null,
  async fit(context): Promise<Fitted> {
    const { stage, params } = context;
    const { design, label, weights, rows } = await readDesign(context);
    if (design.size > MOST_COLUMNS)
      throw stageError(
        stage,
        `${design.size} columns are too many for GeneralizedLinearRegression, which takes ${MOST_COLUMNS}. Read fewer, or use LinearRegression or LogisticRegression.`,
        { path: ["inputs"], expected: `at most ${MOST_COLUMNS} columns`, found: String(design.size) },
      );
    refuseLabels(context, label);
    const fit = await drive(
      context,
      fitGeneralizedLinear(
        design,
        label,
        weights,
        {
          family: familyOf(params),
          link: linkOf(params),
          fitIntercept: Boolean(params.fitIntercept),
          regParam: Number(params.regParam),
          maxIter: Number(params.maxIter),
          tol: Number(params.tol),
        },
        solveSymmetric,
      ),
    );
    refuseDiverged(context, fit);
    warnUnsettled(context, fit, null);
    return {
      learned: { coefficients: fit.coefficients[0]?.map(settle), intercept: settle(fit.intercepts[0] ?? 0) },
      summary: {
        rows,
        family: familyOf(params),
        link: linkOf(params),
        deviance: settle(fit.deviance),
        nullDeviance: settle(fit.nullDeviance),
        iterations: fit.iterations,
        converged: String(fit.converged),
      },
      ...linearTerms(context, fit, [null]),
    };
  },
  intermediate: ({ inputs, learned }) => [
    linearForm(inputs.flatMap(doubles), learned.coefficients as number[], Number(learned.intercept)),
  ],
  score: ({ params, values }) => [{ scalar: MEANS[linkOf(params)](values[0] as string) }],
  invalid: ({ inputs, params, learned }) => [
    ...notFiniteRows(inputs),
    ...(linkOf(params) === "inverse"
      ? [
          {
            column: inputs[0]?.column ?? "",
            condition: `coalesce((${linearForm(inputs.flatMap(doubles), learned.coefficients as number[], Number(learned.intercept))}) = ${quoteNumber(0)}, false)`,
            problem: "values at which the linear form is 0, which has no inverse",
            advice: "Use link log.",
          },
        ]
      : []),
  ],
  // Of a large form exp overflows.
  finite: ({ params }) => !["log", "inverse", "sqrt"].includes(linkOf(params)),
};

function refuseLabels({ stage, labels, params }: FitContext, label: Float64Array): void {
  const rule = LABELS[familyOf(params)];
  if (!rule) return;
  const wrong = label.filter((y) => !rule.isOne(y));
  if (wrong.length === 0) return;
  throw stageError(
    stage,
    `${wrong.length} of ${label.length} rows of the label ${labels[0]?.column} are not ${rule.words}, as family ${familyOf(params)} needs. Use ${rule.instead}, or fit on other rows.`,
    { path: ["fitInputs"], expected: `numbers ${rule.words}`, found: String(wrong[0]) },
  );
}

function refuseDiverged({ stage, params }: FitContext, { coefficients, intercepts, iterations }: GlmFit): void {
  if ([...(coefficients[0] ?? []), ...intercepts].every(Number.isFinite)) return;
  throw stageError(
    stage,
    `the coefficients ran away after ${iterations} steps: link ${linkOf(params)} gives means that family ${familyOf(params)} cannot have on these rows. Use link log (logit of binomial), or set regParam above 0.`,
    { path: ["params", "link"], expected: "a link that fits the rows", found: linkOf(params) },
  );
}
