import { z } from "zod";
import { Instant, listOf, operation, WorkspaceName, WorkspaceQuery } from "./operation";

const GroupName = z
  .string()
  .trim()
  .min(1, { error: "expected a name" })
  .max(100, { error: "expected at most 100 characters" })
  .describe("Name of the group, as `owner` of a spec says it.");
const Description = z.string().trim().max(1000, { error: "expected at most 1000 characters" });
const Members = z
  .array(z.string().trim().toLowerCase())
  .max(1000, { error: "expected at most 1000 members" })
  .describe("E-mails of all members. Each has a role in the workspace.");

export const Group = z
  .object({
    name: GroupName,
    description: z.string().describe("What the group does; may be empty."),
    members: z
      .array(
        z.object({
          id: z.string().describe("The person's id."),
          name: z.string().describe("Name."),
          email: z.string().describe("E-mail."),
        }),
      )
      .describe("Its members by name. Their approval is the owner's."),
    owns: z.number().int().describe("How many objects of the workspace name it as their owner."),
    createdAt: Instant.describe("Since when."),
  })
  .meta({ id: "Group", description: "People who own objects together." });
export type Group = z.infer<typeof Group>;

export const listGroups = operation({
  id: "listGroups",
  method: "GET",
  path: "/api/v1/groups",
  summary: "The groups of a workspace with their members, by name.",
  tag: "people",
  query: WorkspaceQuery,
  response: listOf(Group, "groups").meta({ id: "GroupList", description: "Groups." }),
});

export const createGroup = operation({
  id: "createGroup",
  method: "POST",
  path: "/api/v1/groups",
  summary: "Makes a group.",
  tag: "people",
  body: z
    .strictObject({
      workspace: WorkspaceName,
      name: GroupName,
      description: Description.default("").describe("What the group does."),
      members: Members.default([]),
    })
    .meta({ id: "CreateGroup", description: "A group to make." }),
  response: Group,
  status: 201,
});

const address = {
  params: z.object({ group: GroupName }),
  query: WorkspaceQuery,
  tag: "people",
  response: Group,
} as const;

export const updateGroup = operation({
  id: "updateGroup",
  method: "PATCH",
  path: "/api/v1/groups/{group}",
  summary: "Changes the description or the members of a group.",
  ...address,
  body: z
    .strictObject({ description: Description.optional().describe("What the group does."), members: Members.optional() })
    .meta({ id: "UpdateGroup", description: "What changes of a group." }),
});

export const deleteGroup = operation({
  id: "deleteGroup",
  method: "DELETE",
  path: "/api/v1/groups/{group}",
  summary: "Removes a group that owns nothing.",
  ...address,
});
