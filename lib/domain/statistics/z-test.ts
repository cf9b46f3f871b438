import { normalTwoSidedTail } from "./special-functions";

export type TwoCounts = readonly [number, number];

/**
 * Two-sided z test that the first of two categories has the same proportion on both sides, with pooled variance. Where both
 * sides have only one and the same category there is no variance and no difference: z is 0 and p is 1. Both must have rows.
 */
export function zTest(reference: TwoCounts, current: TwoCounts): { z: number; pValue: number } {
  const [n, m] = [reference[0] + reference[1], current[0] + current[1]];
  const pooled = (reference[0] + current[0]) / (n + m);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  const z = error === 0 ? 0 : (current[0] / m - reference[0] / n) / error;
  return { z, pValue: normalTwoSidedTail(z) };
}
