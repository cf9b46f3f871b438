/**
 * A linear support vector machine as Spark ML defines it: the mean of `max(0, 1 − m)`, where m is the linear form of a yes and its
 * negative of a no, plus `regParam/2 · Σb²` of columns divided by their standard deviation or, without `standardization`, of the
 * columns as they are. The intercept is not penalised. The hinge has a corner, which is rounded off ever less: with a radius r the
 * mean differs from the true one by at most r / 2 (Chapelle, Training a support vector machine in the primal, 2007).
 */
import type { Design } from "./design";
import type { Kernel } from "./kernel";
import { type Minimum, minimise } from "./minimise";
import {
  finish,
  type LinearFit,
  type LinearRules,
  NEWTON_COLUMNS,
  newton,
  objectiveOf,
  scale,
  type SolveSymmetric,
} from "./scaled-forms";

/** The first is wide enough that every row curves at coefficients of 0. */
const RADII = [4, 1, 0.1, 1e-2, 1e-3, 1e-4, 1e-5];
/** Newton's steps come close in a few or go round in circles: where the corner is, there is no curvature. */
const NEWTON_STEPS = 25;

/** @param y 0 or 1 of every row, both of them there; `elasticNetParam` has to be 0 */
export function* fitSupportVectors(
  design: Design,
  y: Uint8Array | Float64Array,
  weights: Float64Array | null,
  rules: LinearRules,
  solve: SolveSymmetric,
): Kernel<LinearFit> {
  const scaled = scale(design, weights, rules, rules.regParam);
  const { size } = design;
  let x: Float64Array = new Float64Array(size + 1);
  let iterations = 0;
  const history: number[] = [];
  let minimum: Minimum | null = null;
  for (const radius of RADII) {
    const objective = objectiveOf(design, weights, scaled, rules, 1, (i, form, slope) => {
      const side = y[i] === 1 ? 1 : -1;
      const short = 1 - side * form[0]!;
      if (short <= 0) return (slope[0] = 0);
      slope[0] = -side * Math.min(1, short / radius);
      return short < radius ? (short * short) / (2 * radius) : short - radius / 2;
    });
    if (size <= NEWTON_COLUMNS) {
      const steps = Math.min(NEWTON_STEPS, rules.maxIter);
      const near = yield* newton(design, weights, scaled, { ...rules, maxIter: steps }, objective, x, solve, {
        name: "hinge loss",
        // No loss at all is the least there is.
        below: Number.MIN_VALUE,
        curvature: (form, row) => {
          const short = 1 - (y[row] === 1 ? form : -form);
          return short > 0 && short < radius ? 1 / radius : 0;
        },
      });
      x = near.x;
      iterations += near.iterations;
    }
    minimum = yield* minimise(objective, x, { maxIter: rules.maxIter, tol: rules.tol, l1: null });
    x = minimum.x;
    iterations += minimum.iterations;
    history.push(...minimum.history);
  }
  const { loss: _, ...fit } = finish({ ...(minimum as Minimum), iterations, history }, size, 1, scaled);
  return { ...fit, loss: yield* hingeOf(design, y, weights, fit) };
}

/** Mean of the hinge itself. */
function* hingeOf(
  design: Design,
  y: Uint8Array | Float64Array,
  weights: Float64Array | null,
  { coefficients, intercepts }: Pick<LinearFit, "coefficients" | "intercepts">,
): Kernel<number> {
  const forms = new Float64Array(design.rows).fill(intercepts[0] ?? 0);
  design.multiply(0, design.rows, Float64Array.from(coefficients[0] ?? []), forms);
  yield null;
  let sum = 0;
  let total = 0;
  forms.forEach((form, i) => {
    const weight = weights ? weights[i]! : 1;
    sum += weight * Math.max(0, 1 - (y[i] === 1 ? form : -form));
    total += weight;
  });
  return sum / total;
}
