import { z } from "zod";
import { COLUMN_TYPES } from "@/lib/domain/definitions/column-type";
import type { DefinitionKind } from "@/lib/domain/definitions/definition";
import { Instant, listOf, operation, Page, WorkspaceName, WorkspaceQuery } from "./operation";

const DiffLine = z
  .object({
    kind: z.enum(["same", "added", "removed"]).describe("What happened to the line."),
    text: z.string().describe("The line."),
    before: z
      .number()
      .int()
      .nullable()
      .describe("Its number in the version before, from 1; null where it is not there."),
    after: z.number().int().nullable().describe("Its number in this version, from 1; null where it is not there."),
  })
  .meta({ id: "DiffLine", description: "A line of two documents that are compared." });

export const DefinitionVersionEntry = z
  .object({
    version: z.number().int().describe("Number, from 1."),
    current: z.boolean().describe("Whether it is what the object is declared as now."),
    digest: z.string().describe("SHA-256 of the document."),
    createdAt: Instant.describe("When it was applied."),
    createdBy: z.string().describe("Who applied it."),
    computes: z
      .number()
      .int()
      .nullable()
      .describe(
        "Of a stage: number of the version of what it computes, which another wording keeps. Null for other kinds.",
      ),
    text: z.string().describe("The document as YAML."),
    difference: z
      .array(DiffLine)
      .describe("The document line by line against the version before; empty for the first version."),
  })
  .meta({ id: "DefinitionVersion", description: "An immutable version of a declared object." });
export type DefinitionVersionEntry = z.infer<typeof DefinitionVersionEntry>;

const DefinitionVersionList = listOf(DefinitionVersionEntry, "versions").meta({
  id: "DefinitionVersionList",
  description: "Versions of a declared object.",
});

/** Kinds of declared objects by the segment of their path. Only features and models have versions of another kind under `versions`. */
export const DEFINITION_PATHS = {
  entities: "Entity",
  sources: "Source",
  stages: "Stage",
  features: "Feature",
  views: "FeatureView",
  services: "FeatureService",
  "split-policies": "SplitPolicy",
  pipelines: "Pipeline",
  models: "Model",
  monitors: "Monitor",
} as const;
export type DefinitionPath = keyof typeof DEFINITION_PATHS;

function versionsOf<Path extends string>(path: Path, noun: string, id: string, tag: string) {
  return operation({
    id,
    method: "GET",
    path,
    summary: `The versions of ${noun}'s definition, newest first: who, when, and what changed.`,
    tag,
    params: z.object({ name: z.string().describe(`Name of ${noun}.`) }),
    query: WorkspaceQuery.extend(Page.shape),
    response: DefinitionVersionList,
  });
}

export const listEntityVersions = versionsOf("/api/v1/entities/{name}/versions", "an entity", "listEntityVersions", "specs"); // prettier-ignore
export const listSourceVersions = versionsOf("/api/v1/sources/{name}/versions", "a source", "listSourceVersions", "sources"); // prettier-ignore
export const listStageVersions = versionsOf("/api/v1/stages/{name}/versions", "a stage", "listStageVersions", "stages");
export const listFeatureDefinitions = versionsOf("/api/v1/features/{name}/definitions", "a feature", "listFeatureDefinitions", "features"); // prettier-ignore
export const listViewVersions = versionsOf("/api/v1/views/{name}/versions", "a feature view", "listViewVersions", "views"); // prettier-ignore
export const listServiceVersions = versionsOf("/api/v1/services/{name}/versions", "a feature service", "listServiceVersions", "specs"); // prettier-ignore
export const listSplitPolicyVersions = versionsOf("/api/v1/split-policies/{name}/versions", "a split policy", "listSplitPolicyVersions", "specs"); // prettier-ignore
export const listPipelineVersions = versionsOf("/api/v1/pipelines/{name}/versions", "a pipeline", "listPipelineVersions", "pipelines"); // prettier-ignore
export const listMonitorVersions = versionsOf("/api/v1/monitors/{name}/versions", "a monitor", "listMonitorVersions", "monitors"); // prettier-ignore

export const listModelDefinitions = versionsOf("/api/v1/models/{name}/definitions", "a model", "listModelDefinitions", "models"); // prettier-ignore

export const listWorkspaceVersions = operation({
  id: "listWorkspaceVersions",
  method: "GET",
  path: "/api/v1/workspaces/{workspace}/versions",
  summary: "The versions of a workspace's definition, newest first: who, when, and what changed.",
  tag: "workspaces",
  params: z.object({ workspace: WorkspaceName }),
  query: Page,
  response: DefinitionVersionList,
});

/** The operation that lists the versions of one kind. */
export const VERSIONS_OF = {
  entities: listEntityVersions,
  sources: listSourceVersions,
  stages: listStageVersions,
  features: listFeatureDefinitions,
  views: listViewVersions,
  services: listServiceVersions,
  "split-policies": listSplitPolicyVersions,
  pipelines: listPipelineVersions,
  models: listModelDefinitions,
  monitors: listMonitorVersions,
} as const satisfies Record<DefinitionPath, unknown>;

/**
 * Kinds that are shown by their definition alone, by the segment of their path. Sources, stages and features are more than that:
 * datasets, the mesh and the catalogue have them.
 */
export const DECLARED_PATHS = {
  entities: "Entity",
  views: "FeatureView",
  services: "FeatureService",
  "split-policies": "SplitPolicy",
  pipelines: "Pipeline",
  monitors: "Monitor",
  workspaces: "Workspace",
} as const satisfies Record<string, DefinitionKind>;
export type DeclaredPath = keyof typeof DECLARED_PATHS;

