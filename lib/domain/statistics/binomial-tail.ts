import { logGamma } from "./special-functions";

/**
 * P(X ≥ hits) for X ~ Binomial(trials, chance): the sum of the upper tail, its first term from log-gamma and each further
 * one from its predecessor. Accurate to about 1e-6 relative, up to 1e9 trials.
 */
export function binomialTail(trials: number, chance: number, hits: number): number {
  if (hits <= 0) return 1;
  if (hits > trials || chance <= 0) return 0;
  if (chance >= 1) return 1;
  // Up to the mean the sum is no tail: its terms still rise. The other side is summed instead.
  if (hits <= trials * chance) return 1 - binomialTail(trials, 1 - chance, trials - hits + 1);
  let term = Math.exp(
    logGamma(trials + 1) -
      logGamma(hits + 1) -
      logGamma(trials - hits + 1) +
      hits * Math.log(chance) +
      (trials - hits) * Math.log1p(-chance),
  );
  const odds = chance / (1 - chance);
  let sum = 0;
  for (let k = hits; k <= trials && term > sum * Number.EPSILON; k += 1) {
    sum += term;
    term *= (odds * (trials - k)) / (k + 1);
  }
  return Math.min(1, sum);
}
