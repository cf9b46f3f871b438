import type { CreateToken, Token } from "@/lib/contracts/tokens";
import { prisma } from "@/lib/db/client";
import type { ApiToken } from "@/lib/db/generated/client";
import type { Environment } from "@/lib/domain/environments";
import { DomainError } from "@/lib/domain/errors";
import { assertCan } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { recordEvent } from "../record-event";
import { openScopeFor, scopeIn } from "../scope";

/** The tokens of a workspace, newest first; those that no longer work among them, because the log names them. */
export async function listTokens(principal: Principal, workspace: string): Promise<Token[]> {
  const scope = await openScopeFor(principal, workspace, "token:manage");
  const rows = await prisma().apiToken.findMany({
    where: { workspaceId: scope.workspace.id },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  return rows.map((row) => toToken(row, nameOf(row.createdBy)));
}

/** Keeps a new token by the SHA-256 of its secret, which nobody but the caller ever has. */
export async function createToken(principal: Principal, input: CreateToken, hash: string): Promise<Token> {
  const scope = await openScopeFor(principal, input.workspace, "token:manage");
  // A token that is limited to one environment must not make one that is not.
  if (scope.actor.environment) {
    if (!input.environment)
      throw new DomainError(
        "forbidden",
        `${scope.actor.name} is limited to ${scope.actor.environment}: set \`environment\` to ${scope.actor.environment}.`,
      );
    assertCan(scope.actor, "token:manage", input.environment);
  }
  const expiresAt = input.expiresAt ? new Date(input.expiresAt) : null;
  if (expiresAt && expiresAt <= new Date())
    throw new DomainError("invalid", "`expiresAt` is over. Expected an instant in the future.", {
      issues: [{ path: ["expiresAt"], message: "is over", expected: "an instant in the future" }],
    });
  return prisma().$transaction(async (tx) => {
    const row = await tx.apiToken.create({
      data: {
        name: input.name,
        hash,
        scope: "workspace",
        workspaceId: scope.workspace.id,
        roles: [...new Set(input.roles)],
        environment: input.environment ?? null,
        expiresAt,
        createdBy: scope.actor.ownerId ?? scope.actor.id,
      },
    });
    await recordEvent(tx, scope, { action: "token.create", object: `token/${row.id}`, after: summaryOf(row) });
    return toToken(row, scope.actor.name);
  });
}

/** Revokes a token, at once and for good. Revoking it again changes nothing. */
export async function revokeToken(principal: Principal, tokenId: string): Promise<Token> {
  const found = await prisma().apiToken.findUnique({ where: { id: tokenId }, include: { workspace: true } });
  const scope = scopeIn(principal, found?.workspace, `token \`${tokenId}\``);
  assertCan(scope.actor, "token:manage");
  const row = await prisma().$transaction(async (tx) => {
    const before = await tx.apiToken.findUniqueOrThrow({ where: { id: tokenId } });
    const { count } = await tx.apiToken.updateMany({
      where: { id: tokenId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count > 0)
      await recordEvent(tx, scope, { action: "token.revoke", object: `token/${tokenId}`, before: summaryOf(before) });
    return tx.apiToken.findUniqueOrThrow({ where: { id: tokenId } });
  });
  const nameOf = await actorNames([row.createdBy]);
  return toToken(row, nameOf(row.createdBy));
}

/** What the log keeps of a token: no secret, and no digest of one. */
function summaryOf(row: ApiToken) {
  return {
    name: row.name,
    roles: row.roles,
    environment: row.environment,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}

function toToken(row: ApiToken, createdBy: string): Token {
  const expired = row.expiresAt !== null && row.expiresAt <= new Date();
  return {
    id: row.id,
    name: row.name,
    roles: row.roles as Role[],
    environment: row.environment as Environment | null,
    createdAt: row.createdAt.toISOString(),
    createdBy,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    state: row.revokedAt ? "revoked" : expired ? "expired" : "active",
  };
}
