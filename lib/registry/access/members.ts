import type { z } from "zod";
import type { Person, updatePerson as updateContract } from "@/lib/contracts/people";
import { prisma, type Transaction } from "@/lib/db/client";
import type { RoleBinding, User } from "@/lib/db/generated/client";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { type Role, ROLES } from "@/lib/domain/roles";
import { recordEvent } from "../record-event";
import { openScopeFor, type Scope } from "../scope";
import { changeMembers } from "./administrators";
import { grantsIn } from "./grants";
import { recordPersonEvent } from "./person-events";
import { getPersonIn } from "./people";

type Member = User & { roleBindings: RoleBinding[] };

/**
 * Changes roles in the scope that is named, and whether the account is disabled. Throws `forbidden` for what reaches beyond the
 * workspaces that the caller administers, and `conflict` when nobody would be left to administer one.
 */
export async function updatePerson(
  principal: Principal,
  id: string,
  { workspace, roles, scope: where, disabled }: z.output<(typeof updateContract)["body"]>,
): Promise<Person> {
  const scope = await openScopeFor(principal, workspace, "member:manage");
  return prisma().$transaction((tx) =>
    changeMembers(tx, async () => {
      const member = await findMember(tx, scope, id);
      if (roles && where === "installation") await setInstallationRoles(tx, principal, scope, member, roles);
      if (roles && where === "workspace") await setRoles(tx, scope, member, roles);
      if (disabled !== undefined && disabled !== (member.disabledAt !== null))
        await setDisabled(tx, principal, scope, member, disabled);
      return getPersonIn(tx, scope, id);
    }),
  );
}

async function setRoles(tx: Transaction, scope: Scope, member: Member, roles: readonly Role[]): Promise<void> {
  const own = member.roleBindings.filter(({ workspaceId }) => workspaceId === scope.workspace.id);
  if (roles.length === 0 && own.length > 0)
    throw new DomainError("invalid", `Expected at least one role. Remove ${member.name} from the workspace instead.`, {
      issues: [{ path: ["roles"], message: "Empty.", expected: "at least one role" }],
    });
  const { before, after } = await replaceRoles(tx, scope, member, own, roles, {
    scope: "workspace",
    workspaceId: scope.workspace.id,
  });
  if (before.join() !== after.join())
    await recordEvent(tx, scope, {
      action: "person.change_roles",
      object: `person/${member.email}`,
      before: { roles: before },
      after: { roles: after },
    });
}

async function setInstallationRoles(
  tx: Transaction,
  principal: Principal,
  scope: Scope,
  member: Member,
  roles: readonly Role[],
): Promise<void> {
  if (!principal.bindings.some((binding) => binding.workspaceId === null && binding.role === "admin"))
    throw new DomainError(
      "forbidden",
      `Roles in the whole installation are given and taken by its administrators; ${principal.name} administers single workspaces.`,
    );
  const held = member.roleBindings.filter((binding) => binding.scope === "installation");
  const { before, after } = await replaceRoles(tx, scope, member, held, roles, {
    scope: "installation",
    workspaceId: null,
  });
  if (before.join() !== after.join())
    await recordPersonEvent(tx, scope, member.id, {
      action: "person.change_roles",
      object: `person/${member.email}`,
      before: { installationRoles: before },
      after: { installationRoles: after },
    });
}

async function replaceRoles(
  tx: Transaction,
  scope: Scope,
  member: Member,
  held: readonly RoleBinding[],
  roles: readonly Role[],
  place: { scope: string; workspaceId: string | null },
): Promise<{ before: Role[]; after: Role[] }> {
  const before = ROLES.filter((role) => held.some((binding) => binding.role === role));
  const after = ROLES.filter((role) => roles.includes(role));
  const gone = held.filter(({ role }) => !after.includes(role as Role)).map((binding) => binding.id);
  await tx.roleBinding.deleteMany({ where: { id: { in: gone } } });
  await tx.roleBinding.createMany({
    data: after
      .filter((role) => !before.includes(role))
      .map((role) => ({ userId: member.id, ...place, role, createdBy: scope.actor.id })),
  });
  return { before, after };
}

