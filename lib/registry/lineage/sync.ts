import { prisma, type Transaction } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { LineageKind } from "@/lib/domain/lineage/graph";
import type { SpecDifference } from "@/lib/domain/specs/difference";
import { declaredEdges, keptEdges } from "./declared-edges";

type Declaring = Exclude<LineageKind, "feature">;
const DECLARING = ["source", "stage", "view", "service", "model"] as const satisfies Declaring[];

/** Kind → names of the objects whose edges may have changed; null for all of the kind. */
export type LineageChanges = Partial<Record<Declaring, string[] | null>>;

export const EVERYTHING: LineageChanges = Object.fromEntries(DECLARING.map((kind) => [kind, null]));

/** As many new flows as make it worth to look again how they are spread. */
const MANY = 10_000;

/**
 * Brings the kept edges of these objects to what the registry's rows say: ends those that hold no more and begins those that are
 * new, in one statement per kind and in the caller's transaction, which holds the lock of what it changes. `since` is when
 * the edges begin: `now`, or when what says so was written, for a workspace that kept none before.
 */
export async function syncLineage(
  tx: Transaction,
  workspaceId: string,
  changes: LineageChanges,
  since: "now" | "written" = "now",
): Promise<void> {
  // One aggregate tells what is declared, kept or both: joins of what nobody has statistics of compare each with each.
  // The clock of the statement, not of the transaction: when this one began, the one before it may not have ended.
  const [moment] = await tx.$queryRaw<{ at: string }[]>`
    SELECT to_char(clock_timestamp() AT TIME ZONE 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS') AS "at"`;
  const at = Prisma.sql`${moment?.at}::timestamp(3)`;
  let begun = 0;
  for (const kind of DECLARING) {
    const names = changes[kind];
    if (names === undefined || names?.length === 0) continue;
    const began = since === "now" ? at : Prisma.sql`least(d."said", ${at})`;
    begun += await tx.$executeRaw`
      WITH compared AS MATERIALIZED (
        SELECT b."from", b."to", b."role", max(b."kept") AS "kept", max(b."said") AS "said" FROM (
          SELECT t."from", t."to", t."role", NULL::bigint AS "kept", t."said"
          FROM (${declaredEdges(kind, workspaceId, names)}) AS t("from", "to", "role", "said")
          UNION ALL
          SELECT e."from", e."to", e."role", e."id", NULL FROM "LineageEdge" e
          WHERE e."workspaceId" = ${workspaceId} AND e."until" IS NULL AND ${keptEdges(kind, names)}) b
        GROUP BY 1, 2, 3),
      ended AS (UPDATE "LineageEdge" SET "until" = ${at} WHERE "id" IN (SELECT "kept" FROM compared WHERE "said" IS NULL))
      INSERT INTO "LineageEdge" ("workspaceId", "from", "to", "role", "since")
      SELECT ${workspaceId}, d."from", d."to", d."role", ${began} FROM compared d WHERE d."kept" IS NULL
      ORDER BY d."from", d."to"`;
  }
  if (begun >= MANY) await tx.$executeRaw`ANALYZE "LineageEdge"`;
}

/** The objects whose edges an apply of these differences may change. */
export function lineageChangesOf(differences: readonly SpecDifference[]): LineageChanges {
  const named = (kind: SpecDifference["kind"]) =>
    differences.filter((difference) => difference.kind === kind).map(({ name }) => name);
  const views = named("FeatureView");
  return {
    source: named("Source"),
    stage: named("Stage"),
    view: views,
    // A service's features have the entity of their view, so that a view may change the edges of any service.
    service: views.length > 0 ? null : named("FeatureService"),
  };
}

/** Any fixed number: processes that start at once fill a workspace once. */
const FILL_LOCK = 7_105_224;

/** Workspaces of before edges were kept get those of now, each from when it was declared. Returns the workspaces' names. */
export async function fillLineage(): Promise<string[]> {
  const empty = await prisma().$queryRaw<{ id: string; name: string }[]>`
    SELECT "id", "name" FROM "Workspace" w
    WHERE NOT EXISTS (SELECT 1 FROM "LineageEdge" e WHERE e."workspaceId" = w."id")
      AND (EXISTS (SELECT 1 FROM "Stage" s WHERE s."workspaceId" = w."id") OR EXISTS (SELECT 1 FROM "Source" s WHERE s."workspaceId" = w."id"))`;
  for (const { id } of empty)
    await prisma().$transaction(
      async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${FILL_LOCK}::bigint)`;
        if ((await tx.lineageEdge.count({ where: { workspaceId: id } })) === 0)
          await syncLineage(tx, id, EVERYTHING, "written");
      },
      { timeout: 600_000 },
    );
  return empty.map(({ name }) => name);
}
