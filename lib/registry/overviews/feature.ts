import { OVERVIEW_QUANTILES, type OverviewFeature, type OverviewFigures } from "@/lib/contracts/overviews";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { Histogram, NumericHistogram } from "@/lib/domain/statistics/histogram";
import type { DriftSide } from "@/lib/domain/drift/drift-side";
import { judgeDrift } from "@/lib/domain/drift/judge-drift";
import { kindOfType } from "@/lib/domain/profiles/column-kind";
import type { ColumnStats } from "@/lib/domain/profiles/column-stats";
import type { Moving } from "@/lib/domain/profiles/moving-column";
import { normalisedEntropy } from "@/lib/domain/statistics/normalised-entropy";
import { barCounts, distributionDistance, shareBuckets, unevennessCounts } from "@/lib/domain/profiles/shared-buckets";
import type { ComparisonGroup } from "@/lib/domain/profiles/comparison-group";
import { withholdValues } from "../access/personal-values";

/** A stored profile, as far as a picture needs it. */
export interface ProfileRow {
  /** ColumnStats, Histogram and Histogram. */
  stats: unknown;
  histogram: unknown;
  equalWidth: unknown;
  rows: bigint;
}

/** A column of a dataset or view with what is declared of it. */
export interface OverviewColumn {
  name: string;
  feature: string;
  owner: string;
  type: ColumnType | null;
  unit: string | null;
  version: number | null;
  /** The values are about persons, and not for this caller. */
  withheld: boolean;
  /** Why its values differ between any two windows. */
  moving: Moving | null;
  /** Parts that have profiles of it, by their names for people; asked where none of the groups has one. */
  elsewhere: readonly string[];
  /** Why its rows cannot be opened one by one. */
  noRows: string | null;
}

/** More values than this are not carried; a frequent one is among the first. */
const MOST_TOP = 5;
/** Rows that a group needs before its drift means anything. */
const MIN_ROWS = 30;

const WITHHELD = "The values are about persons: stewards and administrators see them, others how they are distributed.";

const WHY_MOVING: Record<Moving, string> = {
  key: "It is the key of the rows: other rows have other keys, so drift and distance say nothing.",
  time: "It is the time of the rows: other windows have other times, so drift and distance say nothing.",
};

/** One row of an overview. `stored` is in the order of `groups`; `partial` are the keys of windows that data cover in part. */
export function toOverviewFeature(
  { withheld, elsewhere, ...column }: OverviewColumn,
  groups: readonly ComparisonGroup[],
  stored: readonly (ProfileRow | null)[],
  partial: ReadonlySet<string>,
): OverviewFeature {
  const profiles = withheld ? stored.map((profile) => profile && withholdValues(profile)) : stored;
  const main = shareBuckets(profiles.map((profile) => (profile ? (profile.histogram as Histogram) : null)));
  const even = shareBuckets(profiles.map((profile) => (profile?.equalWidth ?? null) as Histogram | null));
  const reference = main.groups.find((histogram) => histogram !== null);
  const evenReference = even.groups.find((histogram) => histogram !== null);
  return {
    ...column,
    kind: column.type && kindOfType(column.type),
    ...(reference?.kind === "numeric" && { edges: reference.edges }),
    ...(reference?.kind === "categorical" && { values: reference.values }),
    ...(evenReference?.kind === "numeric" && { even: evenReference.edges }),
    groups: profiles.map(
      (profile, at) => profile && toFigures(profile, main.groups[at] ?? null, even.groups[at] ?? null),
    ),
    ...measure(groups, profiles, main.groups, even.groups, partial),
    ...(column.moving && { distance: null, severity: null, drift: WHY_MOVING[column.moving] }),
    notes: [...(withheld ? [WITHHELD] : []), ...notesOf(groups, profiles, { apart: main.apart, elsewhere })],
  };
}

function toFigures(profile: ProfileRow, main: Histogram | null, even: Histogram | null): OverviewFigures {
  const stats = profile.stats as ColumnStats;
  const infinite: [number, number] = [stats.negativeInfinity ?? 0, stats.positiveInfinity ?? 0];
  const quantiles = OVERVIEW_QUANTILES.map((key) => numberOf(stats.quantiles?.[key]) ?? null);
  const figures: OverviewFigures = {
    rows: Number(profile.rows),
    missing: stats.missing,
    counts: main ? barCounts(main) : undefined,
    even: even ? barCounts(even) : undefined,
    distinct: stats.distinct,
    estimated: stats.distinctIsExact === false ? true : undefined,
    zeros: stats.zeros,
    negative: stats.negative,
    nan: stats.nan || undefined,
    infinite: infinite[0] + infinite[1] > 0 ? infinite : undefined,
    min: boundOf(stats.min),
    max: boundOf(stats.max),
    mean: numberOf(stats.mean),
    std: numberOf(stats.sampleStd),
    quantiles: quantiles.some((value) => value !== null) ? quantiles : undefined,
    top: stats.top?.length ? stats.top.slice(0, MOST_TOP).map(({ value, count }) => [value, count]) : undefined,
    averageLength: numberOf(stats.averageLength),
    empty: stats.emptyStrings || undefined,
    invalid: stats.invalidUtf8 || undefined,
    valency: stats.valency && [stats.valency.min, round(stats.valency.mean), stats.valency.max],
  };
  return Object.fromEntries(
    Object.entries(figures).filter(([, value]) => value !== undefined && value !== null),
  ) as OverviewFigures;
}

