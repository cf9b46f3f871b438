export interface CountsByValue<Value> {
  /** The different values of both sides, ascending. */
  values: Value[];
  reference: number[];
  current: number[];
}

/** How often each different value occurs on each side. −0 and 0 are one value. */
export function countByValue<Value extends string | number>(
  reference: readonly Value[],
  current: readonly Value[],
): CountsByValue<Value> {
  const values = [...new Set([...reference, ...current])].sort((one, other) => (one < other ? -1 : 1));
  const indexOf = new Map(values.map((value, index) => [value, index]));
  const count = (side: readonly Value[]) => {
    const counts = values.map(() => 0);
    for (const value of side) {
      const index = indexOf.get(value) as number;
      counts[index] = (counts[index] as number) + 1;
    }
    return counts;
  };
  return { values, reference: count(reference), current: count(current) };
}
