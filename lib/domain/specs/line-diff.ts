export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
  /** 1-based; null on the side where the line is not. */
  before: number | null;
  after: number | null;
}

/** Above this many comparisons the two texts are shown one after the other: a person would not read the difference either. */
const LIMIT = 4_000_000;

/** The two texts as one list of lines, by a longest common subsequence; removals come before additions. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const keep = old.length * now.length > LIMIT ? [] : commonLines(old, now);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  const flush = (untilOld: number, untilNow: number) => {
    for (; i < untilOld; i += 1) lines.push({ kind: "removed", text: old[i] as string, before: i + 1, after: null });
    for (; j < untilNow; j += 1) lines.push({ kind: "added", text: now[j] as string, before: null, after: j + 1 });
  };
  for (const [oldIndex, nowIndex] of keep) {
    flush(oldIndex, nowIndex);
    lines.push({ kind: "same", text: old[i] as string, before: i + 1, after: j + 1 });
    i += 1;
    j += 1;
  }
  flush(old.length, now.length);
  return lines;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Positions of the lines that both have, ascending on both sides. */
function commonLines(old: string[], now: string[]): [number, number][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      (lengths[i] as Uint32Array)[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < old.length && j < now.length;) {
    if (old[i] === now[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
