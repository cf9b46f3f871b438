import type { DriftComparison } from "@/lib/contracts/drift-comparison";
import { prisma } from "@/lib/db/client";
import { isProbability } from "@/lib/domain/drift/drift-metrics";
import { DomainError } from "@/lib/domain/errors";
import { evaluateMonitor, referencesOf } from "@/lib/domain/monitors/evaluate-monitor";
import type { Principal } from "@/lib/domain/principal";
import { windowLabel } from "@/lib/domain/drift/window-label";
import { compareSides, datasetOf, toCompared } from "../profiles/compare-profiles";
import { openMonitor } from "./row";
import { loadMonitoredFeature, loadMonitoredFeatures } from "./monitored-features";
import type { StoredFeature } from "../profiles/stored-features";
import { effectiveDefinition } from "./effective-definition";

/**
 * A window of a monitored feature beside what the monitor compares it with, judged by the monitor's own terms: the picture of its
 * verdicts and alerts. `window` is the window's name, or the instant that it begins at.
 */
export async function compareMonitored(
  principal: Principal,
  name: string,
  { workspace, feature, window }: { workspace: string; feature: string; window: string },
): Promise<DriftComparison> {
  const { scope, row } = await openMonitor(principal, workspace, name, "feature:read");
  const monitor = effectiveDefinition(row);
  const found = await loadMonitoredFeature(scope.workspace.id, monitor, feature);
  if (!found) throw new DomainError("not_found", `\`${name}\` does not watch \`${feature}\`.`);
  const at = found.windows.findIndex((one) => one.from === window || windowLabel(one) === window);
  const current = found.windows[at];
  const reference = referencesOf(monitor, found)(at);
  if (!current || !reference.side)
    throw new DomainError(
      "not_found",
      current
        ? `Nothing to compare ${window} of \`${feature}\` with: ${reference.lack}`
        : `\`${name}\` watches no window ${window} of \`${feature}\`.`,
      { windows: found.windows.map(windowLabel) },
    );
  const facts = await factsOf(found);
  const sides = [
    toCompared(reference.side, { ...facts, label: reference.words, from: null, to: null }),
    toCompared(current, { ...facts, label: windowLabel(current), from: current.from, to: current.to }),
  ] as const;
  const { metric, warn, critical } = monitor;
  const comparison = compareSides(...sides, { metric, warn, critical });
  if (!comparison)
    throw new DomainError(
      "conflict",
      `${window} of \`${feature}\` was counted in other buckets than ${reference.words}. Profile it again.`,
    );
  // Thresholds may be calibrated: the verdict is the monitor's. A distance stands for itself, a test is judged among those of its window.
  const range = { from: current.from, to: new Date(Date.parse(current.from) + 1).toISOString() };
  const [alone] = evaluateMonitor(monitor, [found], range);
  const isTest = alone?.details && isProbability(alone.details.figure);
  const features = isTest ? await loadMonitoredFeatures(scope.workspace.id, monitor) : [];
  const verdict = isTest ? evaluateMonitor(monitor, features, range).find((one) => one.feature === feature) : alone;
  if (!verdict?.details) return { ...comparison, explanation: verdict?.explanation ?? comparison.explanation };
  const { state, score, severity, warn: warned, critical: alarmed, explanation } = verdict;
  const { figure, because, test, missing } = verdict.details;
  const judged = { metric: figure, because, test, missing };
  return { ...comparison, ...judged, state, score, severity, warn: warned, critical: alarmed, explanation };
}

/** Which version of the feature, and of which dataset its newest window is. */
async function factsOf({ versionId, windows }: StoredFeature): Promise<{ version: number; dataset: string }> {
  const { version } = await prisma().featureVersion.findUniqueOrThrow({ where: { id: versionId } });
  return { version, dataset: await datasetOf(windows.at(-1)?.id ?? "") };
}
