import type { z } from "zod";
import type { getModelEvaluation as contract, ModelEvaluation, ModelTerms } from "@/lib/contracts/models";
import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { unitOf } from "../features/unit";
import { openScopeFor } from "../scope";
import { leakageInputOf } from "../stored-json";
import { visibleEvaluations } from "./visible-evaluations";

/** What is behind the metrics of a model version, and what its inputs weigh; null where there is none, or before it was kept. */
export async function getModelEvaluation(
  principal: Principal,
  workspace: string,
  { name, version }: { name: string; version: number },
): Promise<z.output<(typeof contract)["response"]>> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const row = await prisma().modelVersion.findFirst({
    where: { version, model: { name, workspaceId: scope.workspace.id } },
    select: { evaluation: true, leakageInput: true, fit: { select: { model: true } } },
  });
  if (!row) throw new DomainError("not_found", `There is no version ${version} of a model ${name} in ${workspace}.`);
  // Both columns were written by the engine.
  const { terms = null } = (row.fit?.model ?? {}) as { terms?: ModelTerms };
  const { label = null } = leakageInputOf(row.leakageInput).consumer;
  const feature =
    label === null
      ? null
      : await prisma().feature.findUnique({
          where: { workspaceId_name: { workspaceId: scope.workspace.id, name: label } },
          select: { definition: true },
        });
  const [visible] = await visibleEvaluations(scope, [
    { label, evaluation: row.evaluation as ModelEvaluation | null, terms },
  ]);
  return {
    evaluation: visible?.evaluation ?? null,
    terms: visible?.terms ?? null,
    labelUnit: unitOf(feature?.definition),
  };
}
