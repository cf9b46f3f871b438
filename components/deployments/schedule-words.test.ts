import { describe, expect, it } from "vitest";
import { PRESETS, scheduleInWords, upcomingOf } from "./schedule-words";

describe("scheduleInWords", () => {
  it.each<[string | null, string]>([
    [null, "on demand only"],
    ["* * * * *", "every minute"],
    ["*/15 * * * *", "every 15 minutes"],
    ["5 * * * *", "every hour at minute 5"],
    ["30 */6 * * *", "every 6 hours at minute 30"],
    ["0 6 * * *", "every day at 06:00 UTC"],
    ["30 14 * * 1-5", "Monday to Friday at 14:30 UTC"],
    ["0 6 * * 0", "every Sunday at 06:00 UTC"],
    ["0 6 * * 7", "every Sunday at 06:00 UTC"],
    ["0 6 1 * *", "on day 1 of every month at 06:00 UTC"],
    ["0 6 1 1 *", "by cron 0 6 1 1 *"],
    ["0 6 1 * 1", "by cron 0 6 1 * 1"],
    ["0,30 6 * * *", "by cron 0,30 6 * * *"],
    ["1-5 * * * *", "by cron 1-5 * * * *"],
  ])("%s", (schedule, words) => {
    expect(scheduleInWords(schedule)).toBe(words);
  });

  it("has simple words for every preset", () => {
    for (const { schedule } of PRESETS) expect(scheduleInWords(schedule)).not.toContain("cron");
  });
});

describe("upcomingOf", () => {
  const now = new Date("2001-06-01T10:00:00Z");

  it("answers the next three times in UTC", () => {
    expect(upcomingOf("0 6 * * *", now).times).toEqual([
      "2001-06-02T06:00:00.000Z",
      "2001-06-03T06:00:00.000Z",
      "2001-06-04T06:00:00.000Z",
    ]);
  });

  it.each([
    ["", "it has 0"],
    ["0 6 * *", "it has 4"],
    ["0 6 * * * *", "it has 6"],
    ["0 25 * * *", ""],
    ["0 0 30 2 *", "no year has"],
    ["nonsense a b c d", ""],
  ])("says what is wrong with %j", (schedule, part) => {
    const { times, problem } = upcomingOf(schedule, now);
    expect(times).toBeNull();
    expect(problem).toContain(part);
    expect(problem).toMatch(/\.$/);
  });
});
