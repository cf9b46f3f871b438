import type { ModelEvaluation, ModelTerms } from "@/lib/contracts/models";
import { prisma } from "@/lib/db/client";
import { operatorName } from "@/lib/domain/operators/operator-table";
import { loadStages } from "../catalogue/catalogue";
import { hiddenNames, isWithheld } from "../access/personal-values";
import type { Scope } from "../scope";

export interface KeptEvaluation {
  /** Column whose values are the classes; null where it is not known. */
  label: string | null;
  evaluation: ModelEvaluation | null;
  terms?: ModelTerms | null;
}

/** Evaluations as the caller may see them: slices and classes that are values about persons have names that say nothing of the values. */
export async function visibleEvaluations<Kept extends KeptEvaluation>(
  scope: Scope,
  kept: readonly Kept[],
): Promise<Kept[]> {
  const sliced = kept.flatMap(({ evaluation }) => (evaluation?.slices ?? []).map(({ feature }) => feature));
  const sourcesOf = await classSources(scope, kept.flatMap(({ label }) => label ?? [])); // prettier-ignore
  const names = [...sliced, ...[...sourcesOf.values()].flat()];
  if (names.length === 0) return [...kept];
  const features = await prisma().feature.findMany({
    where: { workspaceId: scope.workspace.id, name: { in: names } },
    select: { name: true, sensitivity: true },
  });
  const withheld = new Set(features.flatMap(({ name, sensitivity }) => (isWithheld(scope, sensitivity) ? [name] : [])));
  if (withheld.size === 0) return [...kept];
  const nameOf = hiddenNames();
  return kept.map((one) => {
    const visible = { ...one, evaluation: one.evaluation && hideSlices(one.evaluation, withheld, nameOf) };
    const isHidden = (sourcesOf.get(one.label ?? "") ?? []).some((column) => withheld.has(column));
    return isHidden ? hideClasses(visible, nameOf) : visible;
  });
}

/** Label → the columns whose texts its classes are called by: itself, and what an indexer made its numbers of. */
async function classSources(scope: Scope, labels: readonly string[]): Promise<Map<string, string[]>> {
  if (labels.length === 0) return new Map();
  const stages = await loadStages(scope.workspace.id);
  const indexed = (label: string) =>
    stages
      .filter((stage) => operatorName(stage) === "StringIndexer")
      .flatMap(({ inputs, outputs }) => inputs[outputs.findIndex(({ column }) => column === label)] ?? []);
  return new Map(labels.map((label) => [label, [label, ...indexed(label)]]));
}

function hideSlices(
  evaluation: ModelEvaluation,
  withheld: ReadonlySet<string>,
  nameOf: (value: string) => string,
): ModelEvaluation {
  if (!evaluation.slices) return evaluation;
  const slices = evaluation.slices.map((sliced) =>
    withheld.has(sliced.feature) ? { ...sliced, parts: hide(sliced.parts, nameOf) } : sliced,
  );
  return { ...evaluation, slices };
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

/** The two classes of a binary task are called no and yes, whatever the label is. */
function hideClasses<Kept extends KeptEvaluation>(kept: Kept, nameOf: (value: string) => string): Kept {
  const { evaluation, terms } = kept;
  const hidden = { ...kept };
  if (evaluation?.task === "multiclass")
    hidden.evaluation = {
      ...evaluation,
      parts: Object.fromEntries(
        Object.entries(evaluation.parts).map(([part, { confusion, ...rest }]) => [
          part,
          { ...rest, ...(confusion && { confusion: { ...confusion, classes: confusion.classes.map(nameOf) } }) },
        ]),
      ),
    };
  if (terms) {
    const named = <Of extends { class: string | null }>(of: Of): Of => ({ ...of, class: of.class === null ? null : nameOf(of.class) }); // prettier-ignore
    hidden.terms = { ...terms, terms: terms.terms.map(named), intercepts: terms.intercepts.map(named) };
  }
  return hidden;
}
