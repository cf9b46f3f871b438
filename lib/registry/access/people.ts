import { hash } from "@node-rs/argon2";
import type { FirstAdministrator, Me, Person } from "@/lib/contracts/people";
import { prisma, type Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { Role } from "@/lib/domain/roles";
import { actorIn, SYSTEM, type Principal } from "@/lib/domain/principal";
import { grantsIn } from "./grants";
import { digestOf, recordEvents } from "../record-event";
import { openScopeFor } from "../scope";

/** Any fixed number: two first visitors must not both become the first administrator. */
const SETUP_LOCK = 7_105_222;

/** The people who have a role in the workspace, by name. */
export async function listPeople(principal: Principal, workspace: string): Promise<Person[]> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const bindings = grantsIn(scope.workspace.id);
  const users = await prisma().user.findMany({
    where: { roleBindings: { some: bindings } },
    include: { roleBindings: { where: bindings } },
    orderBy: [{ name: "asc" }, { email: "asc" }],
  });
  return users.map((user) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    title: user.title,
    roles: [...new Set(user.roleBindings.map((binding) => binding.role as Role))],
    disabled: user.disabledAt !== null,
    createdAt: user.createdAt.toISOString(),
  }));
}

export async function getMe(principal: Principal): Promise<Me> {
  const rows = await prisma().workspace.findMany({ orderBy: { name: "asc" }, select: { id: true, name: true } });
  return {
    id: principal.id,
    name: principal.name,
    kind: principal.kind,
    environment: principal.environment ?? null,
    workspaces: rows
      .map((row) => ({ name: row.name, roles: [...actorIn(principal, row.id).roles] }))
      .filter((workspace) => workspace.roles.length > 0),
  };
}

/**
 * Makes the administrator of a new installation, and its first workspace when there is none. Passwords are kept as argon2id.
 * Throws `conflict` as soon as somebody can sign in with a password.
 */
export async function createFirstAdministrator(input: FirstAdministrator): Promise<{ id: string; workspace: string }> {
  const passwordHash = await hash(input.password);
  return prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SETUP_LOCK}::bigint)`;
    if (await tx.user.findFirst({ where: { OR: [{ passwordHash: { not: null } }, { email: input.email }] } }))
      throw new DomainError("conflict", "Somebody was here before: this installation has an administrator. Sign in.");
    const workspace =
      (await tx.workspace.findFirst({ orderBy: { name: "asc" }, select: { id: true, name: true } })) ??
      (await createWorkspace(tx, input.workspace ?? "main"));
    const user = await tx.user.create({ data: { email: input.email, name: input.name, passwordHash } });
    await tx.roleBinding.create({
      data: { userId: user.id, scope: "installation", role: "admin", createdBy: user.id },
    });
    const actor = { id: user.id, name: user.name, kind: "user", roles: ["admin"] } as const;
    await recordEvents(tx, { actor, workspace, requestId: null }, [
      {
        action: "person.create",
        object: `person/${user.email}`,
        after: { email: user.email, name: user.name, roles: ["admin"] },
      },
    ]);
    return { id: user.id, workspace: workspace.name };
  });
}

async function createWorkspace(tx: Transaction, name: string): Promise<{ id: string; name: string }> {
  const definition = { kind: "Workspace", name };
  const workspace = await tx.workspace.create({
    data: { name, title: name, definition, digest: digestOf(definition), createdBy: SYSTEM.id, updatedBy: SYSTEM.id },
    select: { id: true, name: true },
  });
  return workspace;
}

/** Whether the set-up still has to make the first workspace. */
export async function hasWorkspace(): Promise<boolean> {
  return (await prisma().workspace.count()) > 0;
}
