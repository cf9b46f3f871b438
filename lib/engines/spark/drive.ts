/** Follows one driver from its submission to its end. */
import { writeFile } from "node:fs/promises";
import { DomainError } from "@/lib/domain/errors";
import type { RunControl } from "@/lib/domain/runs/run-control";
import { DriverEvents, type DriverEvent } from "./driver-events";
import type { SparkPlan } from "./spark-plan";
import type { DriverEnd, DriverJob, Submitter } from "./submitter";

type StageDone = Extract<DriverEvent, { kind: "stage" }>;

export interface DriveLimits {
  pollMs: number;
  /** A driver that tells nothing for so long is lost: it beats every five seconds. */
  silenceMs: number;
  /** Before its first word a driver waits for Java and, on a cluster, for a place. */
  startMs: number;
}

const DRIVE_LIMITS: DriveLimits = { pollMs: 200, silenceMs: 40_000, startMs: 300_000 };
const LEASE_MS = 5000;

/**
 * Answers what the driver told of each stage. Throws what it was refused for, `canceled` on abort, and `unavailable` when it was lost,
 * killed or never began; nothing of it runs any more then.
 */
export async function drive(
  submitter: Submitter,
  job: DriverJob,
  plan: Pick<SparkPlan, "attempt" | "events" | "lease">,
  control: RunControl,
  limits = DRIVE_LIMITS,
): Promise<Map<string, StageDone>> {
  const { signal } = control;
  if (signal.aborted) throw new DomainError("canceled", "The run was canceled.");
  let renewals = 0;
  await writeFile(plan.lease, String(renewals));
  const driver = await submitter.submit(job);
  const lease = setInterval(() => void writeFile(plan.lease, String(++renewals)).catch(() => undefined), LEASE_MS);
  const over: { end: DriverEnd | null } = { end: null };
  void driver.ended.then((end) => (over.end = end));
  const events = new DriverEvents(plan.events, plan.attempt);
  const stages = new Map<string, StageDone>();
  const since = { word: Date.now(), isFirst: true };
  let outcome: Extract<DriverEvent, { kind: "failed" | "done" }> | null = null;
  try {
    for (;;) {
      // The last words of one that has ended are in the file by now.
      const { end } = over;
      const read = await events.read();
      if (read.length > 0) Object.assign(since, { word: Date.now(), isFirst: false });
      for (const event of read) {
        if (event.kind === "failed" || event.kind === "done") outcome ??= event;
        else hear(event, stages, control);
      }
      if (signal.aborted) throw new DomainError("canceled", "The run was canceled.");
      if (outcome?.kind === "failed") throw new DomainError(outcome.code, failureOf(outcome));
      if (outcome) break;
      if (end) throw lostDriver(`ended (${end.how}) before it was done`, end);
      const limit = since.isFirst ? limits.startMs : limits.silenceMs;
      if (Date.now() - since.word > limit)
        throw lostDriver(since.isFirst ? `did not begin within ${limit / 1000} seconds` : `told nothing for ${limit / 1000} seconds`, null); // prettier-ignore
      await new Promise((resolve) => setTimeout(resolve, limits.pollMs));
    }
    return stages;
  } finally {
    clearInterval(lease);
    await driver.stop();
  }
}

function hear(
  event: Exclude<DriverEvent, { kind: "failed" | "done" }>,
  stages: Map<string, StageDone>,
  control: RunControl,
): void {
  switch (event.kind) {
    case "progress":
      return control.progress(event);
    case "log":
      return control.log(event.level, event.message);
    case "session":
      return control.log("info", `Spark ${event.version} on ${event.master} was ready after ${event.seconds.toFixed(1)} s.`); // prettier-ignore
    case "stage":
      if (stages.has(event.instance)) return;
      stages.set(event.instance, event);
      control.stage?.({ instance: event.instance, rows: null, seconds: event.seconds, reused: false });
      return control.log("info", `Stage ${event.stage} took ${event.seconds.toFixed(2)} s on Spark.`);
    case "started":
    case "beat":
      return undefined;
  }
}

/** What a stage cannot take is said as it is; what Spark itself says is told as Spark's. */
function failureOf({ message, stage, code }: Extract<DriverEvent, { kind: "failed" }>): string {
  if (stage !== undefined) return message;
  return code === "unavailable"
    ? `Spark was lost: ${message} Nothing was published.`
    : `Spark failed: ${message} Nothing was published.`;
}

function lostDriver(what: string, end: DriverEnd | null): DomainError {
  const lines = (end?.output ?? "").split("\n").filter((line) => /error|exception|killed|memory|cannot|not found/i.test(line)); // prettier-ignore
  const said = lines.at(-1)?.trim();
  return new DomainError(
    "unavailable",
    `Spark's driver ${what}.${said ? ` It printed: ${said}` : ""} Nothing was published.`,
  );
}
