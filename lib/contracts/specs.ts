import { z } from "zod";
import { operation, WorkspaceName, WorkspaceQuery } from "./operation";

export const SpecFile = z
  .strictObject({
    file: z.string().min(1).describe("Name of the file; errors refer to it."),
    text: z.string().describe("Its YAML or JSON, one document or many."),
  })
  .meta({ id: "SpecFile", description: "A file of spec documents." });

const Kind = z
  .enum([
    "Workspace",
    "Entity",
    "Source",
    "Stage",
    "Feature",
    "FeatureView",
    "FeatureService",
    "SplitPolicy",
    "Pipeline",
    "Model",
    "Monitor",
  ])
  .describe("Kind of the object.");

/** Documents of one request. */
const MOST_DOCUMENTS = 20_000;

const SpecBody = z
  .strictObject({
    workspace: WorkspaceName.optional().describe(
      "The workspace to compare with. May be left out when a document of kind Workspace names it.",
    ),
    documents: z
      .union([z.string(), z.array(z.union([SpecFile, z.record(z.string(), z.unknown())])).max(MOST_DOCUMENTS)], {
        error: `expected a YAML text, a list of {file, text}, or a list of at most ${MOST_DOCUMENTS} definitions`,
      })
      .describe("YAML with many documents, or a list of files, or a list of definitions as JSON objects."),
    prune: z
      .boolean()
      .default(false)
      .describe("Retire what the workspace has and the documents have not. Otherwise it is left alone."),
    expected: z
      .string()
      .optional()
      .describe("`digest` of the plan that was agreed to: where there would be another one now, nothing is applied."),
  })
  .meta({
    id: "SpecBody",
    description: "Spec documents. The same documents may be sent as application/yaml with ?workspace= and ?prune=true.",
  });
export type SpecBody = z.infer<typeof SpecBody>;

const SpecIssue = z
  .object({
    path: z.array(z.union([z.string(), z.number()])).describe("Where in the document, outermost first."),
    message: z.string().describe("What is to be known."),
    expected: z.string().optional().describe("What was expected."),
    found: z.string().optional().describe("What was found."),
    file: z.string().optional().describe("The document's file."),
    line: z.number().int().optional().describe("1-based line in the file."),
  })
  .meta({ id: "SpecIssue", description: "Something about a document, with its place." });

const SpecChange = z
  .object({
    path: z.string().describe("Where in the definition, as in JavaScript: `params.k`."),
    kind: z.enum(["added", "removed", "changed"]).describe("What happened there."),
    before: z.unknown().optional().describe("Value in the registry."),
    after: z.unknown().optional().describe("Value in the documents."),
  })
  .meta({ id: "SpecChange", description: "The smallest part in which two definitions differ." });

export const SpecDifference = z
  .object({
    kind: Kind,
    name: z.string().describe("Name of the object."),
    action: z
      .enum(["create", "change", "replace", "retire"])
      .describe("replace: a stage that computes something else and gets a new version."),
    changes: z.array(SpecChange).describe("What differs in the definition; empty for create and retire."),
    consequences: z
      .array(
        z.object({
          kind: z.string().describe("Kind of the object downstream."),
          name: z.string().describe("Its name."),
        }),
      )
      .describe("What the workspace has that reads, directly or through others, what changes."),
  })
  .meta({ id: "SpecDifference", description: "What applying the documents does to one object." });
export type SpecDifference = z.infer<typeof SpecDifference>;

export const SpecPlan = z
  .object({
    workspace: WorkspaceName,
    newWorkspace: z.boolean().describe("Whether the workspace does not exist yet."),
    differences: z
      .array(SpecDifference)
      .describe("One for every object that differs; empty when there is nothing to do."),
    counts: z
      .object({
        create: z.number().int().describe("Objects that are new."),
        change: z.number().int().describe("Objects with another definition."),
        replace: z.number().int().describe("Stages with a new version."),
        retire: z.number().int().describe("Objects that are retired."),
        unchanged: z.number().int().describe("Documents that say what the registry has."),
      })
      .describe("How many of each."),
    unlisted: z
      .array(z.object({ kind: Kind, name: z.string().describe("Name of the object.") }))
      .describe("What the workspace has and the documents have not; `prune` retires it."),
    newGroups: z
      .array(z.string())
      .describe(
        "Owners that are neither a group nor a person yet: applying makes groups of these names, without members.",
      ),
    warnings: z.array(SpecIssue).describe("What does not stop the documents from being applied."),
    digest: z.string().describe("SHA-256 of the differences; `expected` of an apply names it."),
    applied: z.boolean().describe("Whether the differences were applied, or only shown."),
  })
  .meta({ id: "SpecPlan", description: "The difference between documents and registry." });
export type SpecPlan = z.infer<typeof SpecPlan>;

export const planSpecs = operation({
  id: "planSpecs",
  method: "POST",
  path: "/api/v1/specs/plan",
  summary: "Shows what applying documents would change, and changes nothing.",
  tag: "specs",
  body: SpecBody,
  response: SpecPlan,
});

export const applySpecs = operation({
  id: "applySpecs",
  method: "POST",
  path: "/api/v1/specs/apply",
  summary: "Applies documents, all or nothing. Applying the same again changes nothing.",
  tag: "specs",
  body: SpecBody,
  response: SpecPlan,
});

export const exportSpecs = operation({
  id: "exportSpecs",
  method: "GET",
  path: "/api/v1/specs/export",
  summary: "The workspace as spec files: planning them shows no difference.",
  tag: "specs",
  query: WorkspaceQuery,
  response: z
    .object({ files: z.array(SpecFile).describe("One file for each kind.") })
    .meta({ id: "SpecExport", description: "A workspace as files." }),
});
