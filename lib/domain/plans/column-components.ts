import type { Lists } from "./adjacency";

export interface ColumnComponents {
  /** Columns met, a column's inputs before it; the columns of one component are neighbours. */
  order: number[];
  /** Column to its component, -1 where not met. */
  component: Int32Array;
  /** Component to its number of columns. */
  size: number[];
}

/**
 * Strongly connected components of the columns that `roots` lead back to through the producers that `isLive` accepts.
 * Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1(2), 1972, on an explicit stack because a
 * chain may be as deep as the catalogue is long.
 */
export function columnComponents(
  producers: Lists,
  inputs: Lists,
  roots: Iterable<number>,
  isLive: (stage: number) => boolean,
): ColumnComponents {
  const columnCount = producers.start.length - 1;
  const component = new Int32Array(columnCount).fill(-1);
  const index = new Int32Array(columnCount);
  const low = new Int32Array(columnCount);
  const producerAt = new Int32Array(columnCount);
  const inputAt = new Int32Array(columnCount);
  const order: number[] = [];
  const size: number[] = [];
  const path: number[] = [];
  const pending: number[] = [];
  let met = 0;

  const enter = (column: number) => {
    index[column] = low[column] = ++met;
    producerAt[column] = producers.start[column]!;
    inputAt[column] = -1;
    path.push(column);
    pending.push(column);
  };

  /** The next input of the column to look at, or -1. */
  const step = (column: number): number => {
    while (producerAt[column]! < producers.start[column + 1]!) {
      const stage = producers.items[producerAt[column]!]!;
      if (isLive(stage)) {
        if (inputAt[column] === -1) inputAt[column] = inputs.start[stage]!;
        if (inputAt[column]! < inputs.start[stage + 1]!) return inputs.items[inputAt[column]!++]!;
      }
      producerAt[column]!++;
      inputAt[column] = -1;
    }
    return -1;
  };

  for (const root of roots) {
    if (index[root] !== 0) continue;
    enter(root);
    while (path.length > 0) {
      const column = path[path.length - 1]!;
      const input = step(column);
      if (input !== -1) {
        if (index[input] === 0) enter(input);
        else if (component[input] === -1) low[column] = Math.min(low[column]!, index[input]!);
        continue;
      }
      path.pop();
      if (path.length > 0) {
        const reader = path[path.length - 1]!;
        low[reader] = Math.min(low[reader]!, low[column]!);
      }
      if (low[column] !== index[column]) continue;
      let count = 0;
      let member: number;
      do {
        member = pending.pop()!;
        component[member] = size.length;
        order.push(member);
        count++;
      } while (member !== column);
      size.push(count);
    }
  }
  return { order, component, size };
}
