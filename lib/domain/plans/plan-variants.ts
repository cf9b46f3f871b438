import { DomainError } from "../errors";
import { costOf, listCheapestVariants } from "./cheapest-variants";
import { countByCost } from "./count-by-cost";
import { deriveColumns, findPruned } from "./derive-columns";
import { explainUnderivable } from "./explain-underivable";
import { InstanceTable } from "./instance-table";
import { orderStages } from "./order-stages";
import { toPlanProblem, type PlanProblem } from "./plan-problem";
import { readCatalogue, type Catalogue } from "./read-catalogue";
import { toStageCosts, type StageCosts } from "./stage-costs";
import { toRecord } from "./to-record";
import type { Plan, PlannedVariant, PlanOptions, PlanRequest } from "./types";
import { VariantSearch } from "./variant-search";
import { BudgetExhausted, WorkBudget } from "./work-budget";

/** As many variants as a person compares in one sitting; `total` tells how many more there are. */
const DEFAULT_LIMIT = 100;

/** Work steps; about a second of one core. A catalogue of 10,000 stages with 100 listed variants stays well below. */
const DEFAULT_BUDGET = 25_000_000;

/**
 * Plans backwards from the requested columns to the sources. A variant is a set of stages in which every needed column
 * that is not a source has exactly one writer, every stage writes a needed column, and nothing runs in a circle.
 * Listing and counting may each take `options.budget` work steps.
 * @throws DomainError `invalid`, its `context.code` one of DUPLICATE_STAGE, NO_OUTPUTS_REQUESTED, SELF_LOOP (each but the
 * second with `stages`), INVALID_PIN (`column`, `stage`), INVALID_COST (`stages`), INVALID_OPTION (`option`),
 * MISSING_PRODUCER (`missing`), CYCLE (`columns`, `stages`), NO_CONSISTENT_VARIANT, or BUDGET_EXCEEDED (`budget`)
 * when the variants asked for cannot be listed within the budget. Running out while counting is no error: see `Plan.atLeast`.
 */
export function planVariants(request: PlanRequest): Plan {
  const catalogue = readCatalogue(request);
  const { limit, order, budget } = readOptions(request.options);
  const derivation = deriveColumns(catalogue);
  const underivable = explainUnderivable(catalogue, derivation.derivable);
  if (underivable) throw underivable;

  const problem = toPlanProblem(catalogue, derivation);
  const costs = toStageCosts(Array.from(problem.catalogueStage, (stage) => catalogue.stages[stage]!.cost ?? 1));
  // One variant is looked for even when none is listed: whether there is one at all decides between a plan and an error.
  const { variants, total } = listVariants(problem, costs, order, Math.max(limit, 1), budget);
  if (variants.length === 0) {
    throw new DomainError(
      "invalid",
      "Every requested column can be derived, but not all in one plan: stages that write several columns get in each other's way. Request fewer columns at once or add a stage that writes one of them alone.",
      { code: "NO_CONSISTENT_VARIANT" },
    );
  }
  const counted =
    total === undefined ? countAll(problem, variants.length, budget) : { count: BigInt(total), exact: true };
  const listed = describeVariants(catalogue, problem, costs, variants.slice(0, limit));
  return {
    total: counted.count.toString(),
    ...(counted.exact ? {} : { atLeast: true }),
    ...listed,
    pruned: findPruned(catalogue, derivation.viable),
  };
}

function readOptions(options: PlanOptions = {}): { limit: number; order: "declaration" | "cost"; budget: number } {
  const { limit = DEFAULT_LIMIT, order = "declaration", budget = DEFAULT_BUDGET } = options;
  for (const [option, value] of [
    ["limit", limit],
    ["budget", budget],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new DomainError("invalid", `Option "${option}" must be a whole number of 0 or more, found ${value}.`, {
        code: "INVALID_OPTION",
        option,
      });
    }
  }
  return { limit, order, budget };
}

/** The first `limit` variants as ascending stage ids; `total` where all were looked at. */
function listVariants(
  problem: PlanProblem,
  costs: StageCosts,
  order: "declaration" | "cost",
  limit: number,
  steps: number,
): { variants: Int32Array[]; total?: number } {
  const budget = new WorkBudget(steps);
  const variants: Int32Array[] = [];
  try {
    if (order === "cost") {
      return listCheapestVariants(problem, costs.units, limit, budget);
    }
    const search = new VariantSearch(problem, budget);
    while (variants.length < limit) {
      if (!search.next()) return { variants, total: variants.length };
      variants.push(search.included());
    }
    return { variants };
  } catch (error) {
    if (!(error instanceof BudgetExhausted)) throw error;
    const wanted = order === "cost" ? `the ${limit} cheapest variants` : `the first ${limit} variants`;
    const sofar = order === "cost" ? "" : `; ${variants.length} were found`;
    throw new DomainError(
      "invalid",
      `Finding ${wanted} takes more than the budget of ${steps} work steps${sofar}. Pin columns that have several producers, request fewer outputs, lower the limit${order === "cost" ? ", ask for declaration order" : ""} or raise the budget.`,
      { code: "BUDGET_EXCEEDED", budget: steps },
    );
  }
}

