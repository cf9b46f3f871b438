import { expect, it } from "vitest";
import { bytesOf } from "./byte-size";

it.each([
  ["1MB", 1_048_576],
  ["512MB", 536_870_912],
  ["2GB", 2_147_483_648],
  ["2 GB", 2_147_483_648],
])("%s has %i bytes", (size, bytes) => {
  expect(bytesOf(size)).toBe(bytes);
});

it.each(["", "2", "GB", "2gb", "2TB", "-1MB", "1.5GB"])("%j is no size", (size) => {
  expect(() => bytesOf(size)).toThrow(RangeError);
});
