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

/**
 * The profiles of feature versions that drift is measured from, oldest first: windows of all rows and of what was served, and
 * whole parts of a split. `withFigures` reads equal-width histograms and figures besides, which only some metrics ask for.
 *
 * Each version arrives as one text that the database wrote: three hundred thousand rows of their own take ten times as long.
 */
export async function readProfiles(
  versionIds: readonly string[],
  withFigures: boolean,
  db: Client | Transaction,
): Promise<Map<string, StoredProfile[]>> {
  const found = new Map<string, StoredProfile[]>();
  const instant = instants();
  const figures = withFigures ? Prisma.sql`, p."equalWidth", p."stats"` : Prisma.empty;
  for (let at = 0; at < versionIds.length; at += VERSIONS_AT_ONCE) {
    const ids = versionIds.slice(at, at + VERSIONS_AT_ONCE);
    const rows = await db.$queryRaw<{ versionId: string; profiles: string }[]>`
      SELECT p."featureVersionId" AS "versionId", json_agg(json_build_array(p."id", p."part",
          extract(epoch FROM p."windowFrom"), extract(epoch FROM p."windowTo"), p."runId", p."histogram"${figures})
          ORDER BY p."createdAt", p."id")::text AS "profiles"
      FROM "Profile" p
      WHERE p."featureVersionId" = ANY(${ids}) AND (p."part" IN ('all', 'serving')) = (p."windowFrom" IS NOT NULL)
      GROUP BY p."featureVersionId"`;
    for (const { versionId, profiles } of rows)
      found.set(
        versionId,
        (JSON.parse(profiles) as Row[]).map(([id, part, from, to, runId, histogram, equalWidth, stats]) => ({
          id,
          part,
          from: instant(from),
          to: instant(to),
          runId,
          histogram,
          ...(withFigures && { equalWidth: equalWidth ?? null, stats: stats ?? {} }),
        })),
      );
  }
  return found;
}

type Row = [
  id: string,
  part: string,
  from: number | null,
  to: number | null,
  runId: string | null,
  histogram: Histogram,
  equalWidth?: Histogram | null,
  stats?: Figures,
];

/** Seconds since 1970 as ISO instants. Features share their windows, so that each is written once. */
function instants(): (seconds: number | null) => string | null {
  const known = new Map<number, string>();
  return (seconds) => {
    if (seconds === null) return null;
    const text = known.get(seconds) ?? new Date(seconds * 1000).toISOString();
    known.set(seconds, text);
    return text;
  };
}
