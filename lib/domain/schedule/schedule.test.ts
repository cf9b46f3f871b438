import { describe, expect, it } from "vitest";
import { nextTime, parseSchedule, upcomingTimes } from "./schedule";

describe("parseSchedule", () => {
  it.each([
    ["0 6 * * *", "0 6 * * *"],
    ["  */15   * * *  MON-FRI ", "*/15 * * * MON-FRI"],
  ])("keeps %j as %j", (text, kept) => expect(parseSchedule(text, ["schedules", "fit"])).toBe(kept));

  it.each([
    ["", /0 fields, and needs five/],
    ["daily", /1 field, and needs five: minute, hour/],
    ["0 0 6 * * *", /6 fields, and needs five/],
    ["61 * * * *", /61/],
    ["0 25 * * *", /25/],
    ["a b c d e", /cannot be kept/],
    ["0 0 31 2 *", /no year has/],
  ])("refuses %j with what is wrong and an example", (text, reason) => {
    const attempt = () => parseSchedule(text, ["schedules", "fit"]);
    expect(attempt).toThrow(reason);
    expect(attempt).toThrow(/`0 6 \* \* \*` for every day at 06:00/);
    expect(attempt).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});

it("counts in UTC, and never answers the moment itself", () => {
  const at = new Date("2026-03-29T01:00:00Z");
  expect(nextTime("0 1 * * *", at).toISOString()).toBe("2026-03-30T01:00:00.000Z");
  expect(upcomingTimes("30 */12 * * *", at, 3).map((time) => time.toISOString())).toEqual([
    "2026-03-29T12:30:00.000Z",
    "2026-03-30T00:30:00.000Z",
    "2026-03-30T12:30:00.000Z",
  ]);
});
