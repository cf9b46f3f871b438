import { columnComponents } from "./column-components";
import type { Derivation } from "./derive-columns";
import { invert, type Lists } from "./adjacency";
import type { Catalogue } from "./read-catalogue";

/**
 * What is left to decide once sources, stages that cannot run and everything the requested columns never reach are gone.
 * Ids are dense and keep the order of the catalogue, so comparing stages compares their declarations.
 */
export interface PlanProblem {
  stageCount: number;
  columnCount: number;
  /** Stage and column ids of the catalogue. */
  catalogueStage: Int32Array;
  catalogueColumn: Int32Array;
  /** Stage to the columns it reads (fit inputs last) and writes. */
  inputs: Lists;
  outputs: Lists;
  /** Stage to how many of its listed inputs are needed to transform; they come first. */
  transformInputs: Int32Array;
  /** Column to the stages that write it, and to those of them that may. They are one object unless a column is pinned. */
  writers: Lists;
  producers: Lists;
  readers: Lists;
  requested: Int32Array;
  /** Column to a stage that derives it from columns derived without it. */
  support: Int32Array;
  /** Column to its strongly connected component, and whether that has more than one column. */
  component: Int32Array;
  isCyclic: Uint8Array;
  /** Whether every stage is declared after all stages that write what it reads, so that declaration order is execution order. */
  declaredInOrder: boolean;
}

/** Narrows a catalogue whose requested columns are all derivable. */
export function toPlanProblem(catalogue: Catalogue, { viable, support }: Derivation): PlanProblem {
  const { stages, columns, inputs, outputs, producers, isSource, pin } = catalogue;
  const columnId = new Int32Array(columns.length).fill(-1);
  const stageId = new Int32Array(stages.length).fill(-1);
  const relevantColumns: number[] = [];
  const reach = (column: number) => {
    if (isSource[column] === 1 || columnId[column] !== -1) return;
    columnId[column] = relevantColumns.length;
    relevantColumns.push(column);
  };
  catalogue.requested.forEach(reach);
  for (let next = 0; next < relevantColumns.length; next++) {
    const column = relevantColumns[next]!;
    for (let i = producers.start[column]!; i < producers.start[column + 1]!; i++) {
      const stage = producers.items[i]!;
      if (viable[stage] === 0 || stageId[stage] !== -1) continue;
      stageId[stage] = 0;
      for (let j = inputs.start[stage]!; j < inputs.start[stage + 1]!; j++) reach(inputs.items[j]!);
    }
  }

  const relevantStages: number[] = [];
  for (let stage = 0; stage < stages.length; stage++) {
    if (stageId[stage] === -1) continue;
    stageId[stage] = relevantStages.length;
    relevantStages.push(stage);
  }
  const narrow = (lists: Lists): Lists => {
    const start = new Int32Array(relevantStages.length + 1);
    const items: number[] = [];
    for (let id = 0; id < relevantStages.length; id++) {
      const stage = relevantStages[id]!;
      for (let i = lists.start[stage]!; i < lists.start[stage + 1]!; i++) {
        const column = columnId[lists.items[i]!]!;
        if (column !== -1) items.push(column);
      }
      start[id + 1] = items.length;
    }
    return { start, items: Int32Array.from(items) };
  };
  const narrowInputs = narrow(inputs);
  const narrowOutputs = narrow(outputs);
  const transformInputs = Int32Array.from(relevantStages, (stage) => {
    const start = inputs.start[stage]!;
    return inputs.items
      .subarray(start, start + catalogue.transformInputs[stage]!)
      .reduce((count, column) => (columnId[column] === -1 ? count : count + 1), 0);
  });
  const columnCount = relevantColumns.length;
  const writers = invert(narrowOutputs, columnCount, () => true);
  const isPinned = relevantColumns.some((column) => pin[column] !== -1);
  const narrowProducers = isPinned
    ? invert(narrowOutputs, columnCount, (column, stage) => {
        const pinned = pin[relevantColumns[column]!]!;
        return pinned === -1 || pinned === relevantStages[stage]!;
      })
    : writers;

  const declaredInOrder = isDeclaredInOrder(narrowInputs, narrowProducers);
  let component: Int32Array = Int32Array.from({ length: columnCount }, (_, column) => column);
  const isCyclic = new Uint8Array(columnCount);
  if (!declaredInOrder) {
    const roots = Array.from({ length: columnCount }, (_, column) => column);
    const found = columnComponents(narrowProducers, narrowInputs, roots, () => true);
    component = found.component;
    for (let column = 0; column < columnCount; column++) isCyclic[column] = found.size[component[column]!]! > 1 ? 1 : 0;
  }
  return {
    stageCount: relevantStages.length,
    columnCount,
    catalogueStage: Int32Array.from(relevantStages),
    catalogueColumn: Int32Array.from(relevantColumns),
    inputs: narrowInputs,
    outputs: narrowOutputs,
    transformInputs,
    writers,
    producers: narrowProducers,
    readers: invert(narrowInputs, columnCount, () => true),
    requested: Int32Array.from(
      catalogue.requested.filter((column) => isSource[column] === 0).map((column) => columnId[column]!),
    ),
    support: Int32Array.from(relevantColumns, (column) => stageId[support[column]!]!),
    component,
    isCyclic,
    declaredInOrder,
  };
}

function isDeclaredInOrder(inputs: Lists, producers: Lists): boolean {
  for (let stage = 0; stage < inputs.start.length - 1; stage++) {
    for (let i = inputs.start[stage]!; i < inputs.start[stage + 1]!; i++) {
      const column = inputs.items[i]!;
      const end = producers.start[column + 1]!;
      // Producers ascend, so the last one decides.
      if (end > producers.start[column]! && producers.items[end - 1]! > stage) return false;
    }
  }
  return true;
}
