import { z } from "zod";
import { listOf, operation, WorkspaceName } from "./operation";

export const Seeding = z
  .object({
    state: z.enum(["filling", "ready", "failed"]).describe("Where the filling of the demo stands."),
    progress: z.number().min(0).max(1).describe("Share that is done, 0 to 1."),
    message: z.string().describe("What is being done, or why it failed."),
  })
  .meta({ id: "Seeding", description: "Progress of the first filling of the demo workspace." });

export const Workspace = z
  .object({
    name: WorkspaceName,
    title: z.string().describe("Name for people."),
    description: z.string().describe("What the workspace is about."),
    roles: z.array(z.string()).describe("The caller's roles in it."),
    counts: z
      .object({
        features: z.number().int().describe("Features."),
        stages: z.number().int().describe("Stages."),
        sources: z.number().int().describe("Sources."),
        models: z.number().int().describe("Models."),
        runs: z.number().int().describe("Runs so far."),
      })
      .describe("How much there is."),
    seeding: Seeding.nullable().describe("Null for a workspace that is not a demo."),
  })
  .meta({ id: "Workspace", description: "Name space and permission boundary." });
export type Workspace = z.infer<typeof Workspace>;

export const listWorkspaces = operation({
  id: "listWorkspaces",
  method: "GET",
  path: "/api/v1/workspaces",
  summary: "The workspaces that the caller can see.",
  tag: "workspaces",
  response: listOf(Workspace, "workspaces").meta({ id: "WorkspaceList", description: "Workspaces." }),
});

export const getWorkspace = operation({
  id: "getWorkspace",
  method: "GET",
  path: "/api/v1/workspaces/{workspace}",
  summary: "One workspace, with the state of its filling.",
  tag: "workspaces",
  params: z.object({ workspace: WorkspaceName }),
  response: Workspace,
});
