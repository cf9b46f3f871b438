import type { z } from "zod";
import type { DriftComparison, DriftState } from "@/lib/contracts/drift-comparison";
import type { compareDrift as compareContract, DriftMap, getDrift as contract } from "@/lib/contracts/drift";
import { prisma } from "@/lib/db/client";
import { shares } from "@/lib/domain/drift/histogram";
import { DRIFT_METRICS } from "@/lib/domain/drift/judge-drift";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { compareProfiles, DRIFT_METRIC, histogramOf, type ProfileOfVersion } from "./drift-comparison";
import { openScopeFor } from "./scope";

const WARN = DRIFT_METRICS[DRIFT_METRIC].warn;

/** Drift of the versions that an environment serves: every month that was profiled, against the first one. */
export async function getDrift(principal: Principal, query: z.output<(typeof contract)["query"]>): Promise<DriftMap> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const served = await prisma().pointer.findMany({
    where: {
      environment: query.environment,
      feature: { workspaceId: workspace.id, retiredAt: null, declared: true },
    },
    include: { feature: true, version: { select: { version: true } } },
    orderBy: { feature: { name: "asc" } },
  });
  const profiles = await loadMonths(served.map((pointer) => pointer.versionId));
  const results = await loadResults(served.map((pointer) => pointer.versionId));
  const rows = served.flatMap(({ feature, version, versionId }): DriftMap["rows"] => {
    const months = profiles.get(versionId);
    if (!months) return [];
    const cells = [...months].map(([month, profile]) => {
      const result = results.get(profile.id);
      return {
        month,
        // The reference is not compared with itself: it is what fine means.
        state: (result?.state ??
          (profile === months.values().next().value ? "fine" : "insufficient_data")) as DriftState,
        score: result?.score ?? null,
        severity: result?.severity ?? null,
        rows: Number(profile.rows),
        explanation: result?.explanation ?? "The reference: every other month is compared with this one.",
        shares: shares(histogramOf(profile.histogram)).map(round),
      };
    });
    const [reference] = cells;
    const severities = cells.flatMap((cell) => cell.severity ?? []);
    return [
      {
        feature: feature.name,
        entity: feature.entity,
        owner: feature.owner,
        type: feature.type,
        version: version.version,
        severity: severities.length === 0 ? null : Math.max(...severities),
        referenceRows: reference?.rows ?? 0,
        referenceShares: reference?.shares ?? [],
        cells,
      },
    ];
  });
  const months = [...new Set(rows.flatMap((row) => row.cells.map((cell) => cell.month)))].sort();
  return {
    environment: query.environment,
    metric: DRIFT_METRIC,
    ...thresholds(),
    reference: months[0] ?? null,
    months,
    rows,
    total: served.length,
    summary: summarise(rows),
  };
}

const round = (share: number) => Math.round(share * 10_000) / 10_000;

function thresholds() {
  const { warn, critical } = DRIFT_METRICS[DRIFT_METRIC];
  return { warn, critical };
}

function summarise(rows: DriftMap["rows"]): DriftMap["summary"] {
  const judged = rows.filter((row) => row.severity !== null);
  const warned = judged.filter((row) => row.cells.some((cell) => cell.score !== null && cell.score >= WARN));
  const critical = judged
    .filter((row) => row.cells.some((cell) => cell.state === "critical"))
    .sort((one, other) => (other.severity ?? 0) - (one.severity ?? 0));
  return {
    share: judged.length === 0 ? null : warned.length / judged.length,
    warned: warned.length,
    judged: judged.length,
    critical: critical.map((row) => row.feature),
  };
}

type MonthProfile = Awaited<ReturnType<typeof findMonths>>[number];

function findMonths(versionIds: string[]) {
  return prisma().profile.findMany({
    where: { featureVersionId: { in: versionIds }, part: "all", windowFrom: { not: null } },
    include: { datasetVersion: { select: { dataset: true, version: true } } },
    orderBy: [{ windowFrom: "asc" }, { createdAt: "asc" }],
  });
}

/** Feature version → month → its newest profile, months in order. */
async function loadMonths(versionIds: string[]): Promise<Map<string, Map<string, MonthProfile>>> {
  const byVersion = new Map<string, Map<string, MonthProfile>>();
  for (const profile of await findMonths(versionIds)) {
    const versionId = profile.featureVersionId as string;
    const months = byVersion.get(versionId) ?? new Map<string, MonthProfile>();
    months.set(profile.windowFrom?.toISOString().slice(0, 7) as string, profile);
    byVersion.set(versionId, months);
  }
  return byVersion;
}

/** Results by the profile that was judged. */
async function loadResults(versionIds: string[]) {
  const results = await prisma().driftResult.findMany({
    where: { featureVersionId: { in: versionIds }, metric: DRIFT_METRIC },
    select: { currentId: true, state: true, score: true, severity: true, explanation: true },
    orderBy: { createdAt: "asc" },
  });
  return new Map(results.map((result) => [result.currentId, result]));
}

/** One month of the version that an environment serves, beside the reference month. */
export async function compareDrift(
  principal: Principal,
  query: z.output<(typeof compareContract)["query"]>,
): Promise<DriftComparison> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const pointer = await prisma().pointer.findFirst({
    where: { environment: query.environment, feature: { workspaceId: workspace.id, name: query.feature } },
    include: { version: { select: { version: true } } },
  });
  if (!pointer) throw new DomainError("not_found", `${query.environment} serves no version of \`${query.feature}\`.`);
  const months = (await loadMonths([pointer.versionId])).get(pointer.versionId);
  const current = months?.get(query.month);
  const [first] = months ?? [];
  if (!first || !current)
    throw new DomainError("not_found", `\`${query.feature}\` has no profile of ${query.month}.`, {
      months: [...(months?.keys() ?? [])],
    });
  const toSide = (month: string, profile: MonthProfile): ProfileOfVersion => ({
    profile,
    label: month,
    version: pointer.version.version,
    dataset: `${profile.datasetVersion.dataset}@${profile.datasetVersion.version}`,
  });
  const comparison = compareProfiles(toSide(...first), toSide(query.month, current));
  if (!comparison)
    throw new DomainError(
      "conflict",
      `${query.month} of \`${query.feature}\` was counted in other buckets than ${first[0]}. Profile it again.`,
    );
  return comparison;
}
