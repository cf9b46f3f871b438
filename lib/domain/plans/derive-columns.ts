import type { Catalogue } from "./read-catalogue";

export interface Derivation {
  /** Column to whether the sources lead to it. */
  derivable: Uint8Array;
  /** Stage to whether everything it reads is derivable. */
  viable: Uint8Array;
  /** Derived column to the stage that derived it first; following it never runs in a circle. -1 for the rest. */
  support: Int32Array;
}

/** The least fixpoint from the sources. Linear in the size of the catalogue. */
export function deriveColumns({ stages, columns, inputs, outputs, readers, isSource, pin }: Catalogue): Derivation {
  const derivable = Uint8Array.from(isSource);
  const viable = new Uint8Array(stages.length);
  const support = new Int32Array(columns.length).fill(-1);
  const missing = new Int32Array(stages.length);
  const ready: number[] = [];
  for (let stage = 0; stage < stages.length; stage++) {
    for (let i = inputs.start[stage]!; i < inputs.start[stage + 1]!; i++) {
      if (isSource[inputs.items[i]!] === 0) missing[stage]!++;
    }
    if (missing[stage] === 0) ready.push(stage);
  }
  for (let next = 0; next < ready.length; next++) {
    const stage = ready[next]!;
    viable[stage] = 1;
    for (let i = outputs.start[stage]!; i < outputs.start[stage + 1]!; i++) {
      const column = outputs.items[i]!;
      if (derivable[column] === 1 || (pin[column] !== -1 && pin[column] !== stage)) continue;
      derivable[column] = 1;
      support[column] = stage;
      for (let j = readers.start[column]!; j < readers.start[column + 1]!; j++) {
        if (--missing[readers.items[j]!]! === 0) ready.push(readers.items[j]!);
      }
    }
  }
  return { derivable, viable, support };
}

/** Stages that a walk back from the requested columns meets, whether they can run or not, but that cannot run; in declaration order. */
export function findPruned(catalogue: Catalogue, viable: Uint8Array): string[] {
  if (!viable.includes(0)) return [];
  const { stages, columns, inputs, producers, requested } = catalogue;
  const seenColumn = new Uint8Array(columns.length);
  const seenStage = new Uint8Array(stages.length);
  const open: number[] = [];
  const visit = (column: number) => {
    if (seenColumn[column] === 1) return;
    seenColumn[column] = 1;
    open.push(column);
  };
  requested.forEach(visit);
  for (let next = 0; next < open.length; next++) {
    const column = open[next]!;
    for (let i = producers.start[column]!; i < producers.start[column + 1]!; i++) {
      const stage = producers.items[i]!;
      if (seenStage[stage] === 1) continue;
      seenStage[stage] = 1;
      for (let j = inputs.start[stage]!; j < inputs.start[stage + 1]!; j++) visit(inputs.items[j]!);
    }
  }
  return stages.filter((_, stage) => seenStage[stage] === 1 && viable[stage] === 0).map((stage) => stage.name);
}
