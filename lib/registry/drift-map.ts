import type { z } from "zod";
import type { DriftComparison } from "@/lib/contracts/drift-comparison";
import type { compareDrift as compareContract, DriftMap, getDrift as contract } from "@/lib/contracts/drift";
import { prisma } from "@/lib/db/client";
import type { MonitorDefinition } from "@/lib/domain/definitions";
import { isProbability } from "@/lib/domain/drift/drift-metrics";
import { totalOf, shares } from "@/lib/domain/drift/histogram";
import { DomainError } from "@/lib/domain/errors";
import {
  type DriftWindowVerdict,
  evaluateMonitor,
  judgeDataset,
  thresholdsOf,
} from "@/lib/domain/monitors/evaluate-monitor";
import type { Principal } from "@/lib/domain/principal";
import { compareProfiles, type ProfileOfVersion } from "./drift-comparison";
import { chooseReference, type ReferencedFeature, windowLabel } from "./drift-reference";
import { loadFeatures, newestReading } from "./monitored-features";
import { isPersonal, withholdValues } from "./personal-values";
import { openScopeFor } from "./scope";

type Query = z.output<(typeof contract)["query"]>;

/** What an environment serves, or a model reads: every window that was profiled, against the reference, from stored profiles. */
export async function getDrift(principal: Principal, query: Query): Promise<DriftMap> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const { features, facts, model } = await findFeatures(workspace.id, query);
  const monitor = monitorOf(query);
  const { verdicts, referenced } = judge(monitor, features, query);
  const rows = referenced.flatMap((feature) => toRow(feature, facts, verdicts) ?? []);
  const windows = [...new Set(rows.flatMap((row) => row.cells.map((cell) => cell.window)))].sort();
  const thresholds = thresholdsOf(monitor);
  return {
    environment: query.environment,
    metric: query.metric,
    warn: thresholds?.warn ?? null,
    critical: thresholds?.critical ?? null,
    isCalibrated: monitor.calibrated ?? false,
    windows,
    model: model && { ...model, isServing: features.some(({ isServing }) => isServing) },
    views: [...new Set([...facts.values()].flatMap(({ views }) => views))].sort(),
    rows,
    total: features.length,
    summary: summarise(rows, [...verdicts.values()]),
  };
}

/** One window of a feature beside its reference. */
export async function compareDrift(
  principal: Principal,
  query: z.output<(typeof compareContract)["query"]>,
): Promise<DriftComparison> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const { features, facts } = await findFeatures(workspace.id, query);
  const monitor = monitorOf(query);
  const { verdicts, referenced } = judge(monitor, features, query);
  const found = referenced.find(({ feature }) => feature === query.feature);
  if (!found)
    throw new DomainError(
      "not_found",
      query.model === undefined
        ? `${query.environment} serves no version of \`${query.feature}\`.`
        : `The newest version of \`${query.model}\` does not read \`${query.feature}\`.`,
    );
  const current = found.windows.find((window) => windowLabel(window) === query.window);
  const reference = current && found.referenceOf(current);
  if (!current || !reference)
    throw new DomainError("not_found", `\`${query.feature}\` has no profile of ${query.window} beside its reference.`, {
      windows: found.windows.map(windowLabel),
    });
  const verdict = verdicts.get(keyOf(found.feature, current.from));
  const version = facts.get(found.versionId)?.version ?? 0;
  const [before, now] = [
    await loadSide(reference.profileId, reference.words, version),
    await loadSide(current.profileId, query.window, version),
  ];
  const terms = verdict?.details?.calibration
    ? { metric: query.metric, warn: verdict.warn, critical: verdict.critical }
    : { metric: query.metric, warn: query.warn, critical: query.critical };
  const comparison = compareProfiles(before, now, terms);
  if (!comparison)
    throw new DomainError(
      "conflict",
      `${query.window} of \`${query.feature}\` was counted in other buckets than ${reference.words}. Profile it again.`,
    );
  // A test is judged among the tests of its window.
  const { details, state, score, severity, explanation } = verdict ?? {};
  return details && isProbability(details.figure)
    ? {
        ...comparison,
        state: state ?? comparison.state,
        score: score ?? null,
        severity: severity ?? null,
        explanation: explanation ?? "",
        because: details.because,
        test: details.test,
      }
    : { ...comparison, explanation: explanation ?? comparison.explanation };
}

