import { canonicalJson } from "../canonical-json";
import { definitionDiff, type Difference } from "./definition-diff";
import type { Definition, DefinitionKind } from "../definitions/definition";
import { DEFINITION_KINDS } from "./placed-definition";
import { behaviourOf } from "./stage-behaviour";

/**
 * create: the registry has no such object. change: it has another definition. replace: a stage that computes something else,
 * so it gets a new version. retire: the documents are the whole truth and do not have it.
 */
type SpecAction = "create" | "change" | "replace" | "retire";

export interface SpecDifference {
  kind: DefinitionKind;
  name: string;
  action: SpecAction;
  before: Definition | null;
  after: Definition | null;
  changes: Difference[];
}

/** What applying the wanted definitions would do, in the order of kinds. `prune` retires what is not among them. */
export function specDifference(
  present: readonly Definition[],
  wanted: readonly Definition[],
  prune: boolean,
): { differences: SpecDifference[]; unchanged: number; unlisted: { kind: DefinitionKind; name: string }[] } {
  const presentOf = byKindAndName(present);
  const wantedOf = byKindAndName(wanted);
  const differences: SpecDifference[] = [];
  let unchanged = 0;
  for (const after of wanted) {
    const before = presentOf.get(keyOf(after)) ?? null;
    if (before && canonicalJson(before) === canonicalJson(after)) unchanged += 1;
    else differences.push(difference(actionOf(before, after), before, after));
  }
  const missing = present.filter((one) => one.kind !== "Workspace" && !wantedOf.has(keyOf(one)));
  if (prune) differences.push(...missing.map((one) => difference("retire", one, null)));
  const rank = ({ kind }: { kind: DefinitionKind }) => DEFINITION_KINDS.indexOf(kind);
  return {
    differences: differences.sort((a, b) => rank(a) - rank(b)),
    unchanged,
    unlisted: prune ? [] : missing.map(({ kind, name }) => ({ kind, name })),
  };
}

function keyOf({ kind, name }: Definition): string {
  return `${kind} ${name}`;
}

function byKindAndName(definitions: readonly Definition[]): Map<string, Definition> {
  return new Map(definitions.map((definition) => [keyOf(definition), definition]));
}

function actionOf(before: Definition | null, after: Definition): SpecAction {
  if (!before) return "create";
  if (before.kind !== "Stage" || after.kind !== "Stage") return "change";
  return canonicalJson(behaviourOf(before)) === canonicalJson(behaviourOf(after)) ? "change" : "replace";
}

function difference(action: SpecAction, before: Definition | null, after: Definition | null): SpecDifference {
  const { kind, name } = (after ?? before) as Definition;
  return { kind, name, action, before, after, changes: before && after ? definitionDiff(before, after) : [] };
}