export const OBJECT_KINDS = [
  "Workspace",
  "Entity",
  "Source",
  "Stage",
  "Feature",
  "FeatureView",
  "FeatureService",
  "SplitPolicy",
  "Pipeline",
  "Monitor",
  "Model",
  "Deployment",
  "AbTest",
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

const ObjectReference = z
  .object({
    kind: z.enum(OBJECT_KINDS).describe("What it is."),
    name: z.string().describe("Its name."),
    how: z.string().describe("What the one that names the other does with it."),
  })
  .meta({ id: "ObjectReference", description: "An object that names another, or is named by it." });
export type ObjectReference = z.infer<typeof ObjectReference>;

export const DeclaredSummary = z
  .object({
    name: z.string().describe("Name."),
    description: z.string().describe("What it is for; may be empty."),
    owner: z.string().describe("Who owns it; empty when nobody does."),
    tags: z.array(z.string()).describe("Tags."),
    sentence: z.string().describe("What its definition says, in words."),
    readers: z.number().int().describe("Objects that name it."),
    version: z.number().int().describe("Number of its definition."),
    changedAt: Instant.describe("When that was applied."),
    changedBy: z.string().describe("Who applied it."),
  })
  .meta({ id: "DeclaredSummary", description: "A declared object as a list shows it." });
export type DeclaredSummary = z.infer<typeof DeclaredSummary>;

export const DeclaredList = listOf(DeclaredSummary, "objects").meta({
  id: "DeclaredList",
  description: "Declared objects of a kind by name.",
});
export type DeclaredList = z.infer<typeof DeclaredList>;

const SplitAssignment = z
  .object({
    policyVersion: z.number().int().describe("Version of the policy that it was made by."),
    dataset: z.string().describe("Source whose rows are assigned."),
    version: z.number().int().describe("Version of the dataset that it is bound to."),
    digest: z.string().describe("SHA-256 of its content: every row key with its part."),
    rows: z.number().int().describe("Rows, each in one part."),
    parts: z.record(z.string(), z.number().int()).describe("Part → its rows."),
    classes: z
      .array(
        z.object({
          value: z.string().nullable().describe("Value of the column; null where it is missing."),
          rows: z.number().int().describe("Rows with it."),
          parts: z.record(z.string(), z.number().int()).describe("Part → rows with it."),
        }),
      )
      .describe("The largest classes of the column that the policy stratifies by; empty where it has none."),
    classCount: z.number().int().describe("How many classes there are."),
    warning: z.string().nullable().describe("Classes of which some part got no row, by name; null when there is none."),
    createdAt: Instant.describe("When it was materialised."),
  })
  .meta({ id: "SplitAssignment", description: "A materialised assignment of a dataset version's rows to parts." });
export type SplitAssignment = z.infer<typeof SplitAssignment>;

export const DeclaredDetail = DeclaredSummary.extend({
  retiredAt: Instant.nullable().describe("When it was retired; null while it is in use."),
  names: z.array(ObjectReference).describe("Objects that it names, in the order of its definition."),
  readBy: z.array(ObjectReference).describe("Objects that name it, by kind and name."),
  results: z
    .string()
    .nullable()
    .describe("Of a monitor: the page of the portal with its results. Null for other kinds."),
  spineKeys: z
    .array(
      z.object({
        entity: z.string().describe("The entity."),
        name: z.string().describe("Its join key."),
        type: z.enum(COLUMN_TYPES).describe("Type of the key."),
      }),
    )
    .nullable()
    .describe("Of a feature service: what rows need for its features to be joined to them. Null for other kinds."),
  split: z
    .object({
      type: z.string().describe("Kind of the policy: time, hash, group, random, stratified or kfold."),
      parts: z
        .array(
          z.object({
            part: z.string().describe("Name of the part."),
            rows: z.string().describe("What puts a row into it, in words."),
          }),
        )
        .describe("Its parts."),
      assignments: z
        .array(SplitAssignment)
        .nullable()
        .describe("The newest materialised assignments, at most 20; null for a policy that needs none."),
    })
    .nullable()
    .describe("Of a split policy: its kind, its parts and what was materialised. Null for other kinds."),
  yaml: z.string().describe("The definition as a spec document."),
}).meta({ id: "DeclaredDetail", description: "A declared object: its definition, what it names and what names it." });
export type DeclaredDetail = z.infer<typeof DeclaredDetail>;

const DeclaredParams = z.object({
  kind: z.enum(Object.keys(DECLARED_PATHS) as [DeclaredPath, ...DeclaredPath[]]).describe("Kind, as paths have it."),
});

export const listDeclared = operation({
  id: "listDeclared",
  method: "GET",
  path: "/api/v1/definitions/{kind}",
  summary: "The declared objects of a kind in a workspace, each in a sentence.",
  tag: "specs",
  params: DeclaredParams,
  query: WorkspaceQuery.extend(Page.shape).extend({
    q: z
      .string()
      .max(200)
      .default("")
      .describe("Words of name, description, owner, tags or metadata; the best come first."),
  }),
  response: DeclaredList,
});

export const getDeclared = operation({
  id: "getDeclared",
  method: "GET",
  path: "/api/v1/definitions/{kind}/{name}",
  summary: "One declared object: its definition, what it names and what names it.",
  tag: "specs",
  params: DeclaredParams.extend({ name: z.string().min(1).max(300).describe("Name of the object.") }),
  query: WorkspaceQuery,
  response: DeclaredDetail,
});
