import { expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { encodeValue } from "@/lib/online/encode-value";
import { encodeTaken, takeValue } from "./given-values";

const big = 9007199254740993n;

it.each<[ColumnType, unknown, unknown]>([
  ["boolean", true, true],
  ["boolean", 1, undefined],
  ["bigint", 7, 7],
  ["bigint", big, big],
  ["bigint", 2n ** 63n, undefined],
  ["bigint", 1.5, undefined],
  ["bigint", "7", undefined],
  ["double", 1, 1],
  ["double", "Infinity", Infinity],
  ["double", "1", undefined],
  ["double", 2n ** 60n, 2 ** 60],
  ["double", big, undefined],
  ["string", "a", "a"],
  ["string", 1, undefined],
  ["date", "2001-02-28", "2001-02-28"],
  ["date", "2001-02-30", undefined],
  ["date", "2001-02-28T00:00:00Z", undefined],
  ["timestamp", "2001-02-28T10:00:00+02:00", "2001-02-28T08:00:00.000Z"],
  ["timestamp", "2001-02-28T10:00:00.123456Z", "2001-02-28T10:00:00.123456Z"],
  ["timestamp", "noon", undefined],
  ["timestamp", 5, undefined],
  ["vector", [1, 2.5], [1, 2.5]],
  ["vector", [1, "2"], undefined],
  ["strings", ["a"], ["a"]],
  ["strings", "a", undefined],
  ["double", null, null],
  ["double", undefined, undefined],
  ["double", {}, undefined],
])("%s is taken or refused, case %#", (type, value, expected) => {
  expect(takeValue(value, type)).toEqual(expected);
});

it.each<[ColumnType, unknown]>([
  ["boolean", false],
  ["bigint", big],
  ["double", NaN],
  ["string", 'a "quoted" word'],
  ["vector", [1.5, 0.5]],
  ["strings", ["a", "b"]],
  ["double", null],
])("%s, value %# is written as the online store writes it", (type, value) => {
  expect(encodeTaken(value)).toEqual(encodeValue(value, type));
});

it("of a double is written to the last bit", () => {
  for (const value of [0.1, 1 / 3, 5e-324, 1e300, -0]) expect(Object.is(Number(encodeTaken(value)), value)).toBe(true);
});
