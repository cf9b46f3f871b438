import { columnComponents } from "./column-components";
import type { PlanProblem } from "./plan-problem";
import { EXCLUDED, INCLUDED, type VariantSearch } from "./variant-search";
import { BudgetExhausted, WorkBudget } from "./work-budget";

/** How many states, and how many ways to decide one component, a partial count follows. */
const PARTIAL_WIDTH = 32;
const PARTIAL_WAYS = 1000;

/** Budget steps per item handled: building and comparing a state takes about so many times a step of the search. */
const STATE_STEPS = 8;

/** How many variants have one cost. */
interface CostLevel {
  cost: number;
  count: bigint;
}

export interface CountByCost {
  /** Ascending; all levels, or those up to the one that holds the `keep`-th cheapest variant. Empty: there is no variant. */
  levels: CostLevel[];
  /** Stages of one variant on the first level; those that cost nothing may be left out. */
  cheapest: number[];
}

/** Where counting had to stop: a number of variants there are at least, given that there is one. */
export interface CountFloor {
  floor: bigint;
}

interface State {
  /** What the rest still depends on, as sorted item ids; see `Residual`. */
  items: number[];
  levels: CostLevel[];
  cheapest: Chain | undefined;
}

interface Chain {
  stage: number;
  before: Chain | undefined;
}

/** Columns decided together: one, or those of a strongly connected component. */
interface Block {
  /** Columns whose writer is open. */
  columns: number[];
  /** Columns of the component whose writer is known and may still be part of a circle. */
  settled: number[];
  group: number;
}

/**
 * The part of the problem in which something is left to choose.
 * Item ids: a column c that is needed is c; a stage s that is included is columns + s, one that is excluded columns + stages + s.
 */
interface Residual {
  blocks: Block[];
  isOpen: Uint8Array;
  /** Stage to the last block in which having included (excluded) it still matters, -1 for none. */
  includedUntil: Int32Array;
  excludedUntil: Int32Array;
  /** Column to its block, -1 for none. */
  blockOf: Int32Array;
  /** Whether every way to decide some blocks can be completed. */
  neverFails: boolean;
}

/**
 * Counts the variants below the search's present state by their cost, without listing them: a dynamic program over the
 * columns, consumers first, whose states are what later columns depend on: which of them are needed, and which stages
 * with later outputs are included or excluded by now. Prefixes that agree on that are counted together.
 *
 * Merging prefixes is sound because a column comes after everything that reads it, so that nothing decided later can
 * need a column that was passed over. Where columns depend on one another in a circle there is no such order, so a
 * strongly connected component is decided as one block by listing its acyclic choices.
 * A cycle in a variant lies inside one component, so no state needs to remember more than that.
 * The number of states is exponential in the width of the order only, not in its length. When the budget runs out all
 * the same, as many steps again may go into a good lower bound.
 *
 * @param units stage to its cost in whole units; zeros to only count
 * @param keep how many of the cheapest variants the levels must cover; undefined for all
 */
export function countByCost(
  search: VariantSearch,
  units: Float64Array,
  keep: bigint | undefined,
  budget: WorkBudget,
): CountByCost | CountFloor {
  const residual = findResidual(search, units, budget);
  let fixedCost = 0;
  const included: number[] = [];
  for (let stage = 0; stage < units.length; stage++) {
    if (search.stageState[stage] !== INCLUDED) continue;
    fixedCost += units[stage]!;
    included.push(stage);
  }

  let states = new Map<string, State>();
  states.set("", { items: [], levels: [{ cost: fixedCost, count: 1n }], cheapest: undefined });
  let floor = 1n;
  let block = 0;
  let spending = budget;
  let isPartial = false;
  while (block < residual.blocks.length) {
    // Between groups nothing is pending, so what was counted so far goes with every way to decide the rest.
    if (block > 0 && residual.blocks[block]!.group !== residual.blocks[block - 1]!.group)
      floor = largest(floor, states);
    try {
      states = isPartial
        ? decideInAll(search, residual, block, heaviest(states), units, keep, spending, PARTIAL_WAYS)
        : decideInAll(search, residual, block, states, units, keep, spending, Infinity);
      block++;
    } catch (error) {
      if (!(error instanceof BudgetExhausted)) throw error;
      if (residual.neverFails) floor = largest(floor, states);
      if (isPartial || keep !== undefined) return { floor };
      // Variants that pass through a few of the states are still variants: following only those gives a lower bound.
      isPartial = true;
      spending = new WorkBudget(budget.steps);
    }
  }
  if (isPartial) return { floor: largest(floor, states) };
  const [end] = states.values();
  for (let link = end?.cheapest; link; link = link.before) included.push(link.stage);
  return { levels: end?.levels ?? [], cheapest: included };
}