async function loadSide(profileId: string, label: string, version: number): Promise<ProfileOfVersion> {
  const found = await prisma().profile.findUniqueOrThrow({
    where: { id: profileId },
    include: {
      datasetVersion: { select: { dataset: true, version: true } },
      featureVersion: { select: { feature: { select: { sensitivity: true } } } },
    },
  });
  const { dataset, version: number } = found.datasetVersion;
  const profile = isPersonal(found.featureVersion?.feature.sensitivity) ? withholdValues(found) : found;
  return { profile, label, version, dataset: `${dataset}@${number}` };
}

function monitorOf({ environment, metric, warn, critical, calibrated }: Query): MonitorDefinition {
  if (metric === "natural" && (warn !== undefined || critical !== undefined))
    throw new DomainError(
      "invalid",
      "The natural metric has the thresholds of whatever it chooses, and takes no others.",
      {
        issues: [
          {
            path: ["query", warn === undefined ? "critical" : "warn"],
            message: "expected a metric by name",
            found: "natural",
          },
        ],
      },
    );
  const monitor: MonitorDefinition = {
    kind: "Monitor",
    name: "map",
    environment,
    metric,
    reference: { part: "" },
    calibrated: calibrated === "true",
    ...(warn !== undefined && { warn }),
    ...(critical !== undefined && { critical }),
  };
  const thresholds = thresholdsOf(monitor);
  if (thresholds && thresholds.critical < thresholds.warn)
    throw new DomainError(
      "invalid",
      `The critical threshold ${thresholds.critical} is below the warning threshold ${thresholds.warn}.`,
      {
        issues: [
          {
            path: ["query", "critical"],
            message: `expected at least ${thresholds.warn}`,
            found: String(thresholds.critical),
          },
        ],
      },
    );
  return monitor;
}

const keyOf = (feature: string, from: string) => `${feature} ${from}`;

/** Every window against the reference that was chosen for it, p-values corrected over the features of each window. */
function judge(
  monitor: MonitorDefinition,
  features: Awaited<ReturnType<typeof findFeatures>>["features"],
  query: Query,
) {
  const wanted = query.reference ?? (query.model === undefined ? "first" : "part:train");
  const referenced = features.map((feature) => chooseReference(feature, wanted));
  // One reference for each window: as the part that it is called.
  const asked = referenced.flatMap((feature) =>
    feature.windows.flatMap((window) => {
      const reference = feature.referenceOf(window);
      if (!reference || reference.profileId === window.profileId) return [];
      return [{ ...feature, windows: [window], parts: { "": reference.side } }];
    }),
  );
  const verdicts = new Map(
    evaluateMonitor(monitor, asked).map((verdict) => [keyOf(verdict.feature, verdict.from), verdict]),
  );
  return { verdicts, referenced };
}

interface Facts {
  feature: string;
  entity: string;
  owner: string;
  type: string;
  version: number;
  views: string[];
}

/** The feature versions that are asked about, with what is stored of them. */
async function findFeatures(workspaceId: string, { environment, view, model }: Query) {
  const views = await prisma().featureView.findMany({
    where: { workspaceId, retiredAt: null },
    select: { name: true, features: true },
    orderBy: { name: "asc" },
  });
  const chosen = view === undefined ? null : views.find(({ name }) => name === view);
  if (chosen === undefined)
    throw new DomainError("not_found", `There is no feature view \`${view}\`.`, {
      views: views.map(({ name }) => name),
    });
  const reading = model === undefined ? null : await newestReading(workspaceId, model);
  if (model !== undefined && !reading)
    throw new DomainError("not_found", `There is no model \`${model}\` with a version.`);
  const versions = await prisma().featureVersion.findMany({
    where: reading
      ? { id: { in: reading.reads.map(({ id }) => id) } }
      : {
          pointers: { some: { environment } },
          feature: { workspaceId, retiredAt: null, declared: true, ...(chosen && { name: { in: chosen.features } }) },
        },
    select: { id: true, version: true, feature: { select: { name: true, entity: true, owner: true, type: true } } },
    orderBy: { feature: { name: "asc" } },
  });
  const facts = new Map(
    versions.map(({ id, version, feature: { name, ...feature } }): [string, Facts] => [
      id,
      {
        ...feature,
        feature: name,
        version,
        views: views.filter(({ features }) => features.includes(name)).map((one) => one.name),
      },
    ]),
  );
  const features = await loadFeatures(
    versions.map(({ id, feature }) => ({ id, feature: feature.name })),
    model ?? null,
  );
  return { features, facts, model: reading && model !== undefined ? { name: model, version: reading.version } : null };
}

