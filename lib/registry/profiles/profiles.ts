import type { Buckets, FeatureProfile, FeatureProfiles } from "@/lib/contracts/feature-detail";
import { prisma } from "@/lib/db/client";
import type { Histogram } from "@/lib/domain/statistics/histogram";
import type { Principal } from "@/lib/domain/principal";
import { currentVersion } from "../features/documents";
import { findFeature } from "../features/row";
import { isWithheld, withholdValues } from "../access/personal-values";
import { openScopeFor } from "../scope";
import { histogramOf } from "../stored-json";
import { FIGURES, withFigures } from "../stored-figures";

/** Parts in the order in which people read them; others follow by name. */
const PARTS = ["all", "train", "validation", "test", "serving"];

/** The newest distributions of one version of a feature, by part and by month. */
export async function getFeatureProfiles(
  principal: Principal,
  name: string,
  query: { workspace: string; version?: number },
): Promise<FeatureProfiles> {
  const scope = await openScopeFor(principal, query.workspace, "feature:read");
  const feature = await findFeature(scope, name);
  const versions = await prisma().featureVersion.findMany({
    where: { featureId: feature.id },
    select: { id: true, version: true, _count: { select: { profiles: true } } },
    orderBy: { version: "desc" },
  });
  const wanted =
    query.version === undefined
      ? currentVersion(versions, feature.pointers)
      : versions.find((version) => version.version === query.version);
  const rows = await prisma().profile.findMany({
    where: { workspaceId: scope.workspace.id, column: name, featureVersionId: wanted?.id ?? null },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    include: {
      datasetVersion: { select: { dataset: true, version: true } },
      run: { select: { number: true } },
      ...FIGURES,
    },
  });
  // Several runs may have profiled the same rows: the newest stands.
  const newest = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    const key = `${row.part}/${row.windowFrom?.toISOString() ?? ""}`;
    if (!newest.has(key)) newest.set(key, row);
  }
  const shown = [...newest.values()].map(withFigures);
  const kept = isWithheld(scope, feature.sensitivity) ? shown.map(withholdValues) : shown;
  const toProfile = (row: (typeof shown)[number]): FeatureProfile => ({
    version: wanted?.version ?? null,
    dataset: `${row.datasetVersion.dataset}@${row.datasetVersion.version}`,
    run: row.run?.number ?? null,
    part: row.part,
    from: row.windowFrom?.toISOString() ?? null,
    to: row.windowTo?.toISOString() ?? null,
    rows: Number(row.rows),
    stats: row.stats as Record<string, unknown>,
    buckets: toBuckets(histogramOf(row.histogram)),
    equalWidth: row.equalWidth === null ? null : toBuckets(histogramOf(row.equalWidth)),
  });
  const rank = (part: string) => (PARTS.includes(part) ? PARTS.indexOf(part) : PARTS.length);
  const months = kept
    .filter((row) => row.windowFrom !== null && row.part === "all")
    .sort((one, other) => (one.windowFrom?.getTime() ?? 0) - (other.windowFrom?.getTime() ?? 0));
  return {
    version: wanted?.version ?? null,
    versions: versions.filter((version) => version._count.profiles > 0).map((version) => version.version),
    parts: kept
      .filter((row) => row.windowFrom === null)
      .sort((one, other) => rank(one.part) - rank(other.part) || (one.part < other.part ? -1 : 1))
      .map(toProfile),
    months: months.map(toProfile),
  };
}

function toBuckets(histogram: Histogram): Buckets {
  const { kind, counts, missing } = histogram;
  return histogram.kind === "numeric"
    ? {
        kind,
        edges: histogram.edges,
        values: [],
        counts,
        missing,
        underflow: histogram.underflow,
        overflow: histogram.overflow,
        nan: histogram.nan,
      }
    : { kind, edges: [], values: histogram.values, counts, missing, underflow: 0, overflow: histogram.other, nan: 0 };
}
