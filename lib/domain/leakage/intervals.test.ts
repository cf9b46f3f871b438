import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areDisjoint, contains, intersect, intervalsOf, lengthOf } from "./intervals";

const LIMIT = 12;
const pairs = fc.array(fc.tuple(fc.nat(LIMIT), fc.nat(LIMIT)), { maxLength: 5 });
const points = (list: readonly (readonly [number, number])[]) =>
  Array.from({ length: LIMIT }, (_, point) => point).filter((point) =>
    list.some(([low, high]) => low <= point && point < high),
  );

describe("intervals, held against the whole numbers in them", () => {
  it("are sorted, apart and not empty", () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const intervals = intervalsOf(list);
        expect(points(intervals)).toEqual(points(list));
        expect(lengthOf(intervals)).toBe(points(list).length);
        const ends = intervals.flat();
        expect(ends).toEqual([...new Set(ends)].sort((one, other) => one - other));
      }),
    );
  });

  it("intersect, are disjoint and contain each other as their points do", () => {
    fc.assert(
      fc.property(pairs, pairs, (one, other) => {
        const [a, b] = [intervalsOf(one), intervalsOf(other)];
        const common = points(a).filter((point) => points(b).includes(point));
        expect(points(intersect(a, b))).toEqual(common);
        expect(areDisjoint(a, b)).toBe(common.length === 0);
        expect(contains(a, b)).toBe(common.length === points(b).length);
      }),
    );
  });
});
