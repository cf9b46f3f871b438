import { splitColumn } from "./column-type";
import type { Definition, DefinitionKind } from "./definition";
import { type FitRows, stageKind } from "./stage";

/** An object that a definition names, and what for: `how` goes on after the definition's name, as in "reads its rows". */
export interface Reference {
  kind: DefinitionKind | "Model" | "Deployment";
  name: string;
  how: string;
}

/**
 * The objects that a definition names, each once, in the order of the document. Columns are left out: lineage has them, and the
 * entities that they belong to stand here.
 */
export function referencesOf(definition: Definition): Reference[] {
  const found = new Map<string, Reference>();
  for (const reference of listReferences(definition)) {
    const id = `${reference.kind} ${reference.name}`;
    const known = found.get(id);
    if (!known) found.set(id, { ...reference });
    else if (!known.how.split(", ").includes(reference.how)) known.how += `, ${reference.how}`;
  }
  return [...found.values()];
}

function listReferences(definition: Definition): Reference[] {
  switch (definition.kind) {
    case "Workspace":
      return optional(definition.defaultSplit, (name) => ({ kind: "SplitPolicy", name, how: "has it as default split policy" })); // prettier-ignore
    case "Entity":
      return (definition.relations ?? []).map(({ entity, by }) => ({ kind: "Entity", name: entity, how: `is related to it by ${by}` })); // prettier-ignore
    case "Source":
      return [{ kind: "Entity", name: definition.entity, how: "holds its rows" }];
    case "Feature":
      return [{ kind: "Entity", name: splitColumn(definition.name)[0], how: "is a column of it" }];
    case "Stage":
      return [
        ...optional(definition.from, (name) => ({ kind: "Entity" as const, name, how: "reads its rows" })),
        ...[...definition.inputs, ...(definition.fitInputs ?? [])].map((column) => ({
          kind: "Entity" as const,
          name: splitColumn(column)[0],
          how: "reads its columns",
        })),
        { kind: "Entity", name: definition.entity, how: "writes its columns" },
        ...(stageKind(definition) === "estimator" ? fitReferences(definition.fit) : []),
      ];
    case "FeatureView":
      return [{ kind: "Entity", name: definition.entity, how: "serves its features" }];
    case "FeatureService":
      return definition.features.map((reference) => ({
        kind: "FeatureView",
        name: reference.split(":")[0] as string,
        how: "reads its features",
      }));
    case "SplitPolicy":
      return optional("source" in definition ? definition.source : undefined, (name) => ({ kind: "Source", name, how: "assigns its rows to parts" })); // prettier-ignore
    case "Model":
      return [];
    case "Pipeline": {
      const { evaluate } = definition;
      return [
        ...fitReferences(definition.fit),
        ...(evaluate
          ? [
              {
                kind: "SplitPolicy" as const,
                name: evaluate.split,
                how: `is tested on ${evaluate.test.join(" and ")}`,
              },
              { kind: "Model" as const, name: evaluate.model, how: "registers its versions" },
            ]
          : []),
      ];
    }
    case "Monitor":
      return definition.drift === "concept"
        ? [
            { kind: "Model", name: definition.model, how: "watches its predictions" },
            ...optional(definition.onAlert?.fit, (name) => ({ kind: "Deployment" as const, name, how: "starts its fit job on an alert" })), // prettier-ignore
          ]
        : [
            ...optional(definition.view, (name) => ({ kind: "FeatureView" as const, name, how: "watches its features" })), // prettier-ignore
            ...optional(definition.model, (name) => ({ kind: "Model" as const, name, how: "watches the features that it reads" })), // prettier-ignore
            ...optional(definition.source, (name) => ({ kind: "Source" as const, name, how: "watches its columns" })),
          ];
  }
}

function fitReferences(fit: FitRows | undefined): Reference[] {
  if (!fit || "rows" in fit) return [];
  return [{ kind: "SplitPolicy", name: fit.split, how: `is fitted on ${fit.parts.join(" and ")}` }];
}

function optional<Found>(name: string | undefined, toReference: (name: string) => Found): Found[] {
  return name === undefined ? [] : [toReference(name)];
}