function decideInAll(
  search: VariantSearch,
  residual: Residual,
  index: number,
  states: ReadonlyMap<string, State>,
  units: Float64Array,
  keep: bigint | undefined,
  budget: WorkBudget,
  mostWays: number,
): Map<string, State> {
  const next = new Map<string, State>();
  for (const state of states.values()) {
    for (const way of decideBlock(search, residual, residual.blocks[index]!, state.items, units, budget, mostWays)) {
      const items = way.items.filter((item) => matters(search.problem, residual, item, index));
      budget.spend(STATE_STEPS * (1 + items.length + state.levels.length));
      merge(next, items, state, way, keep);
    }
  }
  return next;
}

/** The few states that most prefixes lead to. Only for counting, where a state has one level. */
function heaviest(states: ReadonlyMap<string, State>): Map<string, State> {
  if (states.size <= PARTIAL_WIDTH) return new Map(states);
  const count = (state: State) => state.levels[0]!.count;
  const sorted = [...states].sort(([, a], [, b]) => (count(a) < count(b) ? 1 : count(a) > count(b) ? -1 : 0));
  return new Map(sorted.slice(0, PARTIAL_WIDTH));
}

function largest(floor: bigint, states: ReadonlyMap<string, State>): bigint {
  const sum = sumOf(states);
  return sum > floor ? sum : floor;
}

function sumOf(states: ReadonlyMap<string, State>): bigint {
  let sum = 0n;
  for (const { levels } of states.values()) for (const level of levels) sum += level.count;
  return sum;
}

function matters({ columnCount, stageCount }: PlanProblem, residual: Residual, item: number, block: number): boolean {
  if (item < columnCount) return residual.blockOf[item]! > block;
  if (item < columnCount + stageCount) return residual.includedUntil[item - columnCount]! > block;
  return residual.excludedUntil[item - columnCount - stageCount]! > block;
}

function merge(into: Map<string, State>, items: number[], from: State, way: Way, keep: bigint | undefined): void {
  const key = items.join();
  const known = into.get(key);
  const isCheaper = !known || from.levels[0]!.cost + way.cost < known.levels[0]!.cost;
  let cheapest = known?.cheapest;
  if (isCheaper) {
    cheapest = from.cheapest;
    for (const stage of way.chosen) cheapest = { stage, before: cheapest };
  }
  into.set(key, { items, levels: mergeLevels(known?.levels ?? [], from.levels, way.cost, keep), cheapest });
}

/** `a` and `b` with `shift` added to its costs, cut after the level that holds the `keep`-th cheapest. */
function mergeLevels(
  a: readonly CostLevel[],
  b: readonly CostLevel[],
  shift: number,
  keep: bigint | undefined,
): CostLevel[] {
  const merged: CostLevel[] = [];
  let covered = 0n;
  for (let i = 0, j = 0; (i < a.length || j < b.length) && (keep === undefined || covered < keep);) {
    const left = i < a.length ? a[i]!.cost : Infinity;
    const right = j < b.length ? b[j]!.cost + shift : Infinity;
    let count = 0n;
    if (left <= right) count += a[i++]!.count;
    if (right <= left) count += b[j++]!.count;
    merged.push({ cost: Math.min(left, right), count });
    covered += count;
  }
  return merged;
}

/** One way to decide a block: the items after it (not yet cut to what matters), the stages it newly includes and their cost. */
interface Way {
  items: number[];
  chosen: number[];
  cost: number;
}

function decideBlock(
  search: VariantSearch,
  residual: Residual,
  block: Block,
  items: number[],
  units: Float64Array,
  budget: WorkBudget,
  mostWays: number,
): Way[] {
  if (block.columns.length === 1 && block.settled.length === 0) {
    const column = block.columns[0]!;
    if (search.isNeeded[column] === 0 && !items.includes(column)) return [{ items, chosen: [], cost: 0 }];
    return decideColumn(search, residual, column, items).map(({ items, writer, isNew }) => ({
      items,
      chosen: isNew ? [writer] : [],
      cost: isNew ? units[writer]! : 0,
    }));
  }
  return decideComponent(search, residual, block, items, units, budget, mostWays);
}

