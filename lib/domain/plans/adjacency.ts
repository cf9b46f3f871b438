/** Many short lists of ids in two arrays: list `i` is `items[start[i]] … items[start[i + 1] - 1]`. */
export interface Lists {
  start: Int32Array;
  items: Int32Array;
}

/** For every value below `values`, the lists that hold it and that `keep` accepts, in ascending order. */
export function invert(lists: Lists, values: number, keep: (value: number, list: number) => boolean): Lists {
  const start = new Int32Array(values + 1);
  const count = lists.start.length - 1;
  for (let list = 0; list < count; list++) {
    for (let i = lists.start[list]!; i < lists.start[list + 1]!; i++) {
      const value = lists.items[i]!;
      if (keep(value, list)) start[value + 1]!++;
    }
  }
  for (let value = 0; value < values; value++) start[value + 1]! += start[value]!;
  const items = new Int32Array(start[values]!);
  const next = start.slice(0, values);
  for (let list = 0; list < count; list++) {
    for (let i = lists.start[list]!; i < lists.start[list + 1]!; i++) {
      const value = lists.items[i]!;
      if (keep(value, list)) items[next[value]!++] = list;
    }
  }
  return { start, items };
}
