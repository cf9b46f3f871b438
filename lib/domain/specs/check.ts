import type { PipelineDefinition } from "../definitions/pipeline";
import type { StageDefinition } from "../definitions/stage";
import { DomainError, type Issue } from "../errors";
import { statementOf } from "../lineage/column-flows";
import { isConceptMonitor } from "../definitions/concept-monitor";
import { conceptFindings } from "./check-concept-monitor";
import { planVariants } from "../plans/plan-variants";
import { entityFindings, sourceFindings, splitFindings, workspaceFindings } from "./check-data";
import {
  featureFindings,
  monitorFindings,
  pipelineFindings,
  pipelineWarnings,
  serviceFindings,
  viewFindings,
  viewWarnings,
} from "./check-consumers";
import { operatorFindings, stageFindings, stageWarnings } from "./check-stage";
import { statementFindings } from "./check-statement";
import type { SerializedSql } from "../sql/syntax-tree";
import { type Finding, SpecIndex, toIssue } from "./spec-index";
import { testFindings } from "./check-stage-tests";
import type { PlacedDefinition, UnreadableDefinition } from "./placed-definition";
import { planInputOf } from "./plan-input";

/**
 * What is wrong with definitions taken together: the documents, and what the registry has besides. Errors make a state that
 * must not be applied; warnings are worth knowing. Documents that could not be read count as if they might be right.
 * @param trees statement → what DuckDB's parser makes of it, of the SQL stages among the documents
 */
export function checkSpecs(
  objects: readonly PlacedDefinition[],
  unreadable: readonly UnreadableDefinition[] = [],
  trees: ReadonlyMap<string, SerializedSql> = new Map(),
): { errors: Issue[]; warnings: Issue[] } {
  const index = new SpecIndex(objects, unreadable);
  const errors: Issue[] = [...duplicates(objects), ...typeConflicts(index)];
  const warnings: Issue[] = [];
  for (const placed of objects) {
    errors.push(...findingsOf(placed, index, trees).map((finding) => toIssue(placed, finding)));
    if (placed.definition.kind === "Stage" && placed.given)
      warnings.push(...stageWarnings(placed.definition, index).map((finding) => toIssue(placed, finding)));
    if (placed.definition.kind === "Pipeline" && placed.given)
      warnings.push(...pipelineWarnings(placed.definition, index).map((finding) => toIssue(placed, finding)));
    if (placed.definition.kind === "FeatureView" && placed.given)
      warnings.push(...viewWarnings(placed.definition, index).map((finding) => toIssue(placed, finding)));
  }
  // A plan over something wrong would only repeat what is wrong with it.
  if (errors.length === 0 && index.complete) errors.push(...unplannable(objects, index));
  return { errors, warnings };
}

function findingsOf(
  { definition, given }: PlacedDefinition,
  index: SpecIndex,
  trees: ReadonlyMap<string, SerializedSql>,
): Finding[] {
  switch (definition.kind) {
    case "Workspace":
      return workspaceFindings(definition, index);
    case "Entity":
      return entityFindings(definition, index);
    case "Source":
      return takenBefore(sourceFindings(definition, index), given);
    case "Stage":
      // The operator table may have become stricter than it was when the registry took the stage.
      return [
        ...stageFindings(definition, index),
        ...(given
          ? [
              ...operatorFindings(definition, index),
              ...sqlFindings(definition, index, trees),
              ...testFindings(definition, index),
            ]
          : []),
      ];
    case "Feature":
      return takenBefore(featureFindings(definition, index), given);
    case "FeatureView":
      return viewFindings(definition, index);
    case "FeatureService":
      return serviceFindings(definition, index);
    case "SplitPolicy":
      return splitFindings(definition, index);
    case "Pipeline":
      return pipelineFindings(definition, index);
    case "Model":
      return [];
    case "Monitor":
      return isConceptMonitor(definition) ? conceptFindings(definition, index) : monitorFindings(definition, index);
  }
}

function sqlFindings(stage: StageDefinition, index: SpecIndex, trees: ReadonlyMap<string, SerializedSql>): Finding[] {
  const tree = trees.get(statementOf(stage) ?? "");
  return tree ? statementFindings(stage, tree, index) : [];
}

/** A regular expression that was taken before it was checked keeps nobody from applying something else. */
function takenBefore(findings: Finding[], given: boolean): Finding[] {
  return given ? findings : findings.filter(({ path }) => path.at(-1) !== "regex");
}

function duplicates(objects: readonly PlacedDefinition[]): Issue[] {
  const first = new Map<string, PlacedDefinition>();
  return objects.flatMap((placed) => {
    const { kind, name } = placed.definition;
    const key = `${kind} ${name}`;
    const before = first.get(key);
    if (!before) {
      first.set(key, placed);
      return [];
    }
    const { file, line } = before.locate(["name"]);
    const where = file === undefined ? "" : ` in ${file}, line ${line}`;
    const message = `it is declared twice; the first time${where || " above"}. Rename or remove one of them.`;
    return [toIssue(placed, { path: ["name"], message, expected: `one ${kind} of this name`, found: name })];
  });
}

/** Several writers of one column are welcome as long as they agree on its type. */
function typeConflicts(index: SpecIndex): Issue[] {
  const issues: Issue[] = [];
  for (const [column, [first, ...others]] of index.columns())
    for (const other of others) {
      if (!first || other.type === first.type) continue;
      // Whoever is being declared is told, not what was there before.
      const [told, against] = other.placed.given ? [other, first] : [first, other];
      const { kind, name } = against.placed.definition;
      issues.push(
        toIssue(told.placed, {
          path: told.path,
          message: `\`${column}\` is written as ${told.type}, but ${kind.toLowerCase()} ${name} writes it as ${against.type}.`,
          expected: against.type,
          found: told.type,
        }),
      );
    }
  return issues;
}

function unplannable(objects: readonly PlacedDefinition[], index: SpecIndex): Issue[] {
  const input = planInputOf({ stages: index.all("Stage"), sources: index.all("Source") });
  return objects.flatMap((placed) => {
    const { definition } = placed;
    if (definition.kind !== "Pipeline") return [];
    const message = whyUnplannable(definition, input);
    return message === null
      ? []
      : [toIssue(placed, { path: ["outputs"], message, found: definition.outputs.join(", ") })];
  });
}

function whyUnplannable(pipeline: PipelineDefinition, input: ReturnType<typeof planInputOf>): string | null {
  const sources = new Set(input.sources);
  // A source overrides its producers, and their pins with them.
  const pins = Object.fromEntries(Object.entries(pipeline.pins ?? {}).filter(([column]) => !sources.has(column)));
  try {
    planVariants({ ...input, outputs: pipeline.outputs, options: { limit: 1, pins, budget: 1_000_000 } });
    return null;
  } catch (error) {
    // Beyond the work budget nothing is known, which is no reason to refuse.
    if (error instanceof DomainError && error.context.code !== "BUDGET_EXCEEDED") return error.message;
    if (error instanceof DomainError) return null;
    throw error;
  }
}
