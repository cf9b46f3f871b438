import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSlice, parseSlice, type Slice } from "./slice";

const text = fc.string({ minLength: 1 });
const bound = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0 || 0));
const slices: fc.Arbitrary<Slice> = fc.oneof(
  fc.record({ column: text, kind: fc.constant("range" as const), from: bound, to: bound, closed: fc.boolean() }),
  fc.record({ column: text, kind: fc.constant("above" as const), from: bound.map((from) => from ?? 0) }),
  fc.record({ column: text, kind: fc.constant("value" as const), value: fc.string() }),
  fc.record({ column: text, kind: fc.constant("other" as const), values: fc.array(fc.string(), { minLength: 1 }) }),
  fc.record({ column: text, kind: fc.constantFrom("missing" as const, "nan" as const) }),
);

describe("slices in a URL", () => {
  it.each<[string, Slice]>([
    ["delay~range~10~20", { column: "delay", kind: "range", from: 10, to: 20, closed: false }],
    ["delay~range~~0", { column: "delay", kind: "range", from: null, to: 0, closed: false }],
    ["delay~range~90~100~closed", { column: "delay", kind: "range", from: 90, to: 100, closed: true }],
    ["delay~above~100", { column: "delay", kind: "above", from: 100 }],
    ["origin~value~ATL", { column: "origin", kind: "value", value: "ATL" }],
    ["origin~value~", { column: "origin", kind: "value", value: "" }],
    ["origin~value~a%7Eb%25", { column: "origin", kind: "value", value: "a~b%" }],
    ["delay~missing", { column: "delay", kind: "missing" }],
  ])("%s", (url, slice) => {
    expect(parseSlice(url)).toEqual(slice);
    expect(formatSlice(slice)).toBe(url);
  });

  it("come back as they went", () => {
    fc.assert(
      fc.property(slices, (slice) => {
        expect(parseSlice(formatSlice(slice))).toEqual(slice);
      }),
    );
  });

  it.each([
    "",
    "delay",
    "~range~1~2",
    "delay~range",
    "delay~range~a~b",
    "delay~bar~1",
    "delay~missing~1",
    "delay~above",
    "delay~above~",
  ])("%j is refused with an example", (url) => {
    expect(() => parseSlice(url)).toThrow(/names no slice/);
  });
});
