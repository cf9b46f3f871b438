import type { PlanStage } from "./types";

/**
 * The definitions of a variant and of the search order, written down as plainly as possible and sharing nothing with the
 * planner, to hold it against. Exponential: for catalogues of about ten stages.
 */

export interface BruteCatalogue {
  stages: PlanStage[];
  sources: string[];
  outputs: string[];
  pins?: Record<string, string>;
}

export const allInputs = (stage: PlanStage): string[] => [...new Set([...stage.inputs, ...(stage.fitInputs ?? [])])];

const mayWrite = (catalogue: BruteCatalogue, stage: PlanStage, column: string): boolean =>
  stage.outputs.includes(column) &&
  !catalogue.sources.includes(column) &&
  (catalogue.pins?.[column] ?? stage.name) === stage.name;

/** Columns derivable when `allowed` decides which stage may write which column. */
function derive(catalogue: BruteCatalogue, allowed: (stage: PlanStage, column: string) => boolean): Set<string> {
  const derived = new Set(catalogue.sources);
  for (let size = -1; size !== derived.size;) {
    size = derived.size;
    for (const stage of catalogue.stages) {
      if (!allInputs(stage).every((column) => derived.has(column))) continue;
      for (const column of stage.outputs) if (allowed(stage, column)) derived.add(column);
    }
  }
  return derived;
}

export function derivableColumns(catalogue: BruteCatalogue): Set<string> {
  return derive(catalogue, (stage, column) => mayWrite(catalogue, stage, column));
}

export function viableStages(catalogue: BruteCatalogue): PlanStage[] {
  const derivable = derivableColumns(catalogue);
  return catalogue.stages.filter((stage) => allInputs(stage).every((column) => derivable.has(column)));
}

export function neededColumns(catalogue: BruteCatalogue, stages: readonly PlanStage[]): Set<string> {
  const needed = new Set([...catalogue.outputs, ...stages.flatMap(allInputs)]);
  for (const source of catalogue.sources) needed.delete(source);
  return needed;
}

/** Whether a set of stages is a variant. */
export function isVariant(catalogue: BruteCatalogue, stages: readonly PlanStage[]): boolean {
  const needed = neededColumns(catalogue, stages);
  for (const column of needed) {
    const writers = stages.filter((stage) => stage.outputs.includes(column));
    if (writers.length !== 1 || !mayWrite(catalogue, writers[0]!, column)) return false;
  }
  if (!stages.every((stage) => stage.outputs.some((column) => needed.has(column)))) return false;
  const done = new Set(catalogue.sources);
  const left = new Set(stages);
  for (let progress = true; progress;) {
    progress = false;
    for (const stage of left) {
      if (!allInputs(stage).every((column) => done.has(column))) continue;
      left.delete(stage);
      for (const column of stage.outputs) done.add(column);
      progress = true;
    }
  }
  return left.size === 0;
}

/** Every variant as its sorted stage names, by trying all subsets of the viable stages. */
export function powerSetVariants(catalogue: BruteCatalogue): string[][] {
  const viable = viableStages(catalogue);
  const variants: string[][] = [];
  for (let mask = 0; mask < 2 ** viable.length; mask++) {
    const stages = viable.filter((_, i) => (mask >> i) & 1);
    if (isVariant(catalogue, stages)) variants.push(stages.map((stage) => stage.name).sort());
  }
  return variants;
}

/** The leaves of the search of the design, in its order, without any of the planner's shortcuts. */
export function searchLeaves(catalogue: BruteCatalogue): string[][] {
  const viable = viableStages(catalogue);
  const leaves: string[][] = [];
  const recurse = (queue: string[], choice: Map<string, PlanStage>, included: Set<PlanStage>): void => {
    const rest = [...queue];
    while (rest.length > 0 && (choice.has(rest[0]!) || catalogue.sources.includes(rest[0]!))) rest.shift();
    const column = rest.shift();
    if (column === undefined) {
      leaves.push([...included].map((stage) => stage.name).sort());
      return;
    }
    const writers = [...included].filter((stage) => stage.outputs.includes(column));
    if (writers.length > 1) return;
    const candidates = (writers.length === 1 ? writers : viable).filter((stage) => mayWrite(catalogue, stage, column));
    for (const stage of candidates) {
      if (!included.has(stage) && stage.outputs.some((d) => choice.has(d) && choice.get(d) !== stage)) continue;
      const nextChoice = new Map(choice).set(column, stage);
      const derivable = derive(
        { ...catalogue, stages: viable },
        (s, d) => mayWrite(catalogue, s, d) && (nextChoice.get(d) ?? s) === s,
      );
      if (!catalogue.outputs.every((output) => derivable.has(output))) continue;
      recurse([...rest, ...stage.inputs, ...(stage.fitInputs ?? [])], nextChoice, new Set(included).add(stage));
    }
  };
  recurse(catalogue.outputs, new Map(), new Set());
  return leaves;
}

/** Kahn's algorithm by repeated scanning: always the first declared stage whose inputs are there. */
export function kahnOrder(catalogue: BruteCatalogue, names: readonly string[]): string[] {
  const left = catalogue.stages.filter((stage) => names.includes(stage.name));
  const needed = neededColumns(catalogue, left);
  const done = new Set(catalogue.sources);
  const order: string[] = [];
  while (left.length > 0) {
    const next = left.findIndex((stage) => allInputs(stage).every((column) => done.has(column)));
    const [stage] = left.splice(next, 1);
    order.push(stage!.name);
    for (const column of stage!.outputs) if (needed.has(column)) done.add(column);
  }
  return order;
}
