import type { Prisma as Client, Transaction } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { oneAhead } from "@/lib/db/one-ahead";
import type { DriftSide } from "@/lib/domain/drift/drift-side";
import type { Histogram } from "@/lib/domain/statistics/histogram";
import type { Figures } from "@/lib/domain/statistics/binned-distribution";

/** A profile as drift is measured from it. */
export interface StoredProfile extends DriftSide {
  id: string;
  part: string;
  /** ISO instants, `[from, to)`; null of profiles of a whole part. */
  from: string | null;
  to: string | null;
  /** How long that is; null of a whole part. */
  days: number | null;
  runId: string | null;
}

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

/** How many feature versions are read by one statement: their profiles are one text each, and megabytes together. */
const READ_AT_ONCE = 500;

/** How many of them are given at once: as objects, profiles are several times as large. */
const GIVEN_AT_ONCE = 5;

/** A feature version with its profiles, oldest first. */
export interface VersionProfiles {
  versionId: string;
  profiles: StoredProfile[];
}

/**
 * The profiles of feature versions that drift is measured from: windows of all rows and of what was served, and whole parts of
 * a split; or those of all rows of each dataset version, which then is a window that begins when the version was seen.
 * `withFigures` reads equal-width histograms and figures besides, which only some metrics ask for. The versions are given in
 * their order, a few at a time: three hundred thousand profiles are not in memory together unless somebody keeps them.
 *
 * Each feature version arrives as one text, a line for each profile: as many rows of their own, or JSON arrays built by the
 * database, take several times as long. JSON has no line end or tab that is not escaped.
 */
export async function* readProfiles(
  versionIds: readonly string[],
  { kind = "windows", withFigures }: { kind?: Kind; withFigures: boolean },
  db: Client | Transaction,
): AsyncGenerator<VersionProfiles[]> {
  const moment = moments();
  const { from, where } = SELECTIONS[kind];
  const figures = withFigures
    ? {
        fields: Prisma.sql`, E'\\t', coalesce(f."equalWidth", 'null'), E'\\t', f."stats"`,
        from: Prisma.sql`JOIN "ProfileFigures" f ON f."profileId" = p."id"`,
      }
    : { fields: Prisma.empty, from: Prisma.empty };
  const ask = (ids: string[]): Promise<VersionLines[]> =>
    // Version by version, so that the index is used and the sort is small however much the planner knows of the table.
    db.$queryRaw<VersionLines[]>`
      SELECT v."id" AS "versionId", own."lines"
      FROM unnest(${ids}::text[]) WITH ORDINALITY AS v("id", "at") CROSS JOIN LATERAL (
        SELECT string_agg(
          concat(date_part('epoch', p."createdAt"), E'\\t', p."id", E'\\t', p."part", E'\\t', p."from", E'\\t', p."to", E'\\t', p."runId",
            E'\\t', p."histogram"${figures.fields}),
          E'\\n') AS "lines"
        FROM ${from} ${figures.from} WHERE p."featureVersionId" = v."id" AND ${where}
      ) own
      ORDER BY v."at"`;
  for await (const rows of oneAhead(chunks(versionIds, READ_AT_ONCE), ask))
    for (const some of chunks(rows, GIVEN_AT_ONCE))
      yield some.map(({ versionId, lines }) => ({
        versionId,
        profiles: inOrder(lines?.split("\n").map((line) => line.split("\t")) ?? []).map((fields) =>
          toProfile(fields, moment, withFigures),
        ),
      }));
}

interface VersionLines {
  versionId: string;
  lines: string | null;
}

function* chunks<Item>(items: readonly Item[], size: number): Iterable<Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/** Oldest first. The database would carry whole histograms through its sort, which takes as long as reading them. */
function inOrder(lines: string[][]): string[][] {
  const keyed = lines.map((fields) => ({ fields, at: Number(fields[0]), id: fields[1] as string }));
  return keyed.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1)).map(({ fields }) => fields);
}

function toProfile(fields: string[], moment: Moments, withFigures: boolean): StoredProfile {
  const [, id, part, from, to, runId, histogram, equalWidth, stats] = fields as [string, string, string, string, string, string, string, string?, string?]; // prettier-ignore
  const [begin, end] = [moment(from), moment(to)];
  const profile: StoredProfile = {
    id,
    part,
    from: begin && begin.iso,
    to: end && end.iso,
    days: begin && end && (end.ms - begin.ms) / DAY_MS,
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

type Moments = (text: string) => { iso: string; ms: number } | null;

/** Reads days since 1970, or "2001-01-01 00:00:00"; null of nothing. Features share their windows: each is read once. */
function moments(): Moments {
  const known = new Map<string, ReturnType<Moments>>([["", null]]);
  return (text) => {
    let moment = known.get(text);
    if (moment === undefined) {
      const at = new Date(/^-?\d+$/.test(text) ? Number(text) * DAY_MS : `${text.replace(" ", "T")}Z`);
      known.set(text, (moment = { iso: at.toISOString(), ms: at.getTime() }));
    }
    return moment;
  };
}