/** Disabling ends the person's sessions and revokes the tokens that were issued to them, in the same transaction. */
async function setDisabled(
  tx: Transaction,
  principal: Principal,
  scope: Scope,
  member: Member,
  disabled: boolean,
): Promise<void> {
  const beyond = await beyondReach(tx, principal, member.id);
  if (beyond)
    throw new DomainError(
      "forbidden",
      `${member.name} also has a role in ${beyond}, which ${principal.name} does not administer. Remove them from this workspace instead, or ask an administrator of both.`,
    );
  const now = new Date();
  await tx.user.update({ where: { id: member.id }, data: { disabledAt: disabled ? now : null } });
  const ended = disabled
    ? await tx.session.updateMany({
        where: { userId: member.id, endedAt: null, expiresAt: { gt: now } },
        data: { endedAt: now, endReason: "disabled" },
      })
    : null;
  const revoked = disabled ? await revokeTokens(tx, { createdBy: member.id }) : [];
  await recordPersonEvent(tx, scope, member.id, {
    action: disabled ? "person.disable" : "person.enable",
    object: `person/${member.email}`,
    ...(ended && { after: { sessionsEnded: ended.count, tokensRevoked: revoked } }),
  });
}

/** A place where the person has a role and the caller is no administrator; null when there is none. */
async function beyondReach(tx: Transaction, principal: Principal, userId: string): Promise<string | null> {
  const administers = principal.bindings.filter(({ role }) => role === "admin").map(({ workspaceId }) => workspaceId);
  if (administers.includes(null)) return null;
  const grants = await tx.roleBinding.findMany({
    where: { userId },
    select: { scope: true, workspaceId: true, workspace: { select: { name: true } } },
  });
  const other = grants.find(({ workspaceId }) => workspaceId === null || !administers.includes(workspaceId));
  if (!other) return null;
  // The name of a workspace that the caller cannot see is none of their business.
  const seen = principal.bindings.some(({ workspaceId }) => workspaceId === other.workspaceId);
  if (other.scope === "installation") return "the whole installation";
  return seen ? `workspace ${other.workspace?.name}` : "another workspace";
}

/** Removes a person from the workspace: roles, groups and tokens there. Throws `conflict` for who is in it through the installation. */
export async function removePerson(principal: Principal, id: string, workspace: string): Promise<Person> {
  const scope = await openScopeFor(principal, workspace, "member:manage");
  const workspaceId = scope.workspace.id;
  return prisma().$transaction((tx) =>
    changeMembers(tx, async () => {
      const member = await findMember(tx, scope, id);
      if (member.roleBindings.some((binding) => binding.scope === "installation"))
        throw new DomainError(
          "conflict",
          `${member.name} has a role in the whole installation, and so in ${scope.workspace.name}. An administrator of the installation can take it away.`,
        );
      const roles = ROLES.filter((role) => member.roleBindings.some((binding) => binding.role === role));
      await tx.roleBinding.deleteMany({ where: { userId: id, workspaceId } });
      await tx.groupMember.deleteMany({ where: { userId: id, group: { workspaceId } } });
      const tokensRevoked = await revokeTokens(tx, { createdBy: id, workspaceId });
      await recordEvent(tx, scope, {
        action: "person.remove",
        object: `person/${member.email}`,
        before: { email: member.email, name: member.name, roles },
        after: { tokensRevoked },
      });
      return getPersonIn(tx, scope, id);
    }),
  );
}

/** A token acts for whom it was issued to, and stops with them. Answers their names. */
async function revokeTokens(tx: Transaction, where: { createdBy: string; workspaceId?: string }): Promise<string[]> {
  const rows = await tx.apiToken.updateManyAndReturn({
    where: { ...where, revokedAt: null },
    data: { revokedAt: new Date() },
    select: { name: true },
  });
  return rows.map(({ name }) => name).sort();
}

async function findMember(tx: Transaction, scope: Scope, id: string): Promise<Member> {
  const member = await tx.user.findFirst({
    where: { id, roleBindings: { some: grantsIn(scope.workspace.id) } },
    include: { roleBindings: { where: grantsIn(scope.workspace.id) } },
  });
  if (!member)
    throw new DomainError("not_found", `There is no person \`${id}\` in ${scope.workspace.name}. Invite them first.`);
  return member;
}
