import { describe, expect, it } from "vitest";
import { testRowsText } from "./test-rows";
import type { Box, LeakageInput } from "./types";

const input = (test: Box[], more: Partial<LeakageInput["datasets"][string]> = {}): LeakageInput => ({
  datasets: {
    trips: {
      columns: ["id", "at"],
      rowKey: ["id"],
      timeColumn: "at",
      appendOnly: true,
      versions: { 1: { time: ["2024-01-01", "2024-07-01"] }, 2: { time: ["2024-01-01", "2024-08-01"] } },
      ...more,
    },
  },
  policies: {
    "by_month@1": { type: "time", column: "at", parts: { june: ["2024-06-01", "2024-07-01"], may: ["2024-05-01", "2024-06-01"], late: ["2024-05-01", null] } },
    "months@7": { type: "time", column: "at", parts: { june: ["2024-06-01", "2024-07-01"], may: ["2024-05-01", "2024-06-01"], late: ["2024-05-01", null] } },
    "by_id@1": { type: "hash", algo: "md5-32", key: "id", salt: "s", buckets: 10, parts: { test: [[8, 10]] } },
  },
  estimators: [],
  transformers: [],
  consumer: { features: [], unit: ["id"], train: [], test },
  measurements: [],
}); // prettier-ignore
const part = (version: string, parts: string[], policy = "by_month", number = 1): Box => ({ dataset: "trips", version, split: { policy, version: number, parts } }); // prettier-ignore
const same = (one: Box[], other: Box[], more?: Partial<LeakageInput["datasets"][string]>) =>
  testRowsText(input(one, more)) === testRowsText(input(other, more));

describe("the same test rows", () => {
  it.each<[string, boolean, Box[], Box[], Partial<LeakageInput["datasets"][string]>?]>([
    ["under another name of the policy", true, [part("1", ["may"])], [part("1", ["may"], "months", 7)]],
    ["in a later version of a table that only grows, when they had ended", true, [part("1", ["may"])], [part("2", ["may"])]],
    ["not when rows of their time may come still", false, [part("1", ["june"])], [part("2", ["june"])]],
    ["not when they have no end", false, [part("1", ["late"])], [part("2", ["late"])]],
    ["not in another version of a table that changes", false, [part("1", ["may"])], [part("2", ["may"])], { appendOnly: false }],
    ["not in a later version by a hash, which has more of them", false, [part("1", ["test"], "by_id")], [part("2", ["test"], "by_id")]],
    ["not of another part", false, [part("2", ["may"])], [part("2", ["june"])]],
    ["in any order, and said twice", true, [part("2", ["may"]), part("2", ["june"])], [part("2", ["june"]), part("2", ["may"]), part("2", ["may"])]],
    ["by a window that ended", true, [{ dataset: "trips", version: "1", time: ["2024-02-01", "2024-03-01"] }], [{ dataset: "trips", version: "2", time: ["2024-02-01", "2024-03-01"] }]],
    ["not by a window that has no end", false, [{ dataset: "trips", version: "1", time: ["2024-02-01", null] }], [{ dataset: "trips", version: "2", time: ["2024-02-01", null] }]],
  ])("%s", (_, expected, one, other, more) => expect(same(one, other, more)).toBe(expected)); // prettier-ignore

  it("are none without a box", () => expect(testRowsText(input([]))).toBeNull());
});
