import { splitColumn } from "../definitions/column-type";
import type { Definition, DefinitionKind } from "../definitions/definition";
import { referencesOf } from "../definitions/references";

export interface Target {
  kind: DefinitionKind;
  name: string;
}

/**
 * The definitions of targets and of all that they need, directly or through others: what they name, what writes the columns that they
 * read, and what is said of these columns. In the given order; a Workspace document always stays, with its
 * default split policy.
 */
export function targeted(definitions: readonly Definition[], targets: readonly Target[]): Definition[] {
  const byKey = new Map(definitions.map((one) => [`${one.kind} ${one.name}`, one]));
  const writers = new Map<string, Definition[]>();
  for (const one of definitions)
    for (const column of writtenBy(one)) writers.set(column, [...(writers.get(column) ?? []), one]);
  const found = new Set<Definition>(definitions.filter(({ kind }) => kind === "Workspace"));
  const add = (key: string) => {
    const one = byKey.get(key);
    if (one) found.add(one);
  };
  for (const { kind, name } of targets) add(`${kind} ${name}`);
  // A set is gone through in the order of insertion, what is added meanwhile included.
  for (const one of found) {
    for (const { kind, name } of referencesOf(one)) add(`${kind} ${name}`);
    for (const column of readBy(one)) {
      add(`Feature ${column}`);
      add(`Entity ${splitColumn(column)[0]}`);
      for (const writer of writers.get(column) ?? []) found.add(writer);
    }
  }
  return definitions.filter((one) => found.has(one));
}

function writtenBy(definition: Definition): string[] {
  if (definition.kind === "Source") return definition.columns.map(({ name }) => `${definition.entity}.${name}`);
  return definition.kind === "Stage" ? definition.outputs.map(({ column }) => column) : [];
}

function readBy(definition: Definition): string[] {
  switch (definition.kind) {
    case "Entity":
      return (definition.relations ?? []).map(({ by }) => `${definition.name}.${by}`);
    case "Stage":
      return [...definition.inputs, ...(definition.fitInputs ?? [])];
    case "Feature": {
      const [entity] = splitColumn(definition.name);
      // Rules may name other columns of the entity; a text that is none finds nothing.
      const said = (definition.rules ?? []).flatMap(({ kwargs }) => Object.values(kwargs).flat());
      return [definition.name, ...said.filter((one) => typeof one === "string").map((one) => `${entity}.${one}`)];
    }
    case "FeatureView":
      return definition.features;
    case "Pipeline":
      return [...definition.outputs, ...(definition.evaluate ? [definition.evaluate.label] : [])];
    default:
      return [];
  }
}
