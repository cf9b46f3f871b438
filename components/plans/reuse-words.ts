/** "12 cost units, 4 left to compute"; of a variant that was computed before, "12 cost units, nothing left to compute". */
export function costInWords(cost: number, remaining: number): string {
  const units = `${cost} cost ${cost === 1 ? "unit" : "units"}`;
  if (remaining === cost) return units;
  return `${units}, ${remaining === 0 ? "nothing" : remaining} left to compute`;
}

/** What earlier runs spare a variant: stages fitted before, and stages whose values were written before. */
export function reusedInWords(fitted: number, materialised: number): string[] {
  return [
    ...(fitted > 0 ? [`✓ ${fitted} already fitted`] : []),
    ...(materialised > 0 ? [`▣ ${materialised} already computed`] : []),
  ];
}
