/** Half-open `[low, high)` intervals of numbers, sorted, apart from each other, none empty. */
export type Intervals = readonly (readonly [number, number])[];

export const ALL: Intervals = [[-Infinity, Infinity]];

export function intervalsOf(pairs: Iterable<readonly [number, number]>): Intervals {
  const sorted = [...pairs].filter(([low, high]) => low < high).sort((one, other) => one[0] - other[0]);
  const merged: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = merged.at(-1);
    if (last && low <= last[1]) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

export function intersect(one: Intervals, other: Intervals): Intervals {
  const common: [number, number][] = [];
  let i = 0;
  let j = 0;
  for (let a = one[i], b = other[j]; a && b; a = one[i], b = other[j]) {
    const low = Math.max(a[0], b[0]);
    const high = Math.min(a[1], b[1]);
    if (low < high) common.push([low, high]);
    if (a[1] < b[1]) i += 1;
    else j += 1;
  }
  return common;
}

export function areDisjoint(one: Intervals, other: Intervals): boolean {
  return intersect(one, other).length === 0;
}

/** Whether every number of `inner` is in `outer`. */
export function contains(outer: Intervals, inner: Intervals): boolean {
  return inner.every(([low, high]) => outer.some((interval) => interval[0] <= low && high <= interval[1]));
}

export function lengthOf(intervals: Intervals): number {
  return intervals.reduce((sum, [low, high]) => sum + (high - low), 0);
}
