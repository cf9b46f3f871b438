import type { z } from "zod";
import type { Invited } from "@/lib/contracts/people";
import type { createWorkspace as createContract, Seeding, Workspace } from "@/lib/contracts/workspaces";
import type { Actor } from "@/lib/domain/actor";
import type { WorkspaceDefinition } from "@/lib/domain/definitions/workspace";
import { DomainError } from "@/lib/domain/errors";
import { assertCan } from "@/lib/domain/permissions";
import { actorIn, type Principal } from "@/lib/domain/principal";
import { prisma } from "@/lib/db/client";
import type { Workspace as WorkspaceRow } from "@/lib/db/generated/client";
import { insertWorkspace } from "../catalogue/workspace-documents";
import { recordEvent } from "../record-event";
import { openScopeFor, type Scope, scopeIn } from "../scope";
import { changeMembers } from "./administrators";
import { inviteIn } from "./invitations";

/** The workspaces in which the principal has a role, by name; archived ones only when asked for. */
export async function listWorkspaces(principal: Principal, { archived = false } = {}): Promise<Workspace[]> {
  const rows = await prisma().workspace.findMany({
    where: archived ? {} : { archivedAt: null },
    orderBy: { name: "asc" },
  });
  return Promise.all(
    rows.filter((row) => actorIn(principal, row.id).roles.length > 0).map((row) => toWorkspace(principal, row)),
  );
}

export async function getWorkspace(principal: Principal, name: string): Promise<Workspace> {
  const scope = await openScopeFor(principal, name, "workspace:read");
  return toWorkspace(principal, await prisma().workspace.findUniqueOrThrow({ where: { id: scope.workspace.id } }));
}

/**
 * Makes a workspace with its first administrator. Administrators of the installation may, and people who administer a workspace.
 * Throws `forbidden` for others, `conflict` for a name that is taken, and `invalid` for a caller without an account who names no
 * administrator.
 */
export async function createWorkspace(
  principal: Principal,
  { name, title, description, admin }: z.output<(typeof createContract)["body"]>,
): Promise<{ workspace: Workspace; administrator: Invited | null }> {
  if (!mayCreateWorkspace(principal))
    throw new DomainError(
      "forbidden",
      `${principal.name} cannot make a workspace: that is for administrators of the installation, and for people who administer a workspace.`,
    );
  const caller = await prisma().user.findUnique({ where: { id: principal.id } });
  if (!caller && !admin)
    throw new DomainError("invalid", "Name the first administrator: `admin` with e-mail and name.", {
      issues: [{ path: ["admin"], message: "Missing.", expected: "the first administrator" }],
    });
  const { row, administrator } = await prisma().$transaction((tx) =>
    changeMembers(tx, async () => {
      if (await tx.workspace.findUnique({ where: { name }, select: { id: true } }))
        throw new DomainError("conflict", `There is a workspace \`${name}\` already. Choose another name.`);
      const definition: WorkspaceDefinition = {
        kind: "Workspace",
        name,
        ...(title && { title }),
        ...(description && { description }),
      };
      const row = await insertWorkspace(tx, definition, principal.id);
      const scope: Scope = { actor: adminIn(principal, row.id), workspace: row, requestId: principal.requestId };
      const own = caller && (!admin || admin.email === caller.email);
      if (own)
        await tx.roleBinding.create({
          data: { userId: caller.id, scope: "workspace", workspaceId: row.id, role: "admin", createdBy: caller.id },
        });
      await recordEvent(tx, scope, {
        action: "workspace.create",
        object: `workspace/${name}`,
        after: { ...definition, admin: own ? caller.email : admin?.email },
      });
      const invited = !own && admin ? await inviteIn(tx, scope, { ...admin, roles: ["admin"] }) : null;
      return { row: await tx.workspace.findUniqueOrThrow({ where: { id: row.id } }), administrator: invited };
    }),
  );
  const bindings = administrator
    ? principal.bindings
    : [...principal.bindings, { workspaceId: row.id, role: "admin" as const }];
  return { workspace: await toWorkspace({ ...principal, bindings }, row), administrator };
}

/** Whether the principal may make workspaces: a token of one workspace reaches no further than that one. */
export function mayCreateWorkspace({ bindings, kind }: Principal): boolean {
  return bindings.some(({ workspaceId, role }) => role === "admin" && (workspaceId === null || kind === "user"));
}

const adminIn = (principal: Principal, workspaceId: string): Actor => ({
  ...actorIn(principal, workspaceId),
  roles: ["admin"],
});

/** Archives a workspace, or puts it back into use. Doing so again changes nothing. */
export async function setArchived(principal: Principal, name: string, archived: boolean): Promise<Workspace> {
  const found = await prisma().workspace.findUnique({ where: { name } });
  const scope = scopeIn(principal, found, `workspace \`${name}\``);
  assertCan(scope.actor, "workspace:edit");
  const row = await prisma().$transaction(async (tx) => {
    const { id } = scope.workspace;
    await tx.$executeRaw`SELECT 1 FROM "Workspace" WHERE "id" = ${id} FOR UPDATE`;
    const before = await tx.workspace.findUniqueOrThrow({ where: { id } });
    if ((before.archivedAt !== null) === archived) return before;
    const running = archived
      ? await tx.run.count({ where: { workspaceId: id, state: { in: ["queued", "running"] } } })
      : 0;
    if (running > 0)
      throw new DomainError(
        "conflict",
        `${running === 1 ? "A run is" : `${running} runs are`} under way in ${name}. Wait for ${running === 1 ? "it" : "them"}, or cancel.`,
      );
    const restore = () => tx.workspace.update({ where: { id }, data: { archivedAt: null } });
    const archive = () => tx.workspace.update({ where: { id }, data: { archivedAt: new Date() } });
    if (!archived) await restore();
    await recordEvent(tx, scope, {
      action: archived ? "workspace.archive" : "workspace.restore",
      object: `workspace/${name}`,
    });
    return archived ? archive() : tx.workspace.findUniqueOrThrow({ where: { id } });
  });
  return toWorkspace(principal, row);
}

async function toWorkspace(principal: Principal, row: WorkspaceRow): Promise<Workspace> {
  const where = { workspaceId: row.id };
  const live = { ...where, retiredAt: null };
  const [features, stages, sources, models, runs] = await Promise.all([
    prisma().feature.count({ where: live }),
    prisma().stage.count({ where: live }),
    prisma().source.count({ where: live }),
    prisma().model.count({ where }),
    prisma().run.count({ where }),
  ]);
  return {
    name: row.name,
    title: row.title,
    description: row.description,
    roles: [...actorIn(principal, row.id).roles],
    counts: { features, stages, sources, models, runs },
    archivedAt: row.archivedAt?.toISOString() ?? null,
    seeding: row.seedState
      ? {
          state: row.seedState as z.infer<typeof Seeding>["state"],
          progress: row.seedProgress,
          message: row.seedMessage ?? "",
        }
      : null,
  };
}
