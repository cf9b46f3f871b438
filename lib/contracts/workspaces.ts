import { z } from "zod";
import { Invited } from "./people";
import { Instant, listOf, operation, WorkspaceName } from "./operation";

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
    archivedAt: Instant.nullable().describe("Since when nothing in it can be changed; null while it is in use."),
    seeding: Seeding.nullable().describe("Null for a workspace that is not a demo."),
  })
  .meta({ id: "Workspace", description: "Name space and permission boundary." });
export type Workspace = z.infer<typeof Workspace>;

export const listWorkspaces = operation({
  id: "listWorkspaces",
  method: "GET",
  path: "/api/v1/workspaces",
  summary: "The workspaces that the caller can see, by name.",
  tag: "workspaces",
  query: z.object({
    archived: z
      .enum(["true", "false"])
      .default("false")
      .transform((value) => value === "true")
      .describe("Whether archived workspaces are listed as well."),
  }),
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

export const createWorkspace = operation({
  id: "createWorkspace",
  method: "POST",
  path: "/api/v1/workspaces",
  summary: "Makes a workspace with its first administrator: the caller, or somebody who is given the role or invited.",
  tag: "workspaces",
  body: z
    .strictObject({
      name: WorkspaceName.max(63, { error: "expected at most 63 characters" }),
      title: z.string().trim().min(1).max(200).optional().describe("Name for people; the name when left out."),
      description: z.string().trim().max(2000).default("").describe("What the workspace is about."),
      admin: z
        .strictObject({
          email: z
            .string()
            .trim()
            .toLowerCase()
            .pipe(z.email({ error: "expected an e-mail address" }))
            .describe("Their e-mail."),
          name: z.string().trim().min(1, { error: "expected a name" }).max(200).describe("What people call them."),
        })
        .optional()
        .describe("The first administrator; the caller when left out."),
    })
    .meta({ id: "CreateWorkspace", description: "A workspace to make." }),
  response: z
    .object({
      workspace: Workspace,
      administrator: Invited.nullable().describe("What became of asking the first administrator; null for the caller."),
    })
    .meta({ id: "CreatedWorkspace", description: "A workspace that was just made." }),
  status: 201,
});

const one = { params: z.object({ workspace: WorkspaceName }), tag: "workspaces", response: Workspace } as const;

export const archiveWorkspace = operation({
  id: "archiveWorkspace",
  method: "POST",
  path: "/api/v1/workspaces/{workspace}/archive",
  summary: "Archives a workspace: what it holds stays readable, nothing in it changes or runs any more.",
  ...one,
});

export const restoreWorkspace = operation({
  id: "restoreWorkspace",
  method: "POST",
  path: "/api/v1/workspaces/{workspace}/restore",
  summary: "Puts an archived workspace back into use.",
  ...one,
});
