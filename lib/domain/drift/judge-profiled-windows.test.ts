import { expect, it } from "vitest";
import { countNumbers } from "../statistics/histogram";
import type { ColumnStats } from "../profiles/column-stats";
import { judgeProfiledWindows } from "./judge-profiled-windows";

/** A window of so many rows, all of them around one value. */
const window = (month: string, rows: number, value: number) => ({
  id: month,
  profile: {
    window: [`${month}-01T00:00:00Z`, `${month}-28T00:00:00Z`] as [string, string],
    stats: { rows } as ColumnStats,
    histogram: countNumbers(
      Array.from({ length: rows }, (_, at) => value + (at % 10)),
      [0, 10, 20, 30],
    ),
    equalWidth: null,
  },
});

it("judges every window against the first with enough rows, and says which data cover in part only", () => {
  const judged = judgeProfiledWindows([
    window("2024-04", 40, 20),
    window("2024-01", 20, 20),
    window("2024-03", 900, 0),
    window("2024-02", 1000, 0),
  ]);
  expect(judged.map(({ reference, current, isPartial }) => [reference.id, current.id, isPartial])).toEqual([
    ["2024-02", "2024-01", true],
    ["2024-02", "2024-03", false],
    ["2024-02", "2024-04", true],
  ]);
  expect(judged.at(-1)?.verdict.state).toBe("critical");
  expect(judgeProfiledWindows([])).toEqual([]);
});
