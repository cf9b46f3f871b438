import { prisma } from "@/lib/db/client";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { definitionOf } from "../stored-json";

/** A version of a split policy as it was declared. */
export async function loadPolicyVersion(definitionVersionId: string): Promise<SplitPolicyDefinition> {
  const row = await prisma().definitionVersion.findUniqueOrThrow({ where: { id: definitionVersionId } });
  return definitionOf("SplitPolicy", row);
}
