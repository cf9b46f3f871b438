import type { Definition, DefinitionKind } from "../definitions/definition";
import type { Issue } from "../errors";

export type SpecPath = (string | number)[];

/** Turns a path inside a definition into where its author finds it. */
export type Locate = (path: SpecPath) => Pick<Issue, "path" | "file" | "line">;

/** A definition with its place in the documents, or in the registry. */
export interface PlacedDefinition {
  definition: Definition;
  locate: Locate;
  /** Whether it is one of the documents, rather than something that the registry has already. */
  given: boolean;
}

/** What can be told of a document with errors, so that others are not blamed for referring to it. */
export interface UnreadableDefinition {
  kind: string | undefined;
  name: string | undefined;
  /** `entity.column` names that it seems to write. */
  columns: string[];
}

/** How an object is named in the audit log, in differences and in files: `stage/airport_segments`. */
export function objectName(kind: DefinitionKind, name: string): string {
  return `${OBJECTS[kind]}/${name}`;
}

const OBJECTS: Record<DefinitionKind, string> = {
  Workspace: "workspace",
  Entity: "entity",
  Source: "source",
  Stage: "stage",
  Feature: "feature",
  FeatureView: "feature_view",
  FeatureService: "feature_service",
  SplitPolicy: "split_policy",
  Pipeline: "pipeline",
  Model: "model",
  Monitor: "monitor",
};

/** Kinds in the order in which they refer to each other, and in which differences are listed and applied. */
export const DEFINITION_KINDS = Object.keys(OBJECTS) as DefinitionKind[];

/** Where something is that the registry has and no document says. */
export function locateInRegistry(kind: DefinitionKind, name: string): Locate {
  return (path) => ({ path: [kind, name, ...path] });
}
