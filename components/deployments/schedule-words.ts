import { Cron } from "croner";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const NUMBER = /^\d{1,2}$/;
const EVERY = /^\*\/(\d{1,2})$/;

/** A schedule as people say it; what has no simple words is named by its expression. */
export function scheduleInWords(schedule: string | null): string {
  if (schedule === null) return "on demand only";
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = schedule.trim().split(/\s+/);
  const plain = `by cron ${schedule}`;
  if (month !== "*") return plain;
  if (day === "*" && weekday === "*" && hour === "*") {
    if (minute === "*") return "every minute";
    const every = EVERY.exec(minute);
    if (every) return `every ${every[1]} minutes`;
    return NUMBER.test(minute) ? `every hour at minute ${Number(minute)}` : plain;
  }
  const everyHours = EVERY.exec(hour);
  if (day === "*" && weekday === "*" && everyHours && NUMBER.test(minute))
    return `every ${everyHours[1]} hours at minute ${Number(minute)}`;
  if (!NUMBER.test(minute) || !NUMBER.test(hour)) return plain;
  const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")} UTC`;
  if (day === "*" && weekday === "*") return `every day at ${time}`;
  if (day === "*" && weekday === "1-5") return `Monday to Friday at ${time}`;
  if (day === "*" && /^[0-7]$/.test(weekday)) return `every ${DAYS[Number(weekday) % 7]} at ${time}`;
  if (weekday === "*" && NUMBER.test(day)) return `on day ${Number(day)} of every month at ${time}`;
  return plain;
}

/** Schedules to start from, with what they are called. */
export const PRESETS = [
  { schedule: "0 * * * *", label: "Every hour" },
  { schedule: "0 6 * * *", label: "Every day at 06:00" },
  { schedule: "0 6 * * 1-5", label: "Monday to Friday at 06:00" },
  { schedule: "0 6 * * 1", label: "Every Monday at 06:00" },
  { schedule: "0 6 1 * *", label: "On the first of every month" },
] as const;

/** The next times of what somebody types, or what is wrong with it. The server decides; this answers while one types. */
export function upcomingOf(
  schedule: string,
  after: Date,
  count = 3,
): { times: string[]; problem: null } | { times: null; problem: string } {
  const fields = schedule.trim().split(/\s+/).filter(Boolean).length;
  if (fields !== 5)
    return { times: null, problem: `It needs five fields, minute to day of the week; it has ${fields}.` };
  try {
    const times = new Cron(schedule.trim(), { mode: "5-part", timezone: "UTC", paused: true }).nextRuns(count, after);
    return times.length === 0
      ? { times: null, problem: "It names a day that no year has." }
      : { times: times.map((time) => time.toISOString()), problem: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Cron(Pattern)?:\s*/, "") : String(error);
    return { times: null, problem: `${reason.replace(/\.$/, "")}.` };
  }
}