function toRow(
  feature: ReferencedFeature,
  facts: ReadonlyMap<string, Facts>,
  verdicts: ReadonlyMap<string, DriftWindowVerdict>,
): DriftMap["rows"][number] | null {
  const own = facts.get(feature.versionId);
  if (!own || feature.windows.length === 0) return null;
  const cells = feature.windows.map((window): DriftMap["rows"][number]["cells"][number] => {
    const verdict = verdicts.get(keyOf(feature.feature, window.from));
    const reference = feature.referenceOf(window);
    const isReference = reference?.profileId === window.profileId;
    return {
      window: windowLabel(window),
      isReference,
      // The reference is not compared with itself: it is what fine means.
      state: verdict?.state ?? (isReference ? "fine" : "insufficient_data"),
      metric: verdict?.details?.figure ?? null,
      score: verdict?.score ?? null,
      severity: verdict?.severity ?? null,
      warn: verdict?.details ? verdict.warn : null,
      critical: verdict?.details ? verdict.critical : null,
      because: verdict?.details?.because ?? null,
      missing: verdict?.details ? [verdict.details.missing.reference, verdict.details.missing.current] : null,
      rows: totalOf(window.histogram),
      explanation:
        verdict?.explanation ??
        (isReference
          ? "The reference: every other window is compared with this one."
          : `Not compared: ${feature.lack}`),
      shares: shares(window.histogram).map(round),
    };
  });
  const shown = feature.referenceOf(feature.windows.at(-1) as (typeof feature.windows)[number]);
  const severities = cells.flatMap((cell) => cell.severity ?? []);
  return {
    ...own,
    severity: severities.length === 0 ? null : Math.max(...severities),
    reference: shown?.words ?? null,
    referenceRows: shown ? totalOf(shown.side.histogram) : 0,
    referenceShares: shown ? shares(shown.side.histogram).map(round) : [],
    cells,
  };
}

const round = (share: number) => Math.round(share * 10_000) / 10_000;

const alarms = ({ state }: { state: string }) => state === "warn" || state === "critical";

function summarise(rows: DriftMap["rows"], verdicts: readonly DriftWindowVerdict[]): DriftMap["summary"] {
  const judged = rows.filter((row) => row.severity !== null);
  const warned = judged.filter((row) => row.cells.some(alarms));
  const critical = judged
    .filter((row) => row.cells.some((cell) => cell.state === "critical"))
    .sort((one, other) => (other.severity ?? 0) - (one.severity ?? 0));
  return {
    share: judged.length === 0 ? null : warned.length / judged.length,
    warned: warned.length,
    judged: judged.length,
    datasets: [...new Set(rows.map(({ entity }) => entity))].flatMap((entity) => {
      const own = new Set(rows.filter((row) => row.entity === entity).map(({ feature }) => feature));
      const windows = judgeDataset(verdicts.filter(({ feature }) => own.has(feature)));
      const newest = windows.findLast((window) => window.judged * 2 >= window.features);
      if (!newest) return [];
      const { judged: enough, drifted, isDrift } = newest;
      return [{ entity, window: windowLabel(newest), judged: enough, drifted, isDrift }];
    }),
    critical: critical.map((row) => row.feature),
  };
}
