import { describe, expect, it } from "vitest";
import { percent, points, sharesOf } from "./bar-shares";

describe("sharesOf", () => {
  it("divides values by values, and rows without one by rows", () => {
    const bars = [
      { label: "below 3", reference: 30, current: 20 },
      { label: "3 and above", reference: 60, current: 60 },
      { label: "missing", reference: 10, current: 15 },
      { label: "NaN", reference: 0, current: 5 },
    ];
    expect(sharesOf(bars).map((bar) => [bar.isOfValues, bar.reference.share, bar.current.share])).toEqual([
      [true, 30 / 90, 20 / 80],
      [true, 60 / 90, 60 / 80],
      [false, 10 / 100, 15 / 100],
      [false, 0, 5 / 100],
    ]);
  });

  it("takes a text that is called missing for a value", () => {
    const bars = [
      { label: '"missing"', reference: 5, current: 1 },
      { label: "missing", reference: 5, current: 9 },
    ];
    expect(sharesOf(bars).map(({ isOfValues, reference }) => [isOfValues, reference.share])).toEqual([
      [true, 1],
      [false, 0.5],
    ]);
  });

  it("has no shares of nothing", () => {
    const nothing = { rows: 0, share: 0 };
    expect(sharesOf([{ label: "1", reference: 0, current: 0 }])).toEqual([
      { label: "1", isOfValues: true, reference: nothing, current: nothing },
    ]);
  });
});

it.each([
  [0.0825, 0.1994, "8.3 %", "+11.7 points"],
  [0.2, 0.05, "20.0 %", "−15.0 points"],
  [0.5, 0.5, "50.0 %", "0.0 points"],
  [0.10115, 0.10118, "10.1 %", "0.0 points"],
  [0.0004, 0.0009, "0.04 %", "+0.05 points"],
])("says %d and %d", (before, now, share, change) => {
  expect([percent(before), points(before, now)]).toEqual([share, change]);
});
