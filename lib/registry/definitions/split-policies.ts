import type { DeclaredDetail, SplitAssignment } from "@/lib/contracts/definitions";
import { prisma } from "@/lib/db/client";
import { describeParts, type Described } from "@/lib/domain/definitions/describe-definition";
import { toSplitRule } from "@/lib/domain/definitions/split-rule";

/** The newest assignments that are shown; older ones are as they were. */
const MOST_SHOWN = 20;

/** A split policy's parts, and what runs materialised of it; null for what is no split policy. */
export async function splitOf(workspaceId: string, definition: Described): Promise<DeclaredDetail["split"]> {
  if (definition.kind !== "SplitPolicy") return null;
  const parts = describeParts(definition);
  const shown = { type: definition.type, parts };
  if (toSplitRule(definition).by !== "assignment") return { ...shown, assignments: null };
  const rows = await prisma().splitAssignment.findMany({
    where: { workspaceId, definitionVersion: { kind: "SplitPolicy", name: definition.name } },
    orderBy: { createdAt: "desc" },
    take: MOST_SHOWN,
    include: { definitionVersion: { select: { version: true } }, datasetVersion: true },
  });
  return {
    ...shown,
    assignments: rows.map(({ definitionVersion, datasetVersion, digest, classCount, warning, ...row }) => ({
      policyVersion: definitionVersion.version,
      dataset: datasetVersion.dataset,
      version: datasetVersion.version,
      digest,
      rows: Number(row.rows),
      parts: row.parts as SplitAssignment["parts"],
      classes: row.classes as SplitAssignment["classes"],
      classCount,
      warning,
      createdAt: row.createdAt.toISOString(),
    })),
  };
}
