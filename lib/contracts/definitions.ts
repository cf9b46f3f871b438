import { z } from "zod";
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
