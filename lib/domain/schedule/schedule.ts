import { Cron } from "croner";
import { DomainError } from "../errors";

const EXAMPLES = "`0 6 * * *` for every day at 06:00, `*/15 * * * *` for every quarter of an hour";

/**
 * A cron expression as it is kept: five fields, one space between them.
 * Throws `invalid` saying what is wrong, with an example, at `path` of the request.
 */
export function parseSchedule(text: string, path: string[]): string {
  const schedule = text.trim().replace(/\s+/g, " ");
  const fields = schedule === "" ? 0 : schedule.split(" ").length;
  if (fields !== 5)
    throw wrong(
      path,
      text,
      `it has ${fields} ${fields === 1 ? "field" : "fields"}, and needs five: minute, hour, day of the month, month, day of the week`,
    );
  let next: Date | null;
  try {
    next = cron(schedule).nextRun(new Date());
  } catch (error) {
    throw wrong(path, text, reasonOf(error));
  }
  if (!next) throw wrong(path, text, "it names a day that no year has");
  return schedule;
}

/** The first time of the schedule after a moment. */
export function nextTime(schedule: string, after: Date): Date {
  const next = cron(schedule).nextRun(after);
  if (!next) throw new DomainError("invalid", `The schedule ${schedule} has no time after ${after.toISOString()}.`);
  return next;
}

/** The first `count` times of the schedule after a moment. */
export function upcomingTimes(schedule: string, after: Date, count: number): Date[] {
  return cron(schedule).nextRuns(count, after);
}

function cron(schedule: string): Cron {
  return new Cron(schedule, { mode: "5-part", timezone: "UTC", paused: true });
}

/** The library's reason, without the name of its class. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^Cron(Pattern)?:\s*/, "").replace(/\.$/, "");
}

function wrong(path: string[], found: string, reason: string): DomainError {
  return new DomainError("invalid", `The schedule \`${found}\` cannot be kept: ${reason}. Write ${EXAMPLES}, in UTC.`, {
    issues: [{ path, message: reason, expected: "five fields, such as `0 6 * * *`", found }],
  });
}
