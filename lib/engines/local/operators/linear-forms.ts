/** What the linear models share: their rows, their penalty, what their coefficients are called, and the SQL of a linear form. */
import { quoteNumber } from "../quote";
import { type Design, denseDesign, sparseDesign, toSparse } from "../kernels/design";
import { type LinearFit, type LinearRules, SEPARATED } from "../kernels/scaled-forms";
import { type KernelRows, assertMemory, readKernelRows, rowBytes } from "./kernel-rows";
import { type FitContext, type Fitted, addUp, componentNames, settle } from "./local-operator";

/** Share of zeros from which on rows are kept without them. */
const SPARSE = 0.8;

/** @param classes linear forms that there will be at most */
export async function readDesign(context: FitContext): Promise<KernelRows & { design: Design }> {
  const { rows, columns, bytes } = rowBytes(context);
  // Ten pairs of steps, and some more vectors of their length.
  assertMemory(context, rows, columns, {
    "for the rows": bytes,
    "for the steps": 8 * 30 * (columns + 1),
    "for weights": 8 * rows,
  });
  const read = await readKernelRows(context);
  let zeros = 0;
  for (const column of read.columns) for (const value of column) if (value === 0) zeros++;
  const isSparse = zeros > SPARSE * read.rows * read.columns.length;
  return {
    ...read,
    design: isSparse ? sparseDesign(toSparse(read.columns, read.rows)) : denseDesign(read.columns, read.rows),
  };
}

export function linearRules(params: Record<string, unknown>): LinearRules {
  return {
    fitIntercept: Boolean(params.fitIntercept),
    standardization: Boolean(params.standardization),
    regParam: Number(params.regParam),
    elasticNetParam: Number(params.elasticNetParam),
    maxIter: Number(params.maxIter),
    tol: Number(params.tol),
  };
}

/** Warns of a fit that did not settle, or has nowhere to. @param rules of a classifier; null for numbers */
export function warnUnsettled(
  { stage, warn }: FitContext,
  { converged, iterations, loss }: LinearFit,
  rules: LinearRules | null,
): void {
  // Where the slope ends the steps, the loss is about as small as it.
  if (rules && loss < 10 * Math.max(SEPARATED, rules.tol))
    warn(
      `Stage ${stage.name}: the inputs tell the classes apart without error, so the coefficients have no finite best value; set regParam above 0.`,
    );
  else if (!converged)
    warn(
      `Stage ${stage.name} stopped after ${iterations} steps without settling; raise maxIter or set regParam above 0.`,
    );
}

/** @param classes what each row of coefficients is of; null where there is one */
export function linearTerms(
  { inputs }: FitContext,
  { coefficients, intercepts, standardised }: LinearFit,
  classes: (string | null)[],
): Pick<Fitted, "terms"> {
  const names = componentNames(inputs);
  return {
    terms: {
      measure: "coefficient",
      terms: coefficients.flatMap((own, k) =>
        own.map((b, j) => ({
          feature: names[j] ?? String(j),
          class: classes[k] ?? null,
          value: settle(b),
          standardised: settle(standardised[k]?.[j] ?? 0),
        })),
      ),
      intercepts: intercepts.map((b, k) => ({ class: classes[k] ?? null, value: settle(b) })),
    },
  };
}

/** Linear form over the expressions; coefficients of 0 are left out. Null where a component is. */
export function linearForm(xs: string[], coefficients: number[], intercept: number): string {
  const terms = coefficients.flatMap((value, i) => (value === 0 ? [] : [`${quoteNumber(value)} * ${xs[i]}`]));
  return `CASE WHEN ${xs.map((x) => `${x} IS NOT NULL`).join(" AND ")} THEN ${addUp([quoteNumber(intercept), ...terms])} END`;
}