/** The acyclic choices for the needed columns of a component, all or `mostWays` of them, on an explicit stack. */
function decideComponent(
  search: VariantSearch,
  residual: Residual,
  block: Block,
  items: number[],
  units: Float64Array,
  budget: WorkBudget,
  mostWays: number,
): Way[] {
  const { writers } = search.problem;
  const settled = new Map<number, number>();
  for (const column of block.settled) {
    for (let i = writers.start[column]!; i < writers.start[column + 1]!; i++) {
      if (search.stageState[writers.items[i]!] === INCLUDED) settled.set(column, writers.items[i]!);
    }
  }
  const ways: Way[] = [];
  const open: (Way & { choice: ReadonlyMap<number, number> })[] = [{ items, chosen: [], cost: 0, choice: settled }];
  while (open.length > 0 && ways.length < mostWays) {
    const at = open.pop()!;
    const needs = new Set(at.items);
    budget.spend(STATE_STEPS * (1 + at.items.length + block.columns.length));
    const column = block.columns.find(
      (candidate) => !at.choice.has(candidate) && (search.isNeeded[candidate] === 1 || needs.has(candidate)),
    );
    if (column === undefined) {
      ways.push(at);
      continue;
    }
    for (const { items, writer, isNew } of decideColumn(search, residual, column, at.items)) {
      const choice = new Map(at.choice).set(column, writer);
      budget.spend(STATE_STEPS * choice.size);
      if (closesCircle(search.problem, choice, column)) continue;
      open.push({
        items,
        choice,
        chosen: isNew ? [...at.chosen, writer] : at.chosen,
        cost: isNew ? at.cost + units[writer]! : at.cost,
      });
    }
  }
  return ways;
}

function closesCircle({ inputs }: PlanProblem, choice: ReadonlyMap<number, number>, column: number): boolean {
  const seen = new Set<number>();
  const open = [column];
  while (open.length > 0) {
    const writer = choice.get(open.pop()!);
    if (writer === undefined) continue;
    for (let i = inputs.start[writer]!; i < inputs.start[writer + 1]!; i++) {
      const input = inputs.items[i]!;
      if (input === column) return true;
      if (seen.has(input)) continue;
      seen.add(input);
      open.push(input);
    }
  }
  return false;
}

interface ColumnChoice {
  items: number[];
  writer: number;
  /** False when the writer was included for another column already. */
  isNew: boolean;
}

/** The writers a needed column may have, given the items, and the items after each. */
function decideColumn(
  search: VariantSearch,
  residual: Residual,
  column: number,
  items: readonly number[],
): ColumnChoice[] {
  const { problem, stageState } = search;
  const { writers, producers, inputs, columnCount, stageCount } = problem;
  const has = new Set(items);
  const present: number[] = [];
  for (let i = writers.start[column]!; i < writers.start[column + 1]!; i++) {
    const stage = writers.items[i]!;
    if (stageState[stage] === INCLUDED || has.has(columnCount + stage)) present.push(stage);
  }
  if (present.length > 1) return [];

  const choices: ColumnChoice[] = [];
  for (let i = producers.start[column]!; i < producers.start[column + 1]!; i++) {
    const writer = producers.items[i]!;
    if (stageState[writer] === EXCLUDED || has.has(columnCount + stageCount + writer)) continue;
    if (present.length === 1 && present[0] !== writer) continue;
    const next = new Set(items);
    const isNew = present.length === 0;
    if (isNew) {
      if (residual.includedUntil[writer]! >= 0) next.add(columnCount + writer);
      for (let j = inputs.start[writer]!; j < inputs.start[writer + 1]!; j++) {
        const input = inputs.items[j]!;
        if (residual.isOpen[input] === 1 && search.isNeeded[input] === 0) next.add(input);
      }
    }
    for (let j = writers.start[column]!; j < writers.start[column + 1]!; j++) {
      const other = writers.items[j]!;
      if (other !== writer && stageState[other] !== EXCLUDED && residual.excludedUntil[other]! >= 0) {
        next.add(columnCount + stageCount + other);
      }
    }
    choices.push({ items: [...next].sort((a, b) => a - b), writer, isNew });
  }
  return choices;
}

