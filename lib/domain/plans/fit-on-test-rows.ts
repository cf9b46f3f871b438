import type { PipelineDefinition } from "../definitions/pipeline";
import type { FitRows } from "../definitions/stage";

/**
 * Why a pipeline's score says nothing, when its own fit and test name the same rows; null when they name different ones.
 * @param fit the rows that the evaluated estimator is fitted on; undefined is the pipeline's default, all rows
 */
export function explainFitOnTestRows(
  fit: FitRows | undefined,
  evaluate: NonNullable<PipelineDefinition["evaluate"]>,
): string | null {
  const remedy = `Fit it on other parts, such as \`fit: { split: ${evaluate.split}, parts: [PART] }\`.`;
  const opening = "it is evaluated on rows that it is fitted on";
  if (fit === undefined) return `${opening}: without \`fit\`, it is fitted on all rows. ${remedy}`;
  if ("rows" in fit) return `${opening}: \`fit\` names all rows. ${remedy}`;
  const shared = fit.split === evaluate.split ? fit.parts.filter((part) => evaluate.test.includes(part)) : [];
  if (shared.length === 0) return null;
  return `${opening}: part ${shared.join(" and ")} of ${fit.split} is in both \`fit\` and \`evaluate.test\`. ${remedy}`;
}
