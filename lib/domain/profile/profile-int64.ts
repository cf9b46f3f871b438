export interface Int64Profile {
  rows: number;
  missing: number;
  count: number;
  zeros: number;
  negative: number;
  distinct: number;
  /** How many different values would be left after a detour through doubles. */
  distinctAsDoubles: number;
  /** Null without values. */
  min: bigint | null;
  max: bigint | null;
  sum: bigint;
  /** The double nearest to sum / count; null without values. */
  mean: number | null;
}

/** Exact profile of a column of 64-bit integers. */
export function profileInt64(column: readonly (bigint | null)[]): Int64Profile {
  const values = column.filter((value) => value !== null);
  const [first] = values;
  const sum = values.reduce((total, value) => total + value, 0n);
  return {
    rows: column.length,
    missing: column.length - values.length,
    count: values.length,
    zeros: values.filter((value) => value === 0n).length,
    negative: values.filter((value) => value < 0n).length,
    distinct: new Set(values).size,
    distinctAsDoubles: new Set(values.map(Number)).size,
    min: first === undefined ? null : values.reduce((least, value) => (value < least ? value : least), first),
    max: first === undefined ? null : values.reduce((most, value) => (value > most ? value : most), first),
    sum,
    mean: values.length === 0 ? null : divide(sum, BigInt(values.length)),
  };
}

function divide(sum: bigint, count: bigint): number {
  return Number(sum / count) + Number(sum % count) / Number(count);
}
