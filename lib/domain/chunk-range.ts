const DAY_MS = 86_400_000;

/** `[from, to)`, milliseconds since 1970. */
export type Interval = readonly [from: number, to: number];

/**
 * Cuts a range into chunks of whole days, the first from its beginning; the last is what remains. The chunks follow each
 * other without gap or overlap, and together they are the range.
 * @param days a whole number, at least 1
 */
export function chunkRange([from, to]: Interval, days: number): Interval[] {
  const chunks: Interval[] = [];
  for (let at = from; at < to; at += days * DAY_MS) chunks.push([at, Math.min(at + days * DAY_MS, to)]);
  return chunks;
}

/** How many chunks `chunkRange` makes, without making them. */
export function countChunks([from, to]: Interval, days: number): number {
  return Math.max(0, Math.ceil((to - from) / (days * DAY_MS)));
}
