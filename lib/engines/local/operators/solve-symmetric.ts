import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Directions whose eigenvalue is this much smaller than the largest carry rounding, not information. */
const RELATIVE_RANK = 1e-12;

/**
 * Least-norm solution of A·x = b for a symmetric positive semi-definite A, given by its upper triangle. Columns that
 * depend on each other (a complete one-hot code and a constant) share the weight instead of failing.
 */
export function solveSymmetric(size: number, upper: (row: number, column: number) => number, b: number[]): number[] {
  const a = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      a.set(i, j, upper(i, j));
      a.set(j, i, upper(i, j));
    }
  }
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(a, {
    assumeSymmetric: true,
  });
  const largest = Math.max(...values.map(Math.abs), 0);
  const x = new Array<number>(size).fill(0);
  values.forEach((value, k) => {
    if (value <= largest * RELATIVE_RANK) return;
    const v = vectors.getColumn(k);
    const weight = v.reduce((sum, component, i) => sum + component * (b[i] ?? 0), 0) / value;
    v.forEach((component, i) => (x[i] = (x[i] ?? 0) + weight * component));
  });
  return x;
}