function countAll(problem: PlanProblem, listed: number, steps: number): { count: bigint; exact: boolean } {
  const budget = new WorkBudget(steps);
  const search = new VariantSearch(problem, budget);
  let floor = BigInt(listed);
  try {
    search.start();
    const counted = countByCost(search, new Float64Array(problem.stageCount), undefined, budget);
    if ("levels" in counted) return { count: counted.levels[0]?.count ?? 0n, exact: true };
    if (counted.floor > floor) floor = counted.floor;
  } catch (error) {
    if (!(error instanceof BudgetExhausted)) throw error;
  }
  return { count: floor, exact: false };
}

function describeVariants(
  catalogue: Catalogue,
  problem: PlanProblem,
  costs: StageCosts,
  variants: readonly Int32Array[],
): Pick<Plan, "variants" | "mergedInstances"> {
  const { inputs, outputs, transformInputs, catalogueStage, catalogueColumn, requested, columnCount, stageCount } =
    problem;
  const stageNames = Array.from(catalogueStage, (stage) => catalogue.stages[stage]!.name);
  const columnNames = Array.from(catalogueColumn, (column) => catalogue.columns[column]!);
  const table = new InstanceTable(inputs, stageCount);
  const needed = new Uint8Array(columnCount);
  const writer = new Int32Array(columnCount);

  const described = variants.map((stages): PlannedVariant => {
    needed.fill(0);
    for (const column of requested) needed[column] = 1;
    let hasFitInputs = false;
    for (const stage of stages) {
      hasFitInputs ||= transformInputs[stage]! < inputs.start[stage + 1]! - inputs.start[stage]!;
      for (let i = inputs.start[stage]!; i < inputs.start[stage + 1]!; i++) needed[inputs.items[i]!] = 1;
    }
    writer.fill(-1);
    const columns: string[] = [];
    const writers: string[] = [];
    for (const stage of stages) {
      for (let i = outputs.start[stage]!; i < outputs.start[stage + 1]!; i++) {
        const column = outputs.items[i]!;
        if (needed[column] === 0) continue;
        writer[column] = stage;
        columns.push(columnNames[column]!);
        writers.push(stageNames[stage]!);
      }
    }
    const order = orderStages(problem, stages);
    table.add(order, writer);
    const names = Array.from(order, (stage) => stageNames[stage]!);
    return {
      stages: names,
      choice: toRecord(columns, writers),
      predict: hasFitInputs ? predictStages(problem, order, writer).map((stage) => stageNames[stage]!) : names.slice(),
      cost: costOf(stages, costs.units) / costs.scale,
    };
  });

  const instances = new Int32Array(stageCount);
  for (const stage of table.stageOf) instances[stage]!++;
  const merged = stageNames.flatMap((name, stage) =>
    instances[stage]! > 0 ? [{ name, count: instances[stage]! }] : [],
  );
  return {
    variants: described,
    mergedInstances: toRecord(
      merged.map(({ name }) => name),
      merged.map(({ count }) => count),
    ),
  };
}

/** The part of an execution order that is needed when everything is fitted: the way back through transform inputs only. */
function predictStages(problem: PlanProblem, order: Int32Array, writer: Int32Array): number[] {
  const { inputs, outputs, transformInputs, requested } = problem;
  const wanted = new Uint8Array(problem.columnCount);
  for (const column of requested) wanted[column] = 1;
  const stages: number[] = [];
  for (let next = order.length - 1; next >= 0; next--) {
    const stage = order[next]!;
    let isWanted = false;
    for (let i = outputs.start[stage]!; i < outputs.start[stage + 1]!; i++) {
      isWanted ||= wanted[outputs.items[i]!] === 1 && writer[outputs.items[i]!] === stage;
    }
    if (!isWanted) continue;
    stages.push(stage);
    const start = inputs.start[stage]!;
    for (let i = start; i < start + transformInputs[stage]!; i++) wanted[inputs.items[i]!] = 1;
  }
  return stages.reverse();
}
