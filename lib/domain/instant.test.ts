import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterNewest, exactMicros, isoOfMicros } from "./instant";

const two = (value: number) => String(value).padStart(2, "0");

describe("exactMicros", () => {
  it.each([
    ["1970-01-01", 0n],
    ["1969-12-31T23:59:59.999999Z", -1n],
    ["2024-02-29 12:00", 1709208000000000n],
    ["2024-05-01T12:00:00.5+0530", 1714545000500000n],
    ["2024-05-01T12:00:00-02", 1714572000000000n],
    ["2024-05-01T12:00:00.123456000Z", 1714564800123456n],
    ["0001-01-01T00:00:00Z", -62135596800000000n],
  ])("reads %s", (text, micros) => expect(exactMicros(text)).toBe(micros));

  const NONE = ["", "2024", "2024-02-30", "2023-02-29", "2024-13-01", "2024-05-01T24:00:00Z", "2024-05-01T10:60", "2024-05-01T10:00:00.1234567Z", "2024-05-01Z", "2024-05-01T10:00:00+25:00", " 2024-05-01"]; // prettier-ignore
  it.each(NONE)("takes %j for no instant", (text) => expect(exactMicros(text)).toBeNull());

  it("is the same moment in every zone, and its own text again", () => {
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(fc.bigInt({ min: -62135596800000000n, max: 253402300799999999n }), offset, (micros, minutes) => {
        expect(exactMicros(isoOfMicros(micros))).toBe(micros);
        const local = micros + BigInt(minutes) * 60_000_000n;
        fc.pre(local >= -62135596800000000n && local <= 253402300799999999n);
        const zone = `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
        expect(exactMicros(isoOfMicros(local).replace("Z", zone))).toBe(micros);
        expect(exactMicros(isoOfMicros(local).replace("Z", ""))).toBe(local);
      }),
    );
  });
});

describe("isoOfMicros", () => {
  it.each([
    [2n ** 63n - 1n, "infinity"],
    [-(2n ** 63n - 1n), "-infinity"],
    [-(2n ** 63n), "-infinity"],
    [8_640_000_000_000_000_000n, "+275760-09-13T00:00:00.000Z"],
    [8_640_000_000_000_000_001n, "+275760-09-13T00:00:00.000001Z"],
    [9_089_348_860_800_000_000n, "+290000-01-01T00:00:00.000Z"],
    [-8_640_000_000_000_000_001n, "-271821-04-19T23:59:59.999999Z"],
    [-9_223_372_022_400_000_000n, "-290308-12-22T00:00:00.000Z"],
    [253_402_300_800_000_000n, "+010000-01-01T00:00:00.000Z"],
    [-62_135_596_800_000_001n, "0000-12-31T23:59:59.999999Z"],
  ])("of %s is %s", (micros, text) => expect(isoOfMicros(micros)).toBe(text));
});

describe("afterNewest", () => {
  const at = (text: string) => new Date(`2024-05-0${text}:00.000Z`);
  it.each([
    ["nothing before", null, at("2T00:00"), "2024-05-02T00:00:00.000Z"],
    ["an older one", at("1T00:00"), at("2T00:00"), "2024-05-02T00:00:00.000Z"],
    ["one of the same moment", at("2T00:00"), at("2T00:00"), "2024-05-02T00:00:00.001Z"],
    ["one of a clock that was set back a day since", at("3T00:00"), at("2T00:00"), "2024-05-03T00:00:00.001Z"],
  ])("after %s", (_, newest, now, then) => expect(afterNewest(newest, now).toISOString()).toBe(then));
});
