/** The numbers of rows as linear models read them: sums of columns and sums over rows, some rows at a time. */

export interface Design {
  rows: number;
  size: number;
  /** Adds `Σ_j x_ij · coefficients[j]` to `out[i − from]` of the rows `[from, to)`. */
  multiply(from: number, to: number, coefficients: Float64Array, out: Float64Array): void;
  /** Adds `Σ_i x_ij · factors[i − from]` over those rows to `out[j]`. */
  transpose(from: number, to: number, factors: Float64Array, out: Float64Array): void;
  /** Adds `Σ_i factors[i − from] · (x_ij − centre[j])²` over those rows to `out[j]`. */
  squares(from: number, to: number, factors: Float64Array, centre: Float64Array, out: Float64Array): void;
}

export function denseDesign(columns: Float64Array[], rows: number): Design {
  return {
    rows,
    size: columns.length,
    multiply(from, to, coefficients, out) {
      for (let j = 0; j < columns.length; j++) {
        const b = coefficients[j]!;
        if (b === 0) continue;
        const column = columns[j]!;
        for (let i = from; i < to; i++) out[i - from]! += b * column[i]!;
      }
    },
    transpose(from, to, factors, out) {
      for (let j = 0; j < columns.length; j++) {
        const column = columns[j]!;
        let sum = 0;
        for (let i = from; i < to; i++) sum += column[i]! * factors[i - from]!;
        out[j]! += sum;
      }
    },
    squares(from, to, factors, centre, out) {
      for (let j = 0; j < columns.length; j++) {
        const column = columns[j]!;
        const middle = centre[j]!;
        let sum = 0;
        for (let i = from; i < to; i++) sum += (column[i]! - middle) * (column[i]! - middle) * factors[i - from]!;
        out[j]! += sum;
      }
    },
  };
}

/** Rows that are mostly zeros: row i has `values[k]` at column `indices[k]` for k in `[starts[i], starts[i + 1])`. */
export interface SparseRows {
  starts: Uint32Array;
  indices: Uint32Array;
  values: Float64Array;
  size: number;
}

export function sparseDesign({ starts, indices, values, size }: SparseRows): Design {
  return {
    rows: starts.length - 1,
    size,
    multiply(from, to, coefficients, out) {
      for (let i = from; i < to; i++) {
        let sum = 0;
        for (let k = starts[i]!; k < starts[i + 1]!; k++) sum += values[k]! * coefficients[indices[k]!]!;
        out[i - from]! += sum;
      }
    },
    transpose(from, to, factors, out) {
      for (let i = from; i < to; i++) {
        const factor = factors[i - from]!;
        for (let k = starts[i]!; k < starts[i + 1]!; k++) out[indices[k]!]! += values[k]! * factor;
      }
    },
    squares(from, to, factors, centre, out) {
      // Every row as if it were all zeros, and what its other numbers change of that.
      let total = 0;
      for (let i = 0; i < to - from; i++) total += factors[i]!;
      for (let j = 0; j < size; j++) out[j]! += total * centre[j]! * centre[j]!;
      for (let i = from; i < to; i++) {
        const factor = factors[i - from]!;
        for (let k = starts[i]!; k < starts[i + 1]!; k++) {
          const j = indices[k]!;
          out[j]! += factor * values[k]! * (values[k]! - 2 * centre[j]!);
        }
      }
    },
  };
}

/** Dense columns without their zeros, where these are most of all numbers. */
export function toSparse(columns: Float64Array[], rows: number): SparseRows {
  const starts = new Uint32Array(rows + 1);
  for (const column of columns) for (let i = 0; i < rows; i++) if (column[i] !== 0) starts[i + 1]!++;
  for (let i = 0; i < rows; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice();
  const indices = new Uint32Array(starts[rows]!);
  const values = new Float64Array(starts[rows]!);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) {
      if (column[i] === 0) continue;
      const at = next[i]!++;
      indices[at] = j;
      values[at] = column[i]!;
    }
  });
  return { starts, indices, values, size: columns.length };
}

export interface Moments {
  /** Sum of the weights, and of the weights times the numbers of a class or the like. */
  weight: number;
  mean: Float64Array;
  /** Of a sample: divisor Σw − Σw²/Σw, which is n − 1 without weights. 0 for a constant column. */
  std: Float64Array;
}

/** Standard deviation relative to the largest of mean and it below which a column is constant: what rounding makes of one. */
const CONSTANT = 1e-12;

/** Weighted means and spreads of every column; spreads are taken about the mean, in a second pass. */
export function momentsOf(
  design: Pick<Design, "rows" | "size" | "transpose" | "squares">,
  weights: Float64Array | null,
  block: number,
): Moments {
  const { rows, size } = design;
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  const ones = weights ?? new Float64Array(rows).fill(1);
  let weight = 0;
  let squaredWeights = 0;
  for (let i = 0; i < rows; i++) {
    weight += ones[i]!;
    squaredWeights += ones[i]! * ones[i]!;
  }
  const blocks = (each: (from: number, to: number, factors: Float64Array) => void) => {
    for (let from = 0; from < rows; from += block) {
      const to = Math.min(rows, from + block);
      each(from, to, ones.subarray(from, to));
    }
  };
  blocks((from, to, factors) => design.transpose(from, to, factors, mean));
  for (let j = 0; j < size; j++) mean[j]! /= weight;
  blocks((from, to, factors) => design.squares(from, to, factors, mean, square));
  const divisor = weight - squaredWeights / weight;
  const std = square.map((sum, j) => {
    const found = divisor > 0 ? Math.sqrt(Math.max(sum, 0) / divisor) : 0;
    return found <= CONSTANT * Math.abs(mean[j]!) ? 0 : found;
  });
  return { weight, mean, std };
}
