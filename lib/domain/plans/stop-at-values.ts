import type { Instance } from "./instances";

/** A column as one instance writes it. */
export interface WrittenColumn {
  instance: string;
  column: string;
}

export interface Reuse {
  /** Instances whose values are read, with the columns that somebody needs of them. */
  read: Map<string, string[]>;
  /** Instances that still have to run, in their order. */
  run: string[];
  /** Instance → the columns that somebody needs of it. */
  needed: Map<string, string[]>;
}

/**
 * The walk back from wanted columns, which stops at an instance when every column that is needed of it is there already.
 * What is in neither list is needed by nobody any more.
 * @param instances in an executable order
 * @param reads the columns of an instance that are needed to run it: all, or only some when it is fitted already
 * @param isThere whether all of these columns of an instance were written before
 */
export function stopAtValues(
  instances: readonly Pick<Instance, "key" | "inputs">[],
  wanted: readonly WrittenColumn[],
  reads: (key: string) => readonly string[],
  isThere: (key: string, columns: readonly string[]) => boolean,
): Reuse {
  const needed = new Map<string, Set<string>>();
  const need = (instance: string, column: string) => {
    const columns = needed.get(instance);
    if (columns) columns.add(column);
    else needed.set(instance, new Set([column]));
  };
  for (const { instance, column } of wanted) need(instance, column);
  const read = new Map<string, string[]>();
  const run: string[] = [];
  // Readers come after what they read, so all that is needed of an instance is known when it is its turn.
  for (const { key, inputs } of instances.toReversed()) {
    const columns = needed.get(key);
    if (!columns) continue;
    const list = [...columns];
    if (isThere(key, list)) {
      read.set(key, list);
      continue;
    }
    run.push(key);
    for (const column of reads(key)) {
      const from = inputs[column];
      if (from && "instance" in from) need(from.instance, column);
    }
  }
  return {
    read,
    run: run.reverse(),
    needed: new Map([...needed].map(([key, columns]) => [key, [...columns]])),
  };
}
