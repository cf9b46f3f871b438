import type { RunEnvironment } from "@/lib/domain/runs/run-record";
import { type Finding, type Level, toLevel } from "@/lib/domain/reproductions/report";

/** What may change a value, in words. The size of the machine changes none. */
const NAMES = {
  tributary: "Tributary",
  commit: "code commit",
  dirty: "uncommitted changes",
  lockfile: "lockfile of packages",
  engine: "engine",
  node: "Node.js",
  platform: "platform",
  threads: "engine threads",
} as const satisfies Partial<Record<keyof RunEnvironment, string>>;

const shown = (value: unknown) => (typeof value === "boolean" ? (value ? "yes" : "no") : String(value).slice(0, 40));

/** What is another environment now than when something ran. */
export function compareEnvironments(then: Partial<RunEnvironment>, now: RunEnvironment): Level {
  const findings = (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((key): Finding => {
    const [before, after] = [then[key] ?? null, now[key]];
    const subject = NAMES[key];
    if (before === null || after === null)
      return {
        subject,
        state: "not_recorded",
        text:
          before === null ? `Which ${subject} it ran with was not recorded.` : `The ${subject} of now is not known.`,
      };
    if (before === after) return { subject, state: "identical", text: `The same ${subject}: ${shown(before)}.` };
    return {
      subject,
      state: "differs",
      text: `Another ${subject}: ${shown(before)} then, ${shown(after)} now.`,
      expected: shown(before),
      found: shown(after),
    };
  });
  return toLevel("environment", findings);
}
