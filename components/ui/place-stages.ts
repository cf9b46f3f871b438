export interface Placeable {
  id: string;
  /** Ids of what it reads; an unknown one is left out. */
  reads: readonly string[];
}

export interface Place {
  /** Longest way from what reads nothing, from 0. */
  column: number;
  /** Place in the column, from 0; centred columns have halves. */
  row: number;
}

const SWEEPS = 4;

/**
 * Places what flows from left to right: everything right of what it reads, in each column near its neighbours, so that few
 * lines cross. Columns are centred on the tallest one. The same graph gets the same places; what lies on a cycle is read from
 * whichever of its ends comes first.
 */
export function placeStages(nodes: readonly Placeable[]): Map<string, Place> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const readsOf = (id: string) => (byId.get(id)?.reads ?? []).filter((read) => byId.has(read) && read !== id);
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    depths.set(id, 0);
    const depth = Math.max(-1, ...readsOf(id).map(depthOf)) + 1;
    depths.set(id, depth);
    return depth;
  };
  const byDepth: string[][] = [];
  for (const { id } of nodes) (byDepth[depthOf(id)] ??= []).push(id);
  // A cycle can leave a depth that nothing has.
  const columns = byDepth.filter(() => true);
  const readers = new Map<string, string[]>();
  for (const { id } of nodes) for (const read of readsOf(id)) readers.set(read, [...(readers.get(read) ?? []), id]);

  const rows = new Map<string, number>();
  const number = (column: string[]) => column.forEach((id, index) => rows.set(id, index - (column.length - 1) / 2));
  columns.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const neighboursOf = sweep % 2 === 0 ? readsOf : (id: string) => readers.get(id) ?? [];
    for (const column of sweep % 2 === 0 ? columns : [...columns].reverse()) {
      const wanted = new Map(column.map((id) => [id, mean(neighboursOf(id).map((other) => rows.get(other) ?? 0))]));
      column.sort(
        (one, other) => (wanted.get(one) ?? rows.get(one) ?? 0) - (wanted.get(other) ?? rows.get(other) ?? 0),
      );
      number(column);
    }
  }
  const top = Math.min(0, ...rows.values());
  return new Map(
    columns.flatMap((column, index) => column.map((id) => [id, { column: index, row: (rows.get(id) ?? 0) - top }])),
  );
}

function mean(values: number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
