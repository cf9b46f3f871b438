import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { ProfileWindow } from "@/lib/domain/definitions/source";
import type { Histogram } from "@/lib/domain/statistics/histogram";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import type { VariantPlan, WrittenColumn } from "@/lib/domain/runs/variant-plan";
import type { ColumnProfile } from "@/lib/domain/runs/variant-result";
import { digestOf } from "../record-event";
import { histogramOf, statsOf } from "../stored-json";
import { FIGURES, withFigures } from "../stored-figures";

/** Rises when the same values would be profiled differently, so that what was measured before is measured again. */
const FORMAT = 2;

/** A column whose profiles are wanted. */
export interface AskedColumn extends WrittenColumn {
  type: ColumnType;
  /** Of the feature version that it is. */
  signature: string | null;
  /** Name of the source that holds it, of a raw column. */
  source: string | null;
  /** Digest of everything that its values follow from; null when that is not known. */
  values: string | null;
}

/** Profiles of equal values by equal edges, from when they were measured. */
interface KnownProfile {
  profile: ColumnProfile;
  /** Of the rows that were copied. */
  datasetVersionId: string;
}

export interface ProfilePlan {
  /** What the engine has to measure. */
  profile: VariantPlan["profile"];
  known: KnownProfile[];
  /** Fingerprint of a profile that this plan asked for; null when nobody can tell what its values follow from. */
  fingerprintOf(profile: ColumnProfile): string | null;
}

/**
 * Finds which profiles have to be measured: none whose values, rows and edges are those of profiles that are kept. Edges are
 * those of the column's first profile, so that runs, dataset versions and what is served stay comparable; another feature
 * version's values may be other words, so that categories are only shared within one.
 */
export async function planProfiles(
  workspaceId: string,
  asked: readonly AskedColumn[],
  selections: RowSelection[],
  every: ProfileWindow | null,
): Promise<ProfilePlan> {
  const rows = digestOf({ format: FORMAT, selections, every });
  const fingerprint = (values: string | null, column: string, edges: Histogram, wide: Histogram | null) =>
    values && digestOf([rows, values, column, bucketsOf(edges), wide && bucketsOf(wide)]);
  const references = await findReferences(workspaceId, asked);
  const columns = asked.map((column) => ({ ...column, ...chooseReference(column, references) }));
  const wanted = new Map(
    columns.flatMap((column) => {
      const edges = column.edges ?? emptyOf(column.type);
      const wide = column.edges ? column.equalWidth : edges.kind === "numeric" ? edges : null;
      const digest = fingerprint(column.values, column.column, edges, wide);
      return digest ? [[digest, column] as const] : [];
    }),
  );
  const known = await findKnown(workspaceId, wanted);
  const spared = new Set(known.map(({ profile }) => keyOf(profile)));
  const values = new Map(asked.map((column) => [keyOf(column), column.values]));
  return {
    profile: {
      columns: columns
        .filter((column) => !spared.has(keyOf(column)))
        .map(({ column, instance, edges, equalWidth }) => ({
          column,
          instance,
          edges,
          equalWidth,
          // Whether a source or a run that reads it is profiled first, a raw column gets the same edges, near those of any later reference.
          ...(instance === null && { edgesOfAll: true }),
        })),
      selections,
      every,
    },
    known,
    fingerprintOf: (profile) =>
      fingerprint(values.get(keyOf(profile)) ?? null, profile.column, profile.histogram, profile.equalWidth),
  };
}

const keyOf = ({ column, instance }: WrittenColumn) => `${column}|${instance ?? ""}`;

/** How a column without values was counted when it was measured. */
function emptyOf(type: ColumnType): Histogram {
  return isText(type)
    ? { kind: "categorical", values: [], counts: [], other: 0, missing: 0 }
    : { kind: "numeric", edges: [], counts: [], underflow: 0, overflow: 0, missing: 0, nan: 0 };
}

function isText(type: ColumnType): boolean {
  return type === "string" || type === "strings" || type === "boolean";
}

function bucketsOf(histogram: Histogram) {
  return histogram.kind === "numeric" ? histogram.edges : histogram.values;
}

interface Reference {
  column: string;
  signature: string | null;
  dataset: string;
  histogram: Histogram;
  equalWidth: Histogram | null;
}

/** The first profiles of all rows that any value was counted in, of every version of the columns and by every kind of bucket. */
async function findReferences(workspaceId: string, asked: readonly AskedColumn[]): Promise<Map<string, Reference[]>> {
  const names = [...new Set(asked.map(({ column }) => column))];
  const found = new Map<string, Reference[]>();
  if (names.length === 0) return found;
  const rows = await prisma().$queryRaw<Reference[]>`
    SELECT DISTINCT ON (p."column", v."signature", d."dataset", p."histogram"->>'kind')
      p."column", v."signature", d."dataset", p."histogram", f."equalWidth"
    FROM "Profile" p JOIN "ProfileFigures" f ON f."profileId" = p."id" JOIN "DatasetVersion" d ON d."id" = p."datasetVersionId"
      LEFT JOIN "FeatureVersion" v ON v."id" = p."featureVersionId"
    WHERE p."workspaceId" = ${workspaceId} AND p."column" IN (${Prisma.join(names)}) AND p."part" = 'all'
      AND p."windowFrom" IS NULL
      AND json_array_length(coalesce(p."histogram"->'edges', p."histogram"->'values')) > 0
    ORDER BY p."column", v."signature", d."dataset", p."histogram"->>'kind', p."createdAt", p."id"`;
  for (const row of rows) found.set(row.column, [...(found.get(row.column) ?? []), row]);
  return found;
}

function chooseReference(asked: AskedColumn, references: ReadonlyMap<string, Reference[]>) {
  const fitting = (references.get(asked.column) ?? []).filter(({ histogram }) => fits(asked.type, histogram));
  const own = fitting.filter(
    ({ signature, dataset }) =>
      (signature !== null && signature === asked.signature) || (signature === null && dataset === asked.source),
  );
  const chosen = own[0] ?? fitting.find(({ histogram }) => histogram.kind === "numeric");
  return { edges: chosen?.histogram ?? null, equalWidth: chosen?.equalWidth ?? null };
}

/** Whether values of the type can be counted by these buckets: not when the column had another type. */
function fits(type: ColumnType, { kind }: Histogram): boolean {
  if (type === "bigint") return true;
  return isText(type) === (kind === "categorical");
}

async function findKnown(workspaceId: string, wanted: ReadonlyMap<string, AskedColumn>): Promise<KnownProfile[]> {
  if (wanted.size === 0) return [];
  const rows = await prisma().profile.findMany({
    where: { workspaceId, fingerprint: { in: [...wanted.keys()] } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    include: FIGURES,
  });
  // What was measured together was recorded together: the newest is as whole as any.
  const newest = new Map(rows.map((row) => [row.fingerprint, `${row.datasetVersionId} ${row.runId}`]));
  return rows
    .filter((row) => newest.get(row.fingerprint) === `${row.datasetVersionId} ${row.runId}`)
    .map(withFigures)
    .map((row) => ({
      datasetVersionId: row.datasetVersionId,
      profile: {
        column: row.column,
        instance: wanted.get(row.fingerprint ?? "")?.instance ?? null,
        part: row.part,
        window: row.windowFrom && row.windowTo && [row.windowFrom.toISOString(), row.windowTo.toISOString()],
        stats: statsOf(row.stats),
        histogram: histogramOf(row.histogram),
        equalWidth: row.equalWidth === null ? null : histogramOf(row.equalWidth),
      },
    }));
}
