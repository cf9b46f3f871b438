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

/** ln Γ(x) for x ≥ 1: Stirling's series after shifting x above 10 (Abramowitz and Stegun 6.1.41). */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z += 1) shift += Math.log(z);
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
