/** Costs as whole numbers of units, so that sums are exact and equal costs compare equal (0.1 + 0.2 is 0.3). */
export interface StageCosts {
  units: Float64Array;
  /** Units per 1 of cost: divide a sum of units by it. */
  scale: number;
}

/**
 * Scales decimal costs to integers. Where the digits of all costs together do not fit in 53 bits, costs are rounded
 * to the finest unit that does, which is no coarser than adding them as floating point numbers.
 * @param costs finite and not negative
 */
export function toStageCosts(costs: readonly number[]): StageCosts {
  const digits = costs.reduce((most, cost) => Math.max(most, decimals(cost)), 0);
  const sum = costs.reduce((total, cost) => total + cost, 0);
  if (digits <= 15 && sum * 10 ** digits <= 2 ** 52) {
    const scale = 10 ** digits;
    return { units: Float64Array.from(costs, (cost) => Math.round(cost * scale)), scale };
  }
  const scale = 2 ** (51 - Math.ceil(Math.log2(sum)));
  return { units: Float64Array.from(costs, (cost) => Math.round(cost * scale)), scale };
}

function decimals(cost: number): number {
  if (Number.isInteger(cost)) return 0;
  const [digits = "", exponent = "0"] = String(cost).split("e");
  return Math.max(0, (digits.split(".")[1] ?? "").length - Number(exponent));
}
