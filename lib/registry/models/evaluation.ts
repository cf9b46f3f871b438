import type { ModelEvaluation, ModelTerms } from "@/lib/contracts/models";
import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";

/** What is behind the metrics of a model version, and what its inputs weigh; null where there is none, or before it was kept. */
export async function getModelEvaluation(
  principal: Principal,
  workspace: string,
  { name, version }: { name: string; version: number },
): Promise<{ evaluation: ModelEvaluation | null; terms: ModelTerms | null }> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const row = await prisma().modelVersion.findFirst({
    where: { version, model: { name, workspaceId: scope.workspace.id } },
    select: { evaluation: true, fit: { select: { model: true } } },
  });
  if (!row) throw new DomainError("not_found", `There is no version ${version} of a model ${name} in ${workspace}.`);
  // Both columns were written by the engine.
  const { terms = null } = (row.fit?.model ?? {}) as { terms?: ModelTerms };
  return { evaluation: row.evaluation as ModelEvaluation | null, terms };
}
