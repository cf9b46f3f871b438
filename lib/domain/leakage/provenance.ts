import type { EstimatorFit, Transformer } from "./types";

type Fittable = Pick<EstimatorFit, "id" | "inputs" | "fitInputs" | "outputs">;

/** Which stages lie upstream of which columns. Built once for many questions; each takes time linear in the edges it walks. */
export interface Provenance {
  /** Positions, in the list of estimators, of those reachable from the columns through inputs ∪ fitInputs. Ascending. */
  estimatorsUpstream(columns: readonly string[]): number[];
  /** For every column, the bitwise union of the values of all estimators upstream of it, given by position; 0 for other columns. */
  unionUpstream(values: Int32Array): (column: string) => number;
  /** Whether `source` is one of the columns, or reaches one through transform-time inputs only. */
  reachesThroughInputs(columns: readonly string[], source: string): boolean;
  /** Every column that `source` reaches through transform-time inputs only, itself included. */
  reachedThroughInputs(source: string): ReadonlySet<string>;
}

/** A column that several stages write has all of them upstream: which variant runs is not known here. */
export function buildProvenance(estimators: readonly Fittable[], transformers: readonly Transformer[]): Provenance {
  const stages: Transformer[] = [...estimators, ...transformers];
  const columnIds = new Map<string, number>();
  const idOf = (column: string) => {
    const known = columnIds.get(column);
    if (known !== undefined) return known;
    columnIds.set(column, columnIds.size);
    return columnIds.size - 1;
  };
  const inputs = stages.map((stage) => stage.inputs.map(idOf));
  const fitInputs = estimators.map((estimator) => estimator.fitInputs.map(idOf));
  const producers: number[][] = [];
  stages.forEach((stage, index) => {
    for (const column of stage.outputs) (producers[idOf(column)] ??= []).push(index);
  });

  /** Visits every stage upstream once, whatever the graph: cycles end where they began. */
  const walk = (columns: readonly string[], alsoFitInputs: boolean, onColumn: (column: number) => boolean) => {
    const seenColumns = new Uint8Array(columnIds.size);
    const seenStages = new Uint8Array(stages.length);
    const open: number[] = [];
    const reach = (column: number) => {
      if (seenColumns[column]) return false;
      seenColumns[column] = 1;
      open.push(column);
      return onColumn(column);
    };
    for (const column of columns) {
      const id = columnIds.get(column);
      if (id !== undefined && reach(id)) return seenStages;
    }
    for (let column = open.pop(); column !== undefined; column = open.pop()) {
      for (const stage of producers[column] ?? []) {
        if (seenStages[stage]) continue;
        seenStages[stage] = 1;
        for (const input of inputs[stage] ?? []) if (reach(input)) return seenStages;
        if (alsoFitInputs) for (const input of fitInputs[stage] ?? []) if (reach(input)) return seenStages;
      }
    }
    return seenStages;
  };

  const outputs = stages.map((stage) => stage.outputs.map(idOf));
  const allInputs = inputs.map((ids, stage) => [...ids, ...(fitInputs[stage] ?? [])]);
  let order: number[] | undefined;
  let readers: Map<string, Transformer[]> | undefined;

  return {
    unionUpstream(values) {
      order ??= upstreamFirst(allInputs, producers);
      const unions = new Int32Array(columnIds.size);
      // One pass does, and a second sees that nothing changed; only cycles take more.
      for (let hasChanged = true; hasChanged;) {
        hasChanged = false;
        for (const stage of order) {
          let union = values[stage] ?? 0;
          for (const input of allInputs[stage] ?? []) union |= unions[input] ?? 0;
          for (const output of outputs[stage] ?? []) {
            const known = unions[output] ?? 0;
            if ((known | union) === known) continue;
            unions[output] = known | union;
            hasChanged = true;
          }
        }
      }
      return (column) => unions[columnIds.get(column) ?? -1] ?? 0;
    },
    reachedThroughInputs(source) {
      readers ??= readersOf(stages);
      const reached = new Set([source]);
      for (const column of reached) {
        for (const stage of readers.get(column) ?? []) for (const output of stage.outputs) reached.add(output);
      }
      return reached;
    },
    estimatorsUpstream(columns) {
      const seen = walk(columns, true, () => false);
      const upstream: number[] = [];
      for (let index = 0; index < estimators.length; index += 1) if (seen[index]) upstream.push(index);
      return upstream;
    },
    reachesThroughInputs(columns, source) {
      if (columns.includes(source)) return true;
      const target = columnIds.get(source);
      if (target === undefined) return false;
      let reached = false;
      walk(columns, false, (column) => (reached ||= column === target));
      return reached;
    },
  };
}

/** All stages, each after what it reads as far as cycles let it. */
function upstreamFirst(inputs: readonly (readonly number[])[], producers: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(inputs.length);
  for (let root = 0; root < inputs.length; root += 1) {
    // A stage is put down twice: first to visit what it reads, then, marked by its complement, to take its place.
    const open = [root];
    for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
      if (stage < 0) order.push(~stage);
      else if (!seen[stage]) {
        seen[stage] = 1;
        open.push(~stage);
        for (const input of inputs[stage] ?? []) open.push(...(producers[input] ?? []));
      }
    }
  }
  return order;
}

function readersOf(stages: readonly Transformer[]): Map<string, Transformer[]> {
  const readers = new Map<string, Transformer[]>();
  for (const stage of stages) {
    for (const column of stage.inputs) {
      const known = readers.get(column);
      if (known) known.push(stage);
      else readers.set(column, [stage]);
    }
  }
  return readers;
}

/** Ids of all estimators upstream of the features through inputs ∪ fitInputs over estimators and transformers, in the order given. */
export function provenanceOf(
  features: readonly string[],
  estimators: readonly Fittable[],
  transformers: readonly Transformer[],
): string[] {
  return buildProvenance(estimators, transformers)
    .estimatorsUpstream(features)
    .flatMap((index) => estimators[index]?.id ?? []);
}
