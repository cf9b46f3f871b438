import type { z } from "zod";
import type { createGroup as createContract, Group, updateGroup as updateContract } from "@/lib/contracts/groups";
import { type Prisma as Client, prisma, type Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { recordEvent } from "../record-event";
import { openScopeFor, type Scope } from "../scope";
import { grantsIn } from "./grants";

const PARTS = {
  members: { select: { user: { select: { id: true, name: true, email: true } } }, orderBy: { user: { name: "asc" } } },
} as const satisfies Prisma.GroupInclude;
type Row = Prisma.GroupGetPayload<{ include: typeof PARTS }>;

/** The groups of a workspace, by name. */
export async function listGroups(principal: Principal, workspace: string): Promise<Group[]> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const rows = await prisma().group.findMany({
    where: { workspaceId: scope.workspace.id },
    include: PARTS,
    orderBy: { name: "asc" },
  });
  const owned = await countOwned(prisma(), scope.workspace.id);
  return rows.map((row) => toGroup(row, owned));
}

/** Makes a group. Throws `conflict` for a name that is taken, and `invalid` for members without a role in the workspace. */
export async function createGroup(
  principal: Principal,
  { workspace, name, description, members }: z.output<(typeof createContract)["body"]>,
): Promise<Group> {
  const scope = await openScopeFor(principal, workspace, "member:manage");
  const by = { createdBy: scope.actor.id, updatedBy: scope.actor.id };
  return prisma().$transaction(async (tx) => {
    const { count } = await tx.group.createMany({
      data: [{ workspaceId: scope.workspace.id, name, description, ...by }],
      skipDuplicates: true,
    });
    if (count === 0)
      throw new DomainError(
        "conflict",
        `There is a group \`${name}\` already. Choose another name, or change that one.`,
      );
    const row = await findGroup(tx, scope, name);
    await setMembers(tx, scope, row, members);
    const made = await findGroup(tx, scope, name);
    await recordEvent(tx, scope, { action: "group.create", object: `group/${name}`, after: summaryOf(made) });
    return toGroup(made, await countOwned(tx, scope.workspace.id));
  });
}

export function updateGroup(
  principal: Principal,
  ref: { workspace: string; group: string },
  { description, members }: z.output<(typeof updateContract)["body"]>,
): Promise<Group> {
  return inGroup(principal, ref, async (tx, scope, row) => {
    if (members) await setMembers(tx, scope, row, members);
    await tx.group.update({
      where: { id: row.id },
      data: { ...(description !== undefined && { description }), updatedBy: scope.actor.id },
    });
    const after = await findGroup(tx, scope, row.name);
    if (JSON.stringify(summaryOf(row)) !== JSON.stringify(summaryOf(after)))
      await recordEvent(tx, scope, {
        action: "group.update",
        object: `group/${row.name}`,
        before: summaryOf(row),
        after: summaryOf(after),
      });
    return toGroup(after, await countOwned(tx, scope.workspace.id));
  });
}

/** Throws `conflict` while something names the group as its owner. */
export function deleteGroup(principal: Principal, ref: { workspace: string; group: string }): Promise<Group> {
  return inGroup(principal, ref, async (tx, scope, row) => {
    const owned = await countOwned(tx, scope.workspace.id);
    const count = owned.get(row.name) ?? 0;
    if (count > 0)
      throw new DomainError(
        "conflict",
        `\`${row.name}\` owns ${count === 1 ? "one object" : `${count} objects`}. Give them another owner first.`,
      );
    await tx.group.delete({ where: { id: row.id } });
    await recordEvent(tx, scope, { action: "group.delete", object: `group/${row.name}`, before: summaryOf(row) });
    return toGroup(row, owned);
  });
}

async function inGroup(
  principal: Principal,
  { workspace, group }: { workspace: string; group: string },
  step: (tx: Transaction, scope: Scope, row: Row) => Promise<Group>,
): Promise<Group> {
  const scope = await openScopeFor(principal, workspace, "member:manage");
  return prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "Group" WHERE "workspaceId" = ${scope.workspace.id} AND "name" = ${group} FOR UPDATE`;
    return step(tx, scope, await findGroup(tx, scope, group));
  });
}

async function findGroup(tx: Transaction, scope: Scope, name: string): Promise<Row> {
  const row = await tx.group.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
    include: PARTS,
  });
  if (!row) throw new DomainError("not_found", `There is no group \`${name}\` in ${scope.workspace.name}.`);
  return row;
}

async function setMembers(tx: Transaction, scope: Scope, group: Row, emails: readonly string[]): Promise<void> {
  const wanted = [...new Set(emails)];
  const users = await tx.user.findMany({
    where: { email: { in: wanted }, roleBindings: { some: grantsIn(scope.workspace.id) } },
    select: { id: true, email: true },
  });
  const known = new Set(users.map(({ email }) => email));
  const unknown = wanted.filter((email) => !known.has(email));
  if (unknown.length > 0)
    throw new DomainError(
      "invalid",
      `${unknown.join(", ")}: nobody in ${scope.workspace.name} has this e-mail. Invite them first.`,
      {
        issues: unknown.map((email) => ({
          path: ["members", wanted.indexOf(email)],
          message: "No person in the workspace has this e-mail.",
          found: email,
        })),
      },
    );
  await tx.groupMember.deleteMany({ where: { groupId: group.id, userId: { notIn: users.map(({ id }) => id) } } });
  await tx.groupMember.createMany({
    data: users.map(({ id }) => ({ groupId: group.id, userId: id, createdBy: scope.actor.id })),
    skipDuplicates: true,
  });
}

/** Owner → how many objects of the workspace that are not retired name it. */
async function countOwned(db: Client | Transaction, workspaceId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db.$queryRaw<{ owner: string; owned: number }[]>`
    SELECT "owner", count(*)::int AS "owned" FROM (
      SELECT "owner" FROM "Source" WHERE "workspaceId" = ${workspaceId} AND "retiredAt" IS NULL
      UNION ALL SELECT "owner" FROM "Stage" WHERE "workspaceId" = ${workspaceId} AND "retiredAt" IS NULL
      UNION ALL SELECT "owner" FROM "Feature" WHERE "workspaceId" = ${workspaceId} AND "retiredAt" IS NULL
      UNION ALL SELECT "owner" FROM "FeatureView" WHERE "workspaceId" = ${workspaceId} AND "retiredAt" IS NULL
      UNION ALL SELECT "owner" FROM "FeatureService" WHERE "workspaceId" = ${workspaceId} AND "retiredAt" IS NULL
      UNION ALL SELECT "owner" FROM "Pipeline" WHERE "workspaceId" = ${workspaceId} AND "retiredAt" IS NULL
      UNION ALL SELECT "owner" FROM "Model" WHERE "workspaceId" = ${workspaceId}
      UNION ALL SELECT "owner" FROM "Monitor" WHERE "workspaceId" = ${workspaceId} AND "retiredAt" IS NULL
      UNION ALL SELECT "owner" FROM "Experiment" WHERE "workspaceId" = ${workspaceId}) AS o
    WHERE "owner" <> '' GROUP BY "owner"`;
  return new Map(rows.map(({ owner, owned }) => [owner, owned]));
}

const summaryOf = ({ name, description, members }: Row) => ({
  name,
  description,
  members: members.map(({ user }) => user.email),
});

function toGroup({ name, description, members, createdAt }: Row, owned: ReadonlyMap<string, number>): Group {
  return {
    name,
    description,
    members: members.map(({ user }) => user),
    owns: owned.get(name) ?? 0,
    createdAt: createdAt.toISOString(),
  };
}
