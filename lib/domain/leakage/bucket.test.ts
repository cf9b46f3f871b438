import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bucketOf } from "./bucket";

const md5Hex = (text: string) => createHash("md5").update(text, "utf8").digest("hex");

describe("bucketOf", () => {
  // Expected values come from md5sum and shell arithmetic.
  it.each([
    ["1", "org-v1", 100, 52],
    ["ann", "", 10, 3],
    ["Zoë😀", "s", 1000, 880],
    ["7", "s", 2 ** 32, 1_925_126_707],
    ["anything", "s", 1, 0],
  ])("key %s, salt %j, %i buckets", (key, salt, buckets, expected) => {
    expect(bucketOf(key, salt, buckets, md5Hex)).toBe(expected);
  });

  it("reads the digits as an unsigned number", () => {
    expect(bucketOf("", "", 2 ** 32, () => "ffffffff00")).toBe(2 ** 32 - 1);
  });

  it.each([0, -1, 1.5, NaN, 2 ** 33])("refuses %d buckets", (buckets) => {
    expect(() => bucketOf("1", "s", buckets, md5Hex)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});
