import type { Actor } from "@/lib/domain/actor";
import { DomainError } from "@/lib/domain/errors";
import { assertCan, READING, type Verb } from "@/lib/domain/permissions";
import { actorIn, type Principal, SYSTEM_ACTOR } from "@/lib/domain/principal";
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
  return scopeIn(principal, await findWorkspace(workspace), `workspace \`${workspace}\``);
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
  const { id, name } = workspace;
  return { actor, workspace: { id, name }, requestId: principal.requestId };
}

/** `openScope` and the permission in one step: what most use cases begin with. An archived workspace is only read. */
export async function openScopeFor(principal: Principal, workspace: string, verb: Verb): Promise<Scope> {
  const row = await findWorkspace(workspace);
  const scope = scopeIn(principal, row, `workspace \`${workspace}\``);
  assertCan(scope.actor, verb);
  if (row?.archivedAt && !READING.has(verb)) throw archived(workspace);
  return scope;
}

/** The product itself in a workspace: what schedules, workers and the first start act as. */
export function systemScope({ id, name }: { id: string; name: string }): Scope {
  return { actor: SYSTEM_ACTOR, workspace: { id, name }, requestId: null };
}

/** The same of a workspace by its id; null for one that is gone. */
export async function systemScopeOf(workspaceId: string): Promise<Scope | null> {
  const workspace = await prisma().workspace.findUnique({
    where: { id: workspaceId },
    select: { id: true, name: true },
  });
  return workspace && systemScope(workspace);
}

const findWorkspace = (name: string) =>
  prisma().workspace.findUnique({ where: { name }, select: { id: true, name: true, archivedAt: true } });

export function archived(workspace: string): DomainError {
  return new DomainError(
    "conflict",
    `Workspace ${workspace} is archived: it can be read, and nothing in it changes. An administrator can restore it.`,
  );
}
