import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions";
import type { SplitPolicy } from "@/lib/domain/leakage/types";

/** A declared split policy as the leakage rules read it. */
export function toSplitPolicy(definition: SplitPolicyDefinition): SplitPolicy {
  if (definition.type === "time") return { type: "time", column: definition.column, parts: definition.parts };
  const { algo, key, salt, buckets, parts } = definition;
  return { type: "hash", algo, key, salt, buckets, parts };
}

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