function findResidual(search: VariantSearch, units: Float64Array, budget: WorkBudget): Residual {
  const { problem, stageState, isNeeded, writerCount } = search;
  const { columnCount, stageCount, writers, producers, inputs, outputs } = problem;
  const roots: number[] = [];
  for (let column = 0; column < columnCount; column++) {
    if (isNeeded[column] === 1 && writerCount[column] === 0) roots.push(column);
  }
  const { order, component, size } = columnComponents(
    producers,
    inputs,
    roots,
    (stage) => stageState[stage] !== EXCLUDED,
  );
  budget.spend(order.length);

  const liveWriters = (column: number) => {
    let count = 0;
    for (let i = writers.start[column]!; i < writers.start[column + 1]!; i++) {
      if (stageState[writers.items[i]!] !== EXCLUDED) count++;
    }
    return count;
  };
  const isContested = new Uint8Array(columnCount);
  const isMet = new Uint8Array(columnCount);
  for (const column of order) {
    isMet[column] = 1;
    isContested[column] = liveWriters(column) > 1 ? 1 : 0;
  }

  // A column whose whole way back is free of charge, without choice and without effect on other columns need not be followed.
  const isOpen = new Uint8Array(columnCount);
  for (const column of order) {
    if (isNeeded[column] === 1) isOpen[column] = writerCount[column] === 0 ? 1 : 0;
    else isOpen[column] = size[component[column]!]! > 1 || !hasOneFreeWay(column) ? 1 : 0;
  }
  function hasOneFreeWay(column: number): boolean {
    if (isContested[column] === 1) return false;
    let writer = -1;
    for (let i = producers.start[column]!; i < producers.start[column + 1]!; i++) {
      if (stageState[producers.items[i]!] !== EXCLUDED) writer = producers.items[i]!;
    }
    if (writer === -1) return false;
    if (stageState[writer] === INCLUDED) return true;
    if (units[writer]! > 0) return false;
    for (let i = outputs.start[writer]!; i < outputs.start[writer + 1]!; i++) {
      if (isContested[outputs.items[i]!] === 1) return false;
    }
    for (let i = inputs.start[writer]!; i < inputs.start[writer + 1]!; i++) {
      const input = inputs.items[i]!;
      if (isNeeded[input] === 0 && isOpen[input] === 1) return false;
    }
    return true;
  }

  // Columns that share an open stage or a component influence one another; separate groups are decided one after the
  // other, so that their states add up instead of multiplying.
  const parent = Int32Array.from({ length: columnCount }, (_, column) => column);
  const find = (column: number): number => {
    let root = column;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  };
  const join = (a: number, b: number) => {
    parent[find(a)] = find(b);
  };
  const headOfComponent = new Int32Array(size.length).fill(-1);
  const seenStage = new Uint8Array(stageCount);
  for (const column of order) {
    if (isOpen[column] === 0) continue;
    const id = component[column]!;
    if (headOfComponent[id] === -1) headOfComponent[id] = column;
    else join(headOfComponent[id]!, column);
    for (let i = writers.start[column]!; i < writers.start[column + 1]!; i++) {
      const stage = writers.items[i]!;
      if (stageState[stage] === EXCLUDED || seenStage[stage] === 1) continue;
      seenStage[stage] = 1;
      for (let j = outputs.start[stage]!; j < outputs.start[stage + 1]!; j++) {
        if (isOpen[outputs.items[j]!] === 1) join(column, outputs.items[j]!);
      }
      if (stageState[stage] === INCLUDED) continue;
      for (let j = inputs.start[stage]!; j < inputs.start[stage + 1]!; j++) {
        const input = inputs.items[j]!;
        if (isOpen[input] === 1 && isNeeded[input] === 0) join(column, input);
      }
    }
  }

  const blockOfComponent = new Map<number, Block>();
  const blocks: Block[] = [];
  for (let i = order.length - 1; i >= 0; i--) {
    const column = order[i]!;
    const id = component[column]!;
    if (headOfComponent[id] === -1) continue;
    let block = blockOfComponent.get(id);
    if (!block) {
      block = { columns: [], settled: [], group: find(headOfComponent[id]!) };
      blockOfComponent.set(id, block);
      blocks.push(block);
    }
    (isOpen[column] === 1 ? block.columns : block.settled).push(column);
  }
  const rank = new Map<number, number>();
  for (const { group } of blocks) if (!rank.has(group)) rank.set(group, rank.size);
  blocks.sort((a, b) => rank.get(a.group)! - rank.get(b.group)!);

  const blockOf = new Int32Array(columnCount).fill(-1);
  const includedUntil = new Int32Array(stageCount).fill(-1);
  const excludedUntil = new Int32Array(stageCount).fill(-1);
  const openOutputs = new Int32Array(stageCount);
  let neverFails = true;
  for (let index = 0; index < blocks.length; index++) {
    if (blocks[index]!.columns.length + blocks[index]!.settled.length > 1) neverFails = false;
    for (const column of blocks[index]!.columns) {
      blockOf[column] = index;
      if (writerCount[column]! > 0) neverFails = false;
      for (let i = writers.start[column]!; i < writers.start[column + 1]!; i++) {
        const stage = writers.items[i]!;
        if (stageState[stage] === EXCLUDED) continue;
        excludedUntil[stage] = index;
        if (isContested[column] === 1 || units[stage]! > 0) includedUntil[stage] = index;
        if (++openOutputs[stage]! > 1) neverFails = false;
      }
    }
  }
  return { blocks, isOpen, includedUntil, excludedUntil, blockOf, neverFails };
}
