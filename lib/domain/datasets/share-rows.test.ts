import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareRows } from "./share-rows";

const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

/** Shares in whole hundredths, so that they sum to 1 exactly. */
const shares = fc
  .array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 })
  .map((weights) => weights.map((weight) => weight / sum(weights)));
const sizes = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 30 });

describe("shareRows", () => {
  it.each([
    ["whole shares", [10, 5], [0.6, 0.2, 0.2], [[6, 2, 2], [3, 1, 1]]], // prettier-ignore
    ["a remainder, to the part that lacks most", [7], [0.5, 0.25, 0.25], [[3, 2, 2]]], // 3.5, 1.75, 1.75: the later two are behind most
    ["binary fractions that are whole all the same", [10], [0.1, 0.2, 0.7], [[1, 2, 7]]],
    ["thirds", [3, 4], [1 / 3, 1 / 3, 1 / 3], [[1, 1, 1], [2, 1, 1]]], // prettier-ignore
    ["one row after another, in turn", [1, 1, 1, 1], [0.5, 0.5], [[1, 0], [0, 1], [1, 0], [0, 1]]], // prettier-ignore
    ["no row", [0], [0.5, 0.5], [[0, 0]]],
  ])("gives %s", (_, classes, parts, expected) => {
    expect(shareRows(classes, parts)).toEqual(expected);
  });

  it("puts every row into one part, each part's count its share rounded down or up", () => {
    fc.assert(
      fc.property(sizes, shares, (classes, parts) => {
        const counts = shareRows(classes, parts);
        counts.forEach((row, at) => {
          const size = classes[at] ?? 0;
          expect(sum(row)).toBe(size);
          row.forEach((rows, part) => {
            const exact = size * (parts[part] ?? 0);
            expect(rows).toBeGreaterThanOrEqual(Math.floor(exact - 1e-6));
            expect(rows).toBeLessThanOrEqual(Math.ceil(exact + 1e-6));
          });
        });
      }),
    );
  });

  it("keeps the totals near their shares however many small classes there are", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 300 }), shares, (classes, parts) => {
        const counts = shareRows(classes, parts);
        parts.forEach((share, part) => {
          const total = sum(counts.map((row) => row[part] ?? 0));
          expect(Math.abs(total - share * sum(classes))).toBeLessThan(parts.length);
        });
      }),
    );
  });
});
