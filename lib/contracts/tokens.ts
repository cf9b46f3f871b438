import { z } from "zod";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { ROLES } from "@/lib/domain/roles";
import { Instant, listOf, operation, WorkspaceName, WorkspaceQuery } from "./operation";

export const Token = z
  .object({
    id: z.uuid().describe("Id of the token, which is not its secret."),
    name: z.string().describe("What it is for."),
    roles: z.array(z.enum(ROLES)).describe("Its roles in the workspace."),
    environment: z.enum(ENVIRONMENTS).nullable().describe("The one environment that it works in; null for all."),
    createdAt: Instant.describe("When it was made."),
    createdBy: z.string().describe("Name of who made it."),
    expiresAt: Instant.nullable().describe("From when it no longer works; null for never."),
    revokedAt: Instant.nullable().describe("When it was revoked; null while it works."),
    lastUsedAt: Instant.nullable().describe("Its last use, to the minute; null for never."),
    state: z.enum(["active", "expired", "revoked"]).describe("Whether it works."),
  })
  .meta({ id: "Token", description: "An API token, without its secret." });
export type Token = z.infer<typeof Token>;

export const CreateToken = z
  .strictObject({
    workspace: WorkspaceName,
    name: z
      .string()
      .trim()
      .min(1, { error: "say what the token is for" })
      .max(100, { error: "expected at most 100 characters" })
      .describe("What it is for."),
    roles: z
      .array(z.enum(ROLES))
      .min(1, { error: "expected at least one role" })
      .describe("Its roles in the workspace."),
    environment: z.enum(ENVIRONMENTS).nullish().describe("Limits it to one environment."),
    expiresAt: Instant.nullish().describe("From when it no longer works; never when left out."),
  })
  .meta({ id: "CreateToken", description: "A token to make." });
export type CreateToken = z.output<typeof CreateToken>;

export const NewToken = z
  .object({
    token: Token.describe("The token."),
    secret: z.string().describe("What to send as `Authorization: Bearer SECRET`. Shown this once and kept nowhere."),
  })
  .meta({ id: "NewToken", description: "A token that was just made, with its secret." });
export type NewToken = z.infer<typeof NewToken>;

export const listTokens = operation({
  id: "listTokens",
  method: "GET",
  path: "/api/v1/tokens",
  summary: "The API tokens of a workspace, newest first.",
  tag: "tokens",
  query: WorkspaceQuery,
  response: listOf(Token, "tokens").meta({ id: "TokenList", description: "API tokens." }),
});

export const createToken = operation({
  id: "createToken",
  method: "POST",
  path: "/api/v1/tokens",
  summary: "Makes an API token. Its secret is in this answer only.",
  tag: "tokens",
  body: CreateToken,
  response: NewToken,
  status: 201,
});

export const revokeToken = operation({
  id: "revokeToken",
  method: "DELETE",
  path: "/api/v1/tokens/{tokenId}",
  summary: "Revokes an API token, at once and for good.",
  tag: "tokens",
  params: z.object({ tokenId: z.uuid({ error: "expected a token's id" }).describe("Id of the token.") }),
  response: Token,
});
