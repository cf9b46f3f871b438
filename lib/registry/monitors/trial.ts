import type { z } from "zod";
import type {
  MonitorDetail,
  saveThresholds as saveContract,
  tryMonitor as tryContract,
} from "@/lib/contracts/monitors";
import type { MonitorDefinition } from "@/lib/domain/definitions/monitor";
import { markPartial } from "@/lib/domain/drift/partial-window";
import { DomainError } from "@/lib/domain/errors";
import { noiseOf } from "@/lib/domain/monitors/calibrate";
import { type DriftWindowVerdict, evaluateMonitor, thresholdsOf } from "@/lib/domain/monitors/evaluate-monitor";
import { planAlerts } from "@/lib/domain/monitors/plan-alerts";
import type { Principal } from "@/lib/domain/principal";
import { monitorOf, openMonitor } from "./row";
import { loadMonitoredFeatures } from "./monitored-features";
import { getMonitor } from "./monitors";
import { openScopeFor } from "../scope";
import { applySpecs } from "../specs/specs";

/** What a monitor would have said of the history that is stored. Nothing is kept. */
export async function tryMonitor(principal: Principal, request: z.output<(typeof tryContract)["body"]>) {
  const scope = await openScopeFor(principal, request.workspace, "feature:read");
  const { workspace: _, ...asked } = request;
  if ([asked.view, asked.model, asked.source].filter((name) => name !== undefined).length !== 1)
    throw new DomainError("invalid", "Name a feature view, a model or a source to watch.", {
      issues: [
        { path: ["view"], message: "expected a view, a model or a source", expected: "exactly one of the three" },
      ],
    });
  const monitor: MonitorDefinition = { ...asked, kind: "Monitor", name: "preview" };
  assertThresholds(monitor);
  const features = await loadMonitoredFeatures(scope.workspace.id, monitor);
  const verdicts = evaluateMonitor(monitor, features);
  const steps = planAlerts(monitor, [], verdicts);
  const noiseFloor = features.flatMap(({ feature, consumers }) =>
    noiseOf(monitor, consumers).map((noise) => ({ feature, ...noise })),
  );
  const noise = Math.max(0, ...noiseFloor.map(({ score }) => score));
  const warn = thresholdsOf(monitor)?.warn;
  return {
    verdicts: markPartial(verdicts.map(toVerdict)),
    alerts: steps.length,
    alerting: steps.flatMap((step) => (step.kind === "open" ? [step.verdict.feature] : [])),
    noiseFloor,
    suggestedWarn: warn !== undefined && noise > warn ? noise : null,
  };
}

/** Writes what was tried into the definition, through the path that every document takes. */
export async function saveThresholds(
  principal: Principal,
  name: string,
  { workspace, ...tried }: z.output<(typeof saveContract)["body"]>,
): Promise<MonitorDetail> {
  const { row } = await openMonitor(principal, workspace, name, "spec:apply");
  const { warn: _warn, critical: _critical, calibrated: _calibrated, ...kept } = monitorOf(row);
  const changed: MonitorDefinition = { ...kept, metric: tried.metric, after: tried.after };
  if (tried.warn !== undefined) changed.warn = tried.warn;
  if (tried.critical !== undefined) changed.critical = tried.critical;
  if (tried.calibrated) changed.calibrated = true;
  assertThresholds(changed);
  await applySpecs(principal, { workspace, documents: [{ ...changed }] });
  return getMonitor(principal, workspace, name);
}

function assertThresholds(monitor: MonitorDefinition): void {
  const { metric, warn, critical } = monitor;
  const issue = (path: "warn" | "critical", message: string, expected: string): never => {
    throw new DomainError("invalid", message, { issues: [{ path: [path], message: `expected ${expected}` }] });
  };
  if (metric === "natural" && (warn !== undefined || critical !== undefined))
    issue(
      warn === undefined ? "critical" : "warn",
      "The automatic metric (natural) uses the thresholds of the metric that it chooses, and accepts no others.",
      "a metric by name, or no thresholds",
    );
  const thresholds = thresholdsOf(monitor);
  if (thresholds && thresholds.critical < thresholds.warn)
    issue(
      "critical",
      `The critical threshold ${thresholds.critical} is below the warning threshold ${thresholds.warn}.`,
      `at least ${thresholds.warn}`,
    );
}

function toVerdict({ versionId: _, rows: [referenceRows, rows], details, ...verdict }: DriftWindowVerdict) {
  return {
    ...verdict,
    metric: details?.figure ?? "none",
    because: details?.because ?? null,
    test: details?.test ?? null,
    missing: details?.missing ?? null,
    noise: details?.calibration ? { model: details.calibration.model, score: details.calibration.score } : null,
    referenceRows,
    rows,
  };
}
