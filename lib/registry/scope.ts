import type { Actor } from "@/lib/domain/actor";
import { DomainError } from "@/lib/domain/errors";
import { assertCan, type Verb } from "@/lib/domain/permissions";
import { actorIn, type Principal } from "@/lib/domain/principal";
import { prisma } from "@/lib/db/client";

/** Who acts, and where: the first argument of every registry function. */
export interface Scope {
  actor: Actor;
  workspace: { id: string; name: string };
  requestId: string | null;
}

/**
 * Resolves a workspace by name for a principal. A workspace in which they have no role is `not_found`, not `forbidden`:
 * whether it exists is none of their business.
 */
export async function openScope(principal: Principal, workspace: string): Promise<Scope> {
  const row = await prisma().workspace.findUnique({ where: { name: workspace }, select: { id: true, name: true } });
  return scopeIn(principal, row, `workspace \`${workspace}\``);
}

/** The scope of something addressed by its own id: its workspace is the row's. */
export function scopeIn(
  principal: Principal,
  workspace: { id: string; name: string } | null | undefined,
  what: string,
): Scope {
  const actor = workspace && actorIn(principal, workspace.id);
  if (!workspace || !actor || actor.roles.length === 0)
    throw new DomainError("not_found", `There is no ${what} that you can see.`);
  return { actor, workspace, requestId: principal.requestId };
}

/** `openScope` and the permission in one step: what most use cases begin with. */
export async function openScopeFor(principal: Principal, workspace: string, verb: Verb): Promise<Scope> {
  const scope = await openScope(principal, workspace);
  assertCan(scope.actor, verb);
  return scope;
}
