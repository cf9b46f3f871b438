import { describe, expect, it } from "vitest";
import type { Buckets } from "@/lib/contracts/feature-detail";
import { barsOf, heightOf, ticksOf, totalRows, type ChartOptions } from "./buckets";
import { figuresOf } from "./figures";

const OPTIONS: ChartOptions = { edges: "even", cumulative: false, log: false, percent: false };
const numeric: Buckets = {
  kind: "numeric",
  edges: [0, 10, 20],
  values: [],
  counts: [30, 50],
  underflow: 5,
  overflow: 10,
  missing: 4,
  nan: 1,
};

describe("barsOf", () => {
  it("puts rows beyond the edges at either end and leaves missing rows out", () => {
    expect(barsOf(numeric, OPTIONS).map(({ label, value }) => [label, value])).toEqual([
      ["below 0", 5],
      ["0 to 10", 30],
      ["10 to 20", 50],
      ["above 20", 10],
    ]);
    expect(totalRows(numeric)).toBe(100);
  });

  it("shows shares of all rows, missing ones included, so that parts compare", () => {
    const shares = barsOf(numeric, { ...OPTIONS, percent: true }).map((bar) => bar.value);
    expect(shares).toEqual([5, 30, 50, 10]);
    expect(barsOf(numeric, { ...OPTIONS, percent: true, cumulative: true }).at(-1)?.value).toBe(95);
  });

  it("fills the axis without gaps and is no error without rows", () => {
    const bars = barsOf(numeric, OPTIONS);
    expect(bars[0]?.from).toBe(0);
    expect(bars.at(-1)?.to).toBeCloseTo(1);
    const empty = { ...numeric, counts: [0, 0], underflow: 0, overflow: 0, missing: 0, nan: 0 };
    expect(barsOf(empty, { ...OPTIONS, percent: true }).map((bar) => bar.value)).toEqual([0, 0]);
    expect(barsOf({ ...empty, edges: [], counts: [] }, OPTIONS)).toEqual([]);
  });

  it("counts values by value and names the empty one", () => {
    const values: Buckets = {
      ...numeric,
      kind: "categorical",
      edges: [],
      values: ["a", ""],
      underflow: 0,
      overflow: 2,
    };
    expect(barsOf(values, OPTIONS).map((bar) => bar.label)).toEqual(["a", "(empty)", "other values"]);
  });
});

describe("heightOf", () => {
  it("keeps a single row visible beside a million on the logarithmic axis", () => {
    expect(heightOf(1, 1_000_000, false)).toBeCloseTo(0, 5);
    expect(heightOf(1, 1_000_000, true)).toBeGreaterThan(0.03);
    expect(heightOf(1_000_000, 1_000_000, true)).toBeCloseTo(1);
    expect(heightOf(0, 10, true)).toBe(0);
  });
});

it("ticksOf gives round numbers up to the top", () => {
  expect(ticksOf(9.3)).toEqual([0, 2.5, 5, 7.5]);
  expect(ticksOf(100)).toEqual([0, 25, 50, 75, 100]);
  expect(ticksOf(0)).toEqual([0]);
});

describe("figuresOf", () => {
  it("marks what Facets marks", () => {
    const figures = figuresOf({
      rows: 100,
      stats: { rows: 100, missing: 3, zeros: 10, nan: 1, positiveInfinity: 0, mean: 2.34567 },
    });
    const alarms = Object.fromEntries(figures.map((figure) => [figure.label, figure.alarm !== null]));
    expect(alarms).toMatchObject({ Rows: false, Missing: true, Zeros: false, "Not finite": true });
    expect(figures.find((figure) => figure.label === "Mean")?.text).toBe("2.346");
    expect(figuresOf({ rows: 0, stats: { rows: 0, missing: 0 } })[0]?.alarm).toBe("There are no rows.");
  });

  it("leaves out what the type does not have", () => {
    const labels = figuresOf({ rows: 10, stats: { missing: 0, top: [{ value: "", count: 5 }] } }).map(
      (figure) => figure.label,
    );
    expect(labels).toEqual(["Rows", "Missing", "Top value"]);
  });
});
