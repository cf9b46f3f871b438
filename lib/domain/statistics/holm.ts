/**
 * p-values corrected for being many (Holm 1979), in the order given: those below α are all true differences with a probability
 * of at least 1 − α. The i-th smallest of m is multiplied by m − i + 1 and is never less than the one before it.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((one, other) => at(pValues, one) - at(pValues, other));
  const corrected = pValues.map(() => 1);
  let least = 0;
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, at(pValues, index) * (pValues.length - rank)));
    corrected[index] = least;
  });
  return corrected;
}

const at = (values: readonly number[], index: number) => values[index] as number;
