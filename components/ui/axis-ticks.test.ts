import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ticksAround, ticksWithin, tickWriter } from "./axis-ticks";

describe("ticksAround", () => {
  it.each([
    ["a score with its thresholds", 0, 0.3, [0, 0.1, 0.2, 0.3]],
    ["a greater score", 0, 0.68, [0, 0.2, 0.4, 0.6, 0.8]],
    ["shares up to a fifth", 0, 0.2001, [0, 0.05, 0.1, 0.15, 0.2, 0.25]],
    ["a metric that hardly moves", 0.4577, 0.4901, [0.45, 0.46, 0.47, 0.48, 0.49, 0.5]],
    ["both signs", -21.65, 483.6, [-200, 0, 200, 400, 600]],
    ["one number", 5, 5, [2, 4, 6, 8]],
    ["nothing but zero", 0, 0, [-0.5, 0, 0.5]],
  ])("are round for %s", (_, least, most, ticks) => {
    expect(ticksAround(least, most)).toEqual(ticks);
  });

  it("hold what they are around, with few steps", () => {
    const number = fc.integer({ min: -1e6, max: 1e6 }).map((whole) => whole / 1000);
    fc.assert(
      fc.property(number, number, (one, other) => {
        const [least, most] = [Math.min(one, other), Math.max(one, other)];
        fc.pre(most > least);
        const ticks = ticksAround(least, most);
        expect(ticks[0]).toBeLessThanOrEqual(least + 1e-9);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most - 1e-9);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe("ticksWithin", () => {
  it.each([
    ["minutes", -21.65, 967.1, [0, 200, 400, 600, 800]],
    ["ends that are round", 0, 100, [0, 20, 40, 60, 80, 100]],
    ["one number", 5, 5, [5]],
  ])("are round for %s", (_, least, most, ticks) => {
    expect(ticksWithin(least, most)).toEqual(ticks);
  });
});

describe("tickWriter", () => {
  it.each([
    [
      [0, 0.075, 0.15],
      ["0.000", "0.075", "0.150"],
    ],
    [
      [0, 0.5, 1],
      ["0.0", "0.5", "1.0"],
    ],
    [
      [-2000, 0],
      ["−2,000", "0"],
    ],
    [
      [0, 1e-7],
      ["0.0000000", "0.0000001"],
    ],
  ])("writes %j", (ticks, texts) => {
    expect(ticks.map(tickWriter(ticks))).toEqual(texts);
  });
});
