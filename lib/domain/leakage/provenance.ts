import type { EstimatorFit, Transformer } from "./types";

type Fittable = Pick<EstimatorFit, "id" | "inputs" | "fitInputs" | "outputs">;

/** Which stages lie upstream of which columns. Built once for many questions; each takes time linear in the edges it walks. */
export interface Provenance {
  /** Positions, in the list of estimators, of those reachable from the columns through inputs ∪ fitInputs. Ascending. */
  estimatorsUpstream(columns: readonly string[]): number[];
  /** Whether `source` is one of the columns, or reaches one through transform-time inputs only. */
  reachesThroughInputs(columns: readonly string[], source: string): boolean;
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

  return {
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
