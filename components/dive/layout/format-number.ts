/** A number for a label: digits in groups, few of them, and powers of ten where it would be long. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-4)) return value.toExponential(1).replace("e+", "e").replace("-", "−");
  return value.toLocaleString("en", { maximumSignificantDigits: size >= 1000 ? 7 : 4 }).replace("-", "−");
}