interface ComparedSide extends DriftSide {
  stats: ColumnStats;
  group: ComparisonGroup | undefined;
}

/**
 * What is computed over the groups that are counted in the same buckets. The first of them is the reference; a window that data cover
 * in part is no sample of its season, and never the worst.
 */
function measure(
  groups: readonly ComparisonGroup[],
  profiles: readonly (ProfileRow | null)[],
  main: readonly (Histogram | null)[],
  even: readonly (Histogram | null)[],
  partial: ReadonlySet<string>,
) {
  const compared = main.flatMap((histogram, at): ComparedSide[] =>
    histogram
      ? [
          {
            histogram,
            equalWidth: even[at] ?? null,
            stats: (profiles[at] as ProfileRow).stats as ColumnStats,
            group: groups[at],
          },
        ]
      : [],
  );
  const entropies = compared.flatMap(
    (group) => normalisedEntropy(unevennessCounts(group.histogram, group.equalWidth as NumericHistogram | null)) ?? [],
  );
  const [reference, ...others] = compared;
  const whole = compared.filter(({ group }) => !(group?.kind === "window" && partial.has(group.key)));
  const distances = whole.flatMap((one, at) =>
    whole.slice(at + 1).flatMap((other) => distributionDistance(one.histogram, other.histogram) ?? []),
  );
  const judged = others.filter((side) => whole.includes(side));
  const [worst] = judged
    .map((current) =>
      judgeDrift({ metric: "natural", reference: reference as ComparedSide, current, minRows: MIN_ROWS }),
    )
    .toSorted((one, other) => (other.severity ?? -1) - (one.severity ?? -1));
  return {
    nonUniformity: entropies.length > 0 ? round(Math.min(...entropies)) : null,
    distance: distances.length > 0 ? round(Math.max(...distances)) : null,
    severity: typeof worst?.severity === "number" ? round(worst.severity) : null,
    drift: others.length > 0 && judged.length === 0 ? partialWords(others) : (worst?.explanation ?? null),
  };
}

function partialWords(sides: readonly ComparedSide[]): string {
  const names = sides.map(({ group }) => group?.label ?? "").join(", ");
  return `Data cover ${names} in part only: drift is not judged.`;
}

function notesOf(
  groups: readonly ComparisonGroup[],
  profiles: readonly (ProfileRow | null)[],
  { apart, elsewhere }: { apart: readonly number[]; elsewhere: readonly string[] },
): string[] {
  const namesOf = (positions: readonly number[]) => positions.map((at) => groups[at]?.label ?? "").join(", ");
  const positions = profiles.map((_, at) => at);
  const without = positions.filter((at) => !profiles[at]);
  const kinds = new Set(profiles.flatMap((profile) => (profile ? [(profile.histogram as Histogram).kind] : [])));
  const filled = profiles.filter((profile) => profile !== null);
  const isAllMissing = filled.length > 0 && filled.every((profile) => missingOf(profile) === Number(profile.rows));
  const isConstant = filled.length > 0 && filled.every((profile) => (profile.stats as ColumnStats).distinct === 1);
  const isEmpty = filled.length > 0 && filled.every((profile) => Number(profile.rows) === 0);
  return [
    ...(filled.length === 0 && elsewhere.length === 0 ? ["No profile is stored of it yet."] : []),
    ...(filled.length === 0 && elsewhere.length > 0
      ? [`Counted over ${elsewhere.join(", ")}, and not over ${namesOf(without)}.`]
      : []),
    ...(without.length > 0 && filled.length > 0 ? [`No profile for ${namesOf(without)}.`] : []),
    ...(isEmpty ? ["There are no rows."] : isAllMissing ? ["Every value is missing."] : []),
    ...(isConstant ? ["Every row that has a value has the same one."] : []),
    ...(kinds.size > 1
      ? ["Its type changed between the groups: numbers cannot be drawn over values."]
      : apart.length > 0
        ? [`${namesOf(apart)} was counted in other buckets than ${namesOf([firstOf(profiles)])}, so it is not drawn.`]
        : []),
  ];
}

const missingOf = (profile: ProfileRow) => (profile.stats as ColumnStats).missing;
const firstOf = (profiles: readonly (ProfileRow | null)[]) => profiles.findIndex((profile) => profile !== null);

/** What is no finite number has no figure: it is counted as NaN or infinite instead. */
function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? round(value) : undefined;
}

function boundOf(value: unknown): number | string | undefined {
  if (typeof value === "string" && !["NaN", "Infinity", "-Infinity"].includes(value)) return value;
  return numberOf(value);
}

/** Seven digits are more than a page shows. Integers stay exact. */
function round(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(7));
}
