import { z } from "zod";
import { ROLES } from "@/lib/domain/roles";
import { Instant, listOf, operation, WorkspaceName, WorkspaceQuery } from "./operation";

export const Person = z
  .object({
    id: z.string().describe("The person's id."),
    name: z.string().describe("Name."),
    email: z.string().describe("E-mail, with which they sign in."),
    title: z.string().describe("What they do, in their own words; may be empty."),
    roles: z.array(z.enum(ROLES)).describe("Roles in the workspace."),
    disabled: z.boolean().describe("True when they can no longer sign in."),
    createdAt: Instant.describe("Since when they are known."),
  })
  .meta({ id: "Person", description: "Somebody with a role in a workspace." });
export type Person = z.infer<typeof Person>;

export const Me = z
  .object({
    id: z.string().describe("The caller's id."),
    name: z.string().describe("The caller's name."),
    kind: z.enum(["user", "token", "system"]).describe("A person, an API token, or the product itself."),
    environment: z.string().nullable().describe("The one environment that a token works in; null for all."),
    workspaces: z
      .array(
        z.object({
          name: WorkspaceName,
          roles: z.array(z.enum(ROLES)).describe("The caller's roles there."),
        }),
      )
      .describe("The workspaces that the caller can see."),
  })
  .meta({ id: "Me", description: "Who makes the request." });
export type Me = z.infer<typeof Me>;

export const listPeople = operation({
  id: "listPeople",
  method: "GET",
  path: "/api/v1/people",
  summary: "The people who have a role in the workspace, by name.",
  tag: "people",
  query: WorkspaceQuery,
  response: listOf(Person, "people").meta({ id: "PersonList", description: "People." }),
});

export const getMe = operation({
  id: "getMe",
  method: "GET",
  path: "/api/v1/me",
  summary: "Who makes the request, and with which roles.",
  tag: "people",
  response: Me,
});

/** What the set-up asks the first administrator. */
export const FirstAdministrator = z.object({
  name: z.string().trim().min(1, { error: "Say what people call you." }).max(200, { error: "At most 200 characters." }),
  email: z.email({ error: "This is not an e-mail address." }).transform((email) => email.toLowerCase()),
  password: z.string().min(12, { error: "At least 12 characters." }).max(200, { error: "At most 200 characters." }),
  workspace: WorkspaceName.regex(/^[a-z][a-z0-9_]*$/, {
    error: "Lower-case letters, digits and _, beginning with a letter.",
  }).optional(),
});
export type FirstAdministrator = z.infer<typeof FirstAdministrator>;
