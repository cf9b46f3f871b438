import type { Prisma as Client, Transaction } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { DriftSide } from "@/lib/domain/drift/drift-side";
import type { Histogram } from "@/lib/domain/drift/histogram";
import type { Figures } from "@/lib/domain/drift/metrics/binned-distribution";

/** A profile as drift is measured from it. */
export interface StoredProfile extends DriftSide {
  id: string;
  part: string;
  /** ISO instants, `[from, to)`; null of profiles of a whole part. */
  from: string | null;
  to: string | null;
  runId: string | null;
}

/** How many feature versions are read by one statement: their profiles are one text each, and many megabytes together. */
const VERSIONS_AT_ONCE = 1000;

/** Which profiles: those of windows of time and of parts of a split, or those of whole dataset versions. */
type Kind = "windows" | "versions";

const SELECTIONS: Record<Kind, { from: Prisma.Sql; where: Prisma.Sql }> = {
  // Windows begin and end at midnight: their days since 1970 are written much faster than their instants.
  windows: {
    from: Prisma.sql`(SELECT *, "windowFrom"::date - DATE '1970-01-01' AS "from", "windowTo"::date - DATE '1970-01-01' AS "to"
      FROM "Profile") p`,
    where: Prisma.sql`(p."part" IN ('all', 'serving')) = (p."windowFrom" IS NOT NULL)`,
  },
  // A version is from the moment that it was seen.
  versions: {
    from: Prisma.sql`(SELECT o.*, d."createdAt" AS "from", d."createdAt" + interval '1 millisecond' AS "to"
      FROM "Profile" o JOIN "DatasetVersion" d ON d."id" = o."datasetVersionId") p`,
    where: Prisma.sql`p."part" = 'all' AND p."windowFrom" IS NULL`,
  },
};

/**
 * The profiles of feature versions that drift is measured from, oldest first: windows of all rows and of what was served, and
 * whole parts of a split; or those of all rows of each dataset version, which then is a window that begins when the version was
 * seen. `withFigures` reads equal-width histograms and figures besides, which only some metrics ask for.
 *
 * Each feature version arrives as one text, a line for each profile: three hundred thousand rows of their own, or as many JSON
 * arrays built by the database, take several times as long. JSON has no line end or tab that is not escaped.
 */
export async function readProfiles(
  versionIds: readonly string[],
  { kind = "windows", withFigures }: { kind?: Kind; withFigures: boolean },
  db: Client | Transaction,
): Promise<Map<string, StoredProfile[]>> {
  const found = new Map<string, StoredProfile[]>();
  const instant = instants();
  const { from, where } = SELECTIONS[kind];
  const figures = withFigures
    ? Prisma.sql` || E'\\t' || coalesce(p."equalWidth"::text, 'null') || E'\\t' || p."stats"::text`
    : Prisma.empty;
  for (let at = 0; at < versionIds.length; at += VERSIONS_AT_ONCE) {
    const ids = versionIds.slice(at, at + VERSIONS_AT_ONCE);
    // Version by version, so that the index is used and the sort is small however much the planner knows of the table.
    const rows = await db.$queryRaw<{ versionId: string; lines: string | null }[]>`
      SELECT v."id" AS "versionId", own."lines"
      FROM unnest(${ids}::text[]) AS v("id") CROSS JOIN LATERAL (
        SELECT string_agg(p."id" || E'\\t' || p."part" || E'\\t' || coalesce(p."from"::text, '') || E'\\t'
          || coalesce(p."to"::text, '') || E'\\t' || coalesce(p."runId", '') || E'\\t' || p."histogram"::text${figures},
          E'\\n' ORDER BY p."createdAt", p."id") AS "lines"
        FROM ${from} WHERE p."featureVersionId" = v."id" AND ${where}
      ) own`;
    for (const { versionId, lines } of rows)
      if (lines !== null)
        found.set(
          versionId,
          lines.split("\n").map((line) => toProfile(line.split("\t"), instant, withFigures)),
        );
  }
  return found;
}

function toProfile(fields: string[], instant: (text: string) => string | null, withFigures: boolean): StoredProfile {
  const [id, part, from, to, runId, histogram, equalWidth, stats] = fields as [string, string, string, string, string, string, string?, string?]; // prettier-ignore
  const profile: StoredProfile = {
    id,
    part,
    from: instant(from),
    to: instant(to),
    runId: runId === "" ? null : runId,
    // The columns were written by the engine's profile.
    histogram: JSON.parse(histogram) as Histogram,
  };
  if (!withFigures) return profile;
  profile.equalWidth = JSON.parse(equalWidth ?? "null") as Histogram | null;
  profile.stats = JSON.parse(stats ?? "{}") as Figures;
  return profile;
}

const DAY_MS = 86_400_000;

/** Days since 1970, or "2001-01-01 00:00:00", as an ISO instant; null of nothing. Features share their windows: each is written once. */
function instants(): (text: string) => string | null {
  const known = new Map<string, string | null>([["", null]]);
  return (text) => {
    let instant = known.get(text);
    if (instant === undefined) {
      const at = /^-?\d+$/.test(text) ? Number(text) * DAY_MS : `${text.replace(" ", "T")}Z`;
      known.set(text, (instant = new Date(at).toISOString()));
    }
    return instant;
  };
}
