import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { toSplitPolicy } from "@/lib/domain/leakage/split-policy";
import type { SplitPolicy } from "@/lib/domain/leakage/types";

/** The workspace's split policies by name, retired ones included: earlier fits still name them. */
export async function loadPolicies(
  workspaceId: string,
  db: Prisma | Transaction = prisma(),
): Promise<Record<string, SplitPolicy>> {
  const rows = await db.splitPolicy.findMany({ where: { workspaceId }, select: { name: true, definition: true } });
  return Object.fromEntries(
    rows.map((row) => [row.name, toSplitPolicy(row.definition as unknown as SplitPolicyDefinition)]),
  );
}
