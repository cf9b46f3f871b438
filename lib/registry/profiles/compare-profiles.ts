import type { DriftBar, DriftComparison, DriftSide } from "@/lib/contracts/drift-comparison";
import { prisma } from "@/lib/db/client";
import type { Profile } from "@/lib/db/generated/client";
import { bucketsOf, type Histogram, totalOf } from "@/lib/domain/statistics/histogram";
import type { DriftMetric } from "@/lib/domain/definitions/drift-metric";
import type { DriftSide as Side } from "@/lib/domain/drift/drift-side";
import { judgeDrift } from "@/lib/domain/drift/judge-drift";
import { hasOpenEnds } from "@/lib/domain/drift/measure-drift";
import { openEnds } from "@/lib/domain/statistics/open-ends";
import type { Figures as ProfileFigures } from "@/lib/domain/statistics/binned-distribution";
import { shareBuckets } from "@/lib/domain/profiles/shared-buckets";
import type { StoredFigures } from "../stored-figures";

/** A side of a comparison with what a person needs to know which rows it describes. */
interface ComparedSide extends Side {
  stats: ProfileFigures;
  equalWidth: Histogram | null;
  /** Which rows, in words. */
  label: string;
  /** Number of the feature version. */
  version: number;
  /** `name@version` of the dataset. */
  dataset: string;
  /** ISO instants, `[from, to)`; null of a whole part. */
  from: string | null;
  to: string | null;
}

/** A profile with what a person needs to know which rows it describes. */
export interface ProfileOfVersion extends Pick<ComparedSide, "label" | "version" | "dataset"> {
  profile: Profile & StoredFigures;
}

interface ComparisonTerms {
  metric: DriftMetric;
  warn?: number | undefined;
  critical?: number | undefined;
}

/** Two profiles on shared edges, by the natural metric; null when they were counted by different buckets, hence cannot be compared. */
export function compareProfiles(reference: ProfileOfVersion, current: ProfileOfVersion): DriftComparison | null {
  return compareSides(ofProfile(reference), ofProfile(current), { metric: "natural" });
}

function ofProfile({ profile, ...words }: ProfileOfVersion): ComparedSide {
  const from = profile.windowFrom?.toISOString() ?? null;
  return { ...words, ...sideOf(profile), from, to: profile.windowTo?.toISOString() ?? null };
}

/** A side with what a person needs to know of it. */
export function toCompared(
  { histogram, equalWidth, stats }: Side,
  words: Pick<ComparedSide, "label" | "version" | "dataset" | "from" | "to">,
): ComparedSide {
  return { ...words, histogram, equalWidth: equalWidth ?? null, stats: stats ?? {} };
}

/** `name@version` of the dataset that a profile is of. */
export async function datasetOf(profileId: string): Promise<string> {
  const { datasetVersion } = await prisma().profile.findUniqueOrThrow({
    where: { id: profileId },
    select: { datasetVersion: { select: { dataset: true, version: true } } },
  });
  return `${datasetVersion.dataset}@${datasetVersion.version}`;
}

/** The same of two sides, which may be several profiles added up. */
export function compareSides(
  reference: ComparedSide,
  current: ComparedSide,
  terms: ComparisonTerms,
): DriftComparison | null {
  const [before, now] = inSameBuckets(reference.histogram, current.histogram);
  if (!before || !now) return null;
  const { figure, state, score, severity, explanation, warn, critical, because, missing, test } = judgeDrift({
    ...terms,
    reference: { ...reference, histogram: before },
    current: { ...current, histogram: now },
  });
  const [evenBefore, evenNow] = inSameBuckets(reference.equalWidth, current.equalWidth);
  return {
    metric: figure,
    because,
    missing,
    test,
    state,
    score,
    severity,
    warn,
    critical,
    explanation,
    reference: toSide(reference),
    current: toSide(current),
    bars: hasOpenEnds(figure) ? toBars(openEnds(before), openEnds(now), true) : toBars(before, now, false),
    equalWidth: evenBefore && evenNow ? toBars(evenBefore, evenNow, false) : null,
  };
}

/** The column was written by the engine's profile. */
const histogramOf = (json: unknown) => json as Histogram;

function inSameBuckets(one: Histogram | null, other: Histogram | null): (Histogram | null)[] {
  return shareBuckets([one, other]).groups;
}

/** A stored profile as a side of a comparison. */
function sideOf({
  histogram,
  equalWidth,
  stats,
}: Pick<Profile, "histogram"> & StoredFigures): Pick<ComparedSide, "histogram" | "equalWidth" | "stats"> {
  return {
    histogram: histogramOf(histogram),
    equalWidth: equalWidth === null ? null : histogramOf(equalWidth),
    stats: stats as ProfileFigures,
  };
}

/** Buckets outside the edges that nobody is in are left out: most features have none. */
function toBars(reference: Histogram, current: Histogram, hasOpenEnds: boolean): DriftBar[] {
  const now = bucketsOf(current);
  const inside = new Set(
    bucketsOf({ ...reference, counts: reference.counts.map(() => -1) })
      .map(({ count }, index) => (count === -1 ? index : -1))
      .filter((index) => index >= 0),
  );
  return bucketsOf(reference, hasOpenEnds)
    .map(({ label, count }, index) => ({ label, reference: count, current: now[index]?.count ?? 0 }))
    .filter((bar, index) => inside.has(index) || bar.reference > 0 || bar.current > 0);
}

/** What the page says of one side. Figures that the type does not have are null. */
interface Figures {
  missing?: number;
  mean?: number | null;
  sampleStd?: number | null;
  min?: number | string | null;
  max?: number | string | null;
  quantiles?: Record<string, number | null>;
}

function toSide({ label, version, dataset, from, to, histogram, stats: found }: ComparedSide): DriftSide {
  const stats = found as Figures;
  const figure = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : null);
  const text = (value: unknown) => (value === undefined || value === null ? null : String(value));
  return {
    label,
    version,
    dataset,
    from,
    to,
    rows: totalOf(histogram),
    missing: stats.missing ?? histogram.missing,
    mean: figure(stats.mean),
    std: figure(stats.sampleStd),
    median: figure(stats.quantiles?.["0.5"]),
    min: text(stats.min),
    max: text(stats.max),
  };
}
