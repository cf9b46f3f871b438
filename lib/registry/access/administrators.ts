import type { Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";

/** Any fixed number: changes of who may do what come one after the other, so that two cannot each remove the other's administrator. */
const MEMBERS_LOCK = 7_105_223;

/**
 * Runs a change of grants or accounts. Throws `conflict`, so that nothing of it happens, when it would leave a workspace, or
 * the installation, without the administrator who can sign in that it had before.
 */
export async function changeMembers<Result>(tx: Transaction, change: () => Promise<Result>): Promise<Result> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${MEMBERS_LOCK}::bigint)`;
  const before = await administered(tx);
  const result = await change();
  const after = await administered(tx);
  const lost = [...before].find(([id]) => !after.has(id));
  if (lost)
    throw new DomainError(
      "conflict",
      `${lost[1]} would have no administrator any more. Give somebody else the role admin there first.`,
    );
  return result;
}

/** Id → name of every workspace, and of the installation, that has an administrator who can sign in. */
async function administered(tx: Transaction): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
    WITH "admin" AS (
      SELECT b."scope", b."workspaceId" FROM "RoleBinding" b JOIN "User" u ON u."id" = b."userId"
      WHERE b."role" = 'admin' AND u."disabledAt" IS NULL)
    SELECT w."id", 'Workspace ' || w."name" AS "name" FROM "Workspace" w
    WHERE EXISTS (SELECT 1 FROM "admin" a WHERE a."scope" = 'installation' OR a."workspaceId" = w."id")
    UNION ALL SELECT '', 'The installation' WHERE EXISTS (SELECT 1 FROM "admin" a WHERE a."scope" = 'installation')`;
  return new Map(rows.map(({ id, name }) => [id, name]));
}
