import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import { policyKey, toSplitPolicy } from "@/lib/domain/leakage/split-policy";
import type { SplitPolicy } from "@/lib/domain/leakage/types";
import { definitionOf } from "../stored-json";

/**
 * Every version of the workspace's split policies by `policyKey`, as recorded boxes name them. A box of the time before policies had
 * versions names none: it means the first.
 */
export async function loadPolicies(
  workspaceId: string,
  db: Prisma | Transaction = prisma(),
): Promise<Record<string, SplitPolicy>> {
  const rows = await db.definitionVersion.findMany({
    where: { workspaceId, kind: "SplitPolicy" },
    select: { name: true, version: true, definition: true },
  });
  return Object.fromEntries(
    rows.flatMap(({ name: policy, version, definition }) => {
      const split = toSplitPolicy(definitionOf("SplitPolicy", { definition }));
      const pinned = [policyKey({ policy, version, parts: [] }), split] as const;
      return version === 1 ? [pinned, [policy, split] as const] : [pinned];
    }),
  );
}
