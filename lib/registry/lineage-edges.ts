import { Prisma } from "@/lib/db/generated/client";

/** Of the edges `e`: those of the workspace that hold at the moment, or now. */
export function edgesAt(workspaceId: string, asOf: string | null | undefined): Prisma.Sql {
  return asOf
    ? Prisma.sql`e."workspaceId" = ${workspaceId} AND e."since" <= ${asOf}::timestamp(3) AND (e."until" IS NULL OR e."until" > ${asOf}::timestamp(3))`
    : Prisma.sql`e."workspaceId" = ${workspaceId} AND e."until" IS NULL`;
}

export type Side = "up" | "down";

/** The column in which a node stands when one goes from it to a side, and the one that is reached. */
export const ENDS = {
  up: { here: Prisma.sql`e."to"`, there: Prisma.sql`e."from"` },
  down: { here: Prisma.sql`e."from"`, there: Prisma.sql`e."to"` },
} as const satisfies Record<Side, unknown>;
