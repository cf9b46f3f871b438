import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkRange, countChunks } from "./chunk-range";

const day = (text: string) => Date.parse(text);
const DAY_MS = 86_400_000;

describe("chunkRange", () => {
  it.each([
    ["2001-06-01", "2001-07-01", 7, 5],
    ["2001-06-01", "2001-06-08", 7, 1],
    ["2001-06-01", "2001-06-01T00:00:00.001Z", 7, 1],
    ["2001-06-01", "2001-06-01", 7, 0],
    ["2001-06-02", "2001-06-01", 7, 0],
  ])("%s to %s by %i days is %i chunks", (from, to, days, count) => {
    expect(chunkRange([day(from), day(to)], days)).toHaveLength(count);
    expect(countChunks([day(from), day(to)], days)).toBe(count);
  });

  it("gives the last chunk what remains", () => {
    expect(chunkRange([day("2001-06-01"), day("2001-06-10T12:00:00Z")], 7)).toEqual([
      [day("2001-06-01"), day("2001-06-08")],
      [day("2001-06-08"), day("2001-06-10T12:00:00Z")],
    ]);
  });

  it("partitions the range exactly", () => {
    const ranges = fc.record({
      from: fc.integer({ min: -1e12, max: 4e12 }),
      length: fc.integer({ min: 1, max: 400 * DAY_MS }),
      days: fc.integer({ min: 1, max: 90 }),
    });
    fc.assert(
      fc.property(ranges, ({ from, length, days }) => {
        const to = from + length;
        const chunks = chunkRange([from, to], days);
        expect(chunks).toHaveLength(countChunks([from, to], days));
        expect(chunks[0]?.[0]).toBe(from);
        expect(chunks.at(-1)?.[1]).toBe(to);
        for (const [index, [start, end]] of chunks.entries()) {
          expect(end).toBeGreaterThan(start);
          expect(end - start).toBeLessThanOrEqual(days * DAY_MS);
          if (index > 0) expect(start).toBe(chunks[index - 1]?.[1]);
          if (index < chunks.length - 1) expect(end - start).toBe(days * DAY_MS);
        }
      }),
    );
  });
});
