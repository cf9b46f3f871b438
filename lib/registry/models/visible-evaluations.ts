import type { ModelEvaluation } from "@/lib/contracts/models";
import { prisma } from "@/lib/db/client";
import { hiddenNames, isWithheld } from "../access/personal-values";
import type { Scope } from "../scope";

/** Evaluations as the caller may see them: slices by values about persons have names that say nothing of the values. */
export async function visibleEvaluations(
  scope: Scope,
  evaluations: readonly (ModelEvaluation | null)[],
): Promise<(ModelEvaluation | null)[]> {
  const names = evaluations.flatMap((one) => (one?.slices ?? []).map(({ feature }) => feature));
  if (names.length === 0) return [...evaluations];
  const features = await prisma().feature.findMany({
    where: { workspaceId: scope.workspace.id, name: { in: names } },
    select: { name: true, sensitivity: true },
  });
  const withheld = new Set(features.flatMap(({ name, sensitivity }) => (isWithheld(scope, sensitivity) ? [name] : [])));
  if (withheld.size === 0) return [...evaluations];
  const nameOf = hiddenNames();
  return evaluations.map((evaluation) =>
    evaluation?.slices
      ? {
          ...evaluation,
          slices: evaluation.slices.map((sliced) =>
            withheld.has(sliced.feature) ? { ...sliced, parts: hide(sliced.parts, nameOf) } : sliced,
          ),
        }
      : evaluation,
  );
}

type Parts = NonNullable<ModelEvaluation["slices"]>[number]["parts"];

function hide(parts: Parts, nameOf: (value: string) => string): Parts {
  return Object.fromEntries(
    Object.entries(parts).map(([part, slices]) => [
      part,
      slices.map((slice) => (slice.kind === "value" ? { ...slice, name: nameOf(slice.name) } : slice)),
    ]),
  );
}
