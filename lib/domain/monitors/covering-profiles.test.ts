import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coveringProfiles } from "./covering-profiles";

const day = (number: number) => new Date(Date.UTC(2001, 5, number)).toISOString();
const ranged = (profile: string, from: number, to: number) => ({ profile, from: day(from), to: day(to) });

describe("coveringProfiles", () => {
  it.each([
    ["the newest of equal ones", [ranged("old", 1, 31), ranged("new", 1, 31)], ["new"]],
    ["days that follow each other", [ranged("1", 1, 2), ranged("2", 2, 3), ranged("3", 3, 4)], ["1", "2", "3"]],
    ["a month before a day of it that was scored again", [ranged("month", 1, 31), ranged("day", 1, 2)], ["month"]],
    ["a month after its days", [ranged("1", 1, 2), ranged("2", 2, 3), ranged("month", 1, 31)], ["month"]],
    ["the longer of two that overlap, and what is beside it", [ranged("a", 1, 4), ranged("b", 3, 9), ranged("c", 1, 3)], ["b", "c"]],
    ["nothing of nothing", [], []],
  ])("takes %s", (_, profiles, expected) => {
    expect(coveringProfiles(profiles).sort()).toEqual(expected);
  }); // prettier-ignore

  it("never counts a row twice, and leaves out nothing that could be added", () => {
    const range = fc
      .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 10 }))
      .map(([from, days]) => ({ from, to: from + days }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
        const taken = coveringProfiles(ranges.map((one) => ({ profile: one, from: day(one.from), to: day(one.to) })));
        const isApart = (one: { from: number; to: number }, other: { from: number; to: number }) =>
          one.to <= other.from || other.to <= one.from;
        taken.forEach((one, at) => taken.slice(at + 1).forEach((other) => expect(isApart(one, other)).toBe(true)));
        for (const one of ranges)
          if (!taken.includes(one)) expect(taken.some((other) => !isApart(one, other))).toBe(true);
      }),
    );
  });
});
