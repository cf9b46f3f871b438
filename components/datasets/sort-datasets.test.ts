import { describe, expect, it } from "vitest";
import type { DatasetSummary } from "@/lib/contracts/datasets";
import { nextSort, parseSort, sortDatasets } from "./sort-datasets";

const dataset = (name: string, rows: number | null, more: Partial<DatasetSummary> = {}) =>
  ({ name, kind: "source", entity: "e", owner: "", columns: 1, readers: [], latest: rows === null ? null : { rows }, ...more }) as unknown as DatasetSummary; // prettier-ignore

const ALL = [
  dataset("b", 10, { owner: "zoe", readers: ["x", "y"] }),
  dataset("a", 3_000_000, { kind: "serving" }),
  dataset("c", null, { owner: "ada", columns: 9 }),
  dataset("d", 10),
];

describe("sortDatasets", () => {
  it.each([
    ["", "bacd"],
    ["nonsense", "bacd"],
    ["name", "abcd"],
    ["-name", "dcba"],
    ["rows", "bdac"],
    ["-rows", "abdc"],
    ["-columns", "cabd"],
    ["kind", "abcd"],
    ["-kind", "bcda"],
    ["owner", "cbad"],
    ["-owner", "bcad"],
    ["-readers", "bacd"],
  ])("by %j; equal ones stand by name, and what has no value last", (sort, expected) => {
    expect(
      sortDatasets(ALL, sort)
        .map(({ name }) => name)
        .join(""),
    ).toBe(expected);
  });
});

it.each([
  ["", "rows", "-rows"],
  ["-rows", "rows", "rows"],
  ["rows", "rows", "-rows"],
  ["-rows", "owner", "owner"],
  ["owner", "owner", "-owner"],
] as const)("after %j a press on %s asks for %s", (sort, by, expected) => {
  expect(nextSort(sort, by)).toBe(expected);
  expect(parseSort(expected)?.by).toBe(by);
});
