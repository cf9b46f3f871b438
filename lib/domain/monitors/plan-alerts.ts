import type { MonitorDefinition } from "../definitions/monitor";
import { arePartial } from "../drift/partial-window";
import type { WindowVerdict } from "./evaluate-monitor";

export type AlertState = "open" | "acknowledged" | "snoozed" | "resolved";

/** An alert that is not resolved: at most one for each feature of a monitor. */
export interface LiveAlert {
  id: string;
  feature: string;
  /** First and newest window that it is about. */
  firstFrom: string;
  lastFrom: string;
  /** What it says of the newest; left out where that is not to be kept up with. */
  said?: Pick<WindowVerdict, "state" | "score">;
}

/** The windows that a resolved alert was about. */
export type PastAlert = Omit<LiveAlert, "id">;

/** What is to be done so that the alerts say what the windows say. */
export type AlertStep =
  | { kind: "open"; first: WindowVerdict; verdict: WindowVerdict; windows: number; worst: number | null }
  | { kind: "update"; id: string; verdict: WindowVerdict; windows: number; worst: number | null }
  | { kind: "resolve"; id: string; verdict: WindowVerdict }
  /** Opened and resolved within the windows that were evaluated, as a back-fill over history finds them. */
  | {
      kind: "past";
      first: WindowVerdict;
      verdict: WindowVerdict;
      end: WindowVerdict;
      windows: number;
      worst: number | null;
    };

/** An alert that ends because what it was about is no longer watched. */
export interface AlertDrop {
  kind: "drop";
  id: string;
}

/**
 * Alerts about windows that are no longer watched, as when a feature left a view or a model began to be watched in serving. They
 * say nothing of today; what still alarms opens another.
 */
export function planDrops(
  live: readonly LiveAlert[],
  features: readonly { feature: string; windows: readonly { from: string }[] }[],
): AlertDrop[] {
  const watched = new Map(features.map(({ feature, windows }) => [feature, new Set(windows.map(({ from }) => from))]));
  return live.flatMap(({ id, feature, firstFrom, lastFrom }) => {
    const own = watched.get(feature);
    return own?.has(firstFrom) && own.has(lastFrom) ? [] : [{ kind: "drop", id }];
  });
}

/**
 * Goes through the windows of each feature in time order. An alert opens after `after` alarming windows in a row (default 1),
 * stays one while they go on, and is resolved by the first window that is fine. Windows without enough data change nothing.
 * Windows that a live alert has already seen, or that lie within a past one, are passed over: evaluating twice changes
 * nothing, and what a person resolved is not opened again. Only the newest that a live alert has seen is looked at again: fine
 * by now, it resolves the alert, and otherwise the alert says what it comes to by now. The worst is one of the windows that data cover
 * wholly.
 */
export function planAlerts(
  monitor: Pick<MonitorDefinition, "after">,
  live: readonly LiveAlert[],
  verdicts: readonly WindowVerdict[],
  past: readonly PastAlert[] = [],
): AlertStep[] {
  const byFeature = new Map<string, WindowVerdict[]>();
  for (const verdict of verdicts) byFeature.set(verdict.feature, [...(byFeature.get(verdict.feature) ?? []), verdict]);
  return [...byFeature].flatMap(([feature, windows]) =>
    stepsOf(
      monitor.after ?? 1,
      live.find((alert) => alert.feature === feature),
      windows.toSorted((one, other) => (one.from < other.from ? -1 : 1)),
      past.filter((alert) => alert.feature === feature),
    ),
  );
}

function stepsOf(
  after: number,
  alert: LiveAlert | undefined,
  windows: readonly WindowVerdict[],
  past: readonly PastAlert[],
): AlertStep[] {
  const steps: AlertStep[] = [];
  const partial = arePartial(windows.map(({ rows }) => rows[1]));
  const whole = new Set(windows.filter((_, at) => !partial[at]));
  const worstOf = (judged: readonly WindowVerdict[]) => worstSeverity(judged.filter((window) => whole.has(window)));
  let live = alert;
  let run: WindowVerdict[] = [];
  let rejudged: WindowVerdict | null = null;
  for (const window of windows) {
    if (window.state === "insufficient_data") continue;
    if (live && window.from <= live.lastFrom) {
      // Judged anew, as by other thresholds or of another version: what it was open for is gone.
      if (window.from !== live.lastFrom) continue;
      if (window.state === "fine") {
        steps.push({ kind: "resolve", id: live.id, verdict: window });
        live = undefined;
      } else if (live.said && (live.said.state !== window.state || live.said.score !== window.score)) rejudged = window;
      continue;
    }
    if (past.some(({ firstFrom, lastFrom }) => firstFrom <= window.from && window.from <= lastFrom)) {
      run = [];
      continue;
    }
    if (window.state !== "fine") {
      run.push(window);
      continue;
    }
    if (live) steps.push({ kind: "resolve", id: live.id, verdict: window });
    else if (run.length >= after)
      steps.push({
        kind: "past",
        first: run[0] as WindowVerdict,
        verdict: run.at(-1) as WindowVerdict,
        end: window,
        windows: run.length,
        worst: worstOf(run),
      });
    live = undefined;
    run = [];
  }
  const newest = run.at(-1);
  if (!newest && live && rejudged)
    return [...steps, { kind: "update", id: live.id, verdict: rejudged, windows: 0, worst: worstOf([rejudged]) }];
  if (!newest) return steps;
  const found = { verdict: newest, windows: run.length, worst: worstOf(run) };
  if (live) steps.push({ kind: "update", id: live.id, ...found });
  else if (run.length >= after) steps.push({ kind: "open", first: run[0] as WindowVerdict, ...found });
  return steps;
}

function worstSeverity(windows: readonly WindowVerdict[]): number | null {
  const severities = windows.flatMap(({ severity }) => (severity === null ? [] : [severity]));
  return severities.length === 0 ? null : Math.max(...severities);
}

/** States that each action may begin in. */
export const ALERT_ACTIONS: Record<"acknowledge" | "snooze" | "resolve", readonly AlertState[]> = {
  acknowledge: ["open", "snoozed"],
  snooze: ["open", "acknowledged"],
  resolve: ["open", "acknowledged", "snoozed"],
};
export type AlertAction = keyof typeof ALERT_ACTIONS;

/** Calm while snoozed; open again once that is over. */
export function stateNow(alert: { state: AlertState; snoozedUntil: Date | null }, now: Date): AlertState {
  return alert.state === "snoozed" && alert.snoozedUntil !== null && alert.snoozedUntil <= now ? "open" : alert.state;
}
