import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareValues } from "./compare-values";
import { type Finding, type FindingState, judgeLevels, type LevelName, toLevel } from "./report";

describe("values", () => {
  it.each([
    ["equal objects whatever the order of their members", { a: 1, b: [1, "x", null] }, { b: [1, "x", null], a: 1 }, "identical", null],
    ["numbers a few places apart", { w: [1, 2] }, { w: [1, 2 * (1 + 1e-12)] }, "within_tolerance", null],
    ["numbers farther apart", { w: [1, 2] }, { w: [1, 2.00001] }, "differs", "w.1"],
    ["a sign", [1e-300], [-1e-300], "differs", "0"],
    ["texts that differ in a number's last places", "x * 0.333333333333333", "x * 0.333333333333334", "within_tolerance", null],
    ["texts that differ in a number", "x * 0.3", "x * 0.4", "differs", ""],
    ["texts that differ in words", "x * 0.3", "y * 0.3", "differs", ""],
    ["a member that is missing", { a: 1, b: 2 }, { a: 1 }, "differs", "b"],
    ["a list and an object", [1], { 0: 1 }, "differs", ""],
    ["nothing and nothing", undefined, null, "identical", null],
    ["nothing and something", null, 0, "differs", ""],
  ] as const)("are compared: %s", (_, expected, found, state, at) => {
    expect(compareValues(expected, found)).toMatchObject({ state, at });
  }); // prettier-ignore

  it("are the same as themselves, as far apart from each other both ways, and never identical when one number is moved", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 6 }), fc.nat(5), fc.double({ min: 1e-12, max: 1, noNaN: true }), (numbers, at, share) => {
        expect(compareValues({ numbers }, { numbers })).toMatchObject({ state: "identical", largest: 0 });
        const index = at % numbers.length;
        const moved = numbers.map((one, i) => (i === index ? one * (1 + share) : one));
        fc.pre(moved[index] !== numbers[index] && Number.isFinite(moved[index]));
        const [there, back] = [compareValues({ numbers }, { numbers: moved }), compareValues({ numbers: moved }, { numbers })];
        expect(there.state).toBe(back.state);
        expect(there.largest).toBe(back.largest);
        expect(there.state).toBe(there.largest <= 1e-9 ? "within_tolerance" : "differs");
      }),
    );
  }); // prettier-ignore
});

describe("the verdict", () => {
  const level = (name: LevelName, ...states: FindingState[]) =>
    toLevel(
      name,
      states.map((state, i): Finding => ({ subject: `${name} ${i}`, state, text: `${name} ${i} ${state}.` })),
    );

  it.each([
    ["REPRODUCIBLE", "to the last bit", [level("inputs", "identical"), level("outputs", "identical", "not_recorded")]],
    ["REPRODUCIBLE", "the last places", [level("inputs", "identical"), level("metrics", "within_tolerance")]],
    ["REPRODUCIBLE", "to the last bit", [level("environment", "differs"), level("outputs", "identical")]],
    ["DRIFTED", "metrics 1 differs. Since then these changed: environment 0.", [level("environment", "differs", "identical"), level("metrics", "identical", "differs")]],
    ["DRIFTED", "inputs 0 differs.", [level("inputs", "differs"), level("outputs", "not_reached")]],
    ["EXPIRED", "available 1 gone.", [level("available", "identical", "gone"), level("inputs", "differs")]],
    ["DRIFTED", "And 2 more.", [level("outputs", ...Array.from({ length: 5 }, () => "differs" as const))]],
  ])("is %s: %s", (verdict, said, levels) => {
    const judged = judgeLevels(levels);
    expect(judged.verdict).toBe(verdict);
    expect(judged.summary).toContain(said);
  }); // prettier-ignore

  it("of a level is that of its worst finding, and of nothing that there is nothing to compare", () => {
    expect(level("outputs", "identical", "within_tolerance", "differs", "gone").state).toBe("gone");
    expect(level("outputs", "identical", "not_recorded").state).toBe("not_recorded");
    expect(level("outputs").state).toBe("not_recorded");
  });
});
