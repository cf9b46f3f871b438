/**
 * Edits (insert, delete, replace, swap two neighbours) that turn one word into the other, or `limit + 1` when it takes more
 * than `limit`: the restricted Damerau–Levenshtein distance, cut off as soon as a whole row is above the limit.
 */
export function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  // Most pairs differ at once or in one place: what they begin and end with alike costs nothing.
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start += 1;
  let [end, otherEnd] = [one.length, other.length];
  while (end > start && otherEnd > start && one[end - 1] === other[otherEnd - 1]) {
    end -= 1;
    otherEnd -= 1;
  }
  const [rest, otherRest] = [end - start, otherEnd - start];
  if (rest === 0 || otherRest === 0) return Math.min(rest + otherRest, limit + 1);
  if (limit === 1 && (rest > 2 || rest !== otherRest)) return 2;
  return editsOf(one.slice(start, end), other.slice(start, otherEnd), limit);
}

/** The same, of what is left. */
function editsOf(one: string, other: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return Math.min(at(last, other.length), limit + 1);
}

function at(row: number[], index: number): number {
  return row[index] ?? Infinity;
}

/** Typing errors that a word may have: short words have too many neighbours to guess. */
export function toleratedEdits(word: string): number {
  if (word.length < 4) return 0;
  return word.length < 8 ? 1 : 2;
}
