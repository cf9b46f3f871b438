/**
 * Minimises a convex function by limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5) or, where some
 * coordinates carry an L1 penalty, by its orthant-wise form, OWL-QN (Andrew and Gao, Scalable training of L1-regularized
 * log-linear models, 2007).
 */
import type { Kernel } from "./kernel";

/** Writes the gradient at x and answers the value there; a sum over rows, which gives way between blocks of them. */
export type Objective = (x: Float64Array, gradient: Float64Array) => Kernel<number>;

export interface MinimiseOptions {
  maxIter: number;
  /** Largest component of the (pseudo-)gradient at which it is done. */
  tol: number;
  /** L1 weight of each coordinate; null none. */
  l1: Float64Array | null;
  /** Told after each step; true ends it there. */
  stop?: (value: number, iteration: number) => boolean;
}

export interface Minimum {
  x: Float64Array;
  value: number;
  iterations: number;
  converged: boolean;
  /** Value at the start and after each step. */
  history: number[];
}

/** Pairs of steps and changes of the gradient that stand for the curvature; Spark keeps ten. */
const MEMORY = 10;
/** Share of the promised decrease that a step must keep. */
const ARMIJO = 1e-4;
const HALVINGS = 40;
/** Relative change of the value that is rounding. */
const FLAT = 1e-15;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** The subgradient of the penalised function that is nearest to 0. */
function pseudoGradient(x: Float64Array, gradient: Float64Array, l1: Float64Array | null): Float64Array {
  if (!l1) return gradient.slice();
  return gradient.map((g, i) => {
    const c = l1[i]!;
    if (c === 0 || x[i]! !== 0) return g + c * Math.sign(x[i]!);
    if (g + c < 0) return g + c;
    return g - c > 0 ? g - c : 0;
  });
}

function penalty(x: Float64Array, l1: Float64Array | null): number {
  if (!l1) return 0;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += l1[i]! * Math.abs(x[i]!);
  return sum;
}

export function* minimise(objective: Objective, start: Float64Array, options: MinimiseOptions): Kernel<Minimum> {
  const { maxIter, tol, l1 } = options;
  const size = start.length;
  let x: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(size);
  let value = (yield* objective(x, gradient)) + penalty(x, l1);
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  const history = [value];
  let iterations = 0;
  for (;;) {
    const pseudo = pseudoGradient(x, gradient, l1);
    let largest = 0;
    for (const g of pseudo) largest = Math.max(largest, Math.abs(g));
    if (largest <= tol) return { x, value, iterations, converged: true, history };
    if (iterations >= maxIter) return { x, value, iterations, converged: false, history };

    const direction = twoLoop(pseudo, steps, changes);
    if (l1) for (let i = 0; i < size; i++) if (l1[i]! > 0 && direction[i]! * pseudo[i]! >= 0) direction[i] = 0;
    if (dot(direction, pseudo) >= 0) for (let i = 0; i < size; i++) direction[i] = -pseudo[i]!;

    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(pseudo, pseudo))) : 1;
    let moved: Float64Array = x;
    const next = new Float64Array(size);
    let found = value;
    let isLower = false;
    for (let halving = 0; halving < HALVINGS && !isLower; halving++) {
      moved = new Float64Array(size);
      for (let i = 0; i < size; i++) {
        const to = x[i]! + length * direction[i]!;
        // A step with L1 stays in the orthant where it began, or ends at its border.
        const side = l1 && l1[i]! > 0 ? Math.sign(x[i]!) || -Math.sign(pseudo[i]!) : 0;
        moved[i] = side !== 0 && Math.sign(to) !== side ? 0 : to;
      }
      next.fill(0);
      found = (yield* objective(moved, next)) + penalty(moved, l1);
      let promised = 0;
      for (let i = 0; i < size; i++) promised += pseudo[i]! * (moved[i]! - x[i]!);
      isLower = found <= value + ARMIJO * promised + FLAT * Math.abs(value);
      length /= 2;
    }
    // No shorter step is lower either: what is left is rounding.
    if (!isLower) return { x, value, iterations, converged: true, history };

    const step = moved.map((to, i) => to - x[i]!);
    const change = next.map((g, i) => g - gradient[i]!);
    const curvature = dot(step, change);
    if (curvature > 1e-300 && curvature > 1e-16 * dot(change, change)) {
      steps.push(step);
      changes.push(change);
      if (steps.length > MEMORY) {
        steps.shift();
        changes.shift();
      }
    }
    const isFlat = Math.abs(value - found) <= FLAT * Math.abs(value);
    x = moved;
    gradient = next.slice();
    value = found;
    iterations++;
    history.push(value);
    yield `step ${iterations}, value ${value.toPrecision(6)}`;
    if (options.stop?.(value, iterations) || isFlat) return { x, value, iterations, converged: isFlat, history };
  }
}

/** −H·g, where H is the inverse Hessian that the pairs stand for. */
function twoLoop(gradient: Float64Array, steps: Float64Array[], changes: Float64Array[]): Float64Array {
  const direction = gradient.map((g) => -g);
  const alphas: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    const alpha = dot(steps[k]!, direction) / dot(steps[k]!, changes[k]!);
    alphas[k] = alpha;
    for (let i = 0; i < direction.length; i++) direction[i]! -= alpha * changes[k]![i]!;
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!);
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (let k = 0; k < steps.length; k++) {
    const beta = dot(changes[k]!, direction) / dot(steps[k]!, changes[k]!);
    for (let i = 0; i < direction.length; i++) direction[i]! += (alphas[k]! - beta) * steps[k]![i]!;
  }
  return direction;
}
