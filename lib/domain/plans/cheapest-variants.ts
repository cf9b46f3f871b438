import { countByCost } from "./count-by-cost";
import type { PlanProblem } from "./plan-problem";
import { EXCLUDED, INCLUDED, VariantSearch } from "./variant-search";
import { BudgetExhausted, type WorkBudget } from "./work-budget";

/** So many variants are rather listed and sorted than searched for cleverly. */
const LISTED_AT_ONCE = 1000;

/**
 * The stages of the `limit` cheapest variants, each ascending; ties in declaration order;
 * `total` where all were looked at.
 *
 * First the cost of the last variant to list is found by counting variants by cost, then the search in declaration order
 * lists what is cheaper, and of what costs as much only the first ones. The search enters a branch only when a cheap
 * enough variant is known to be in it, so it never looks at more branches than the variants it returns have choices.
 * @param listedAtOnce up to so many variants are all listed and sorted instead
 * @throws BudgetExhausted when the cheapest ones cannot be told within the budget
 */
export function listCheapestVariants(
  problem: PlanProblem,
  units: Float64Array,
  limit: number,
  budget: WorkBudget,
  listedAtOnce: number = Math.max(LISTED_AT_ONCE, limit),
): { variants: Int32Array[]; total?: number } {
  const few = listAll(problem, listedAtOnce, budget);
  if (few) {
    const sorted = few
      .map((stages, index) => ({ stages, index, cost: costOf(stages, units) }))
      .sort((a, b) => a.cost - b.cost || a.index - b.index);
    return { variants: sorted.slice(0, limit).map(({ stages }) => stages), total: few.length };
  }
  if (limit === 0) return { variants: [] };

  const search = new VariantSearch(problem, budget);
  search.start();
  const counted = countByCost(search, units, BigInt(limit), budget);
  if ("floor" in counted) throw new BudgetExhausted();
  const last = counted.levels[counted.levels.length - 1]!;
  const cheaper = counted.levels.slice(0, -1).reduce((sum, { count }) => sum + count, 0n);
  let ties = limit - Number(cheaper);

  let known = { cost: counted.levels[0]!.cost, stages: new Set(counted.cheapest) };
  const isCheapEnough = (cost: number) => cost < last.cost || (cost === last.cost && ties > 0);
  const admits = () => {
    if (isCheapEnough(known.cost) && isBelow(search, known.stages)) return true;
    const below = countByCost(search, units, 1n, budget);
    if ("floor" in below) throw new BudgetExhausted();
    const cheapest = below.levels[0];
    if (!cheapest || !isCheapEnough(cheapest.cost)) return false;
    known = { cost: cheapest.cost, stages: new Set(below.cheapest) };
    return true;
  };
  const found: { stages: Int32Array; cost: number }[] = [];
  while (found.length < limit && search.next(admits)) {
    const stages = search.included();
    const cost = costOf(stages, units);
    if (cost === last.cost) ties--;
    found.push({ stages, cost });
  }
  // Sorting is stable, so ties stay in declaration order.
  return { variants: found.sort((a, b) => a.cost - b.cost).map(({ stages }) => stages) };
}

function listAll(problem: PlanProblem, most: number, budget: WorkBudget): Int32Array[] | undefined {
  const search = new VariantSearch(problem, budget);
  const variants: Int32Array[] = [];
  while (search.next()) {
    if (variants.length === most) return undefined;
    variants.push(search.included());
  }
  return variants;
}

/** Whether a variant known from elsewhere is still below the search's present decisions. */
function isBelow({ stageState }: VariantSearch, stages: ReadonlySet<number>): boolean {
  for (const stage of stages) if (stageState[stage] === EXCLUDED) return false;
  for (let stage = 0; stage < stageState.length; stage++) {
    if (stageState[stage] === INCLUDED && !stages.has(stage)) return false;
  }
  return true;
}

/** In units, which are integers: the sum is exact in any order. */
export function costOf(stages: Int32Array, units: Float64Array): number {
  let sum = 0;
  for (const stage of stages) sum += units[stage]!;
  return sum;
}
