import { hash } from "@node-rs/argon2";
import type { FirstAdministrator, Me, Person } from "@/lib/contracts/people";
import { prisma, type Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { DomainError } from "@/lib/domain/errors";
import { ROLES } from "@/lib/domain/roles";
import { actorIn, SYSTEM, type Principal } from "@/lib/domain/principal";
import { grantsIn } from "./grants";
import { insertWorkspace } from "../catalogue/workspace-documents";
import { recordEvents } from "../record-event";
import { openScopeFor, type Scope } from "../scope";

/** Any fixed number: two first visitors must not both become the first administrator. */
const SETUP_LOCK = 7_105_222;

/** The people who have a role in the workspace, by name. */
export async function listPeople(principal: Principal, workspace: string): Promise<Person[]> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const users = await prisma().user.findMany({
    where: { roleBindings: { some: grantsIn(scope.workspace.id) } },
    include: parts(scope),
    orderBy: [{ name: "asc" }, { email: "asc" }],
  });
  return users.map(toPerson);
}

/** What a person is in the workspace. */
export async function getPersonIn(tx: Transaction, scope: Scope, id: string): Promise<Person> {
  return toPerson(await tx.user.findUniqueOrThrow({ where: { id }, include: parts(scope) }));
}

/** Of a person: the grants that hold in the workspace, and its groups. */
const parts = ({ workspace }: Scope) =>
  ({
    roleBindings: { where: grantsIn(workspace.id) },
    memberships: {
      where: { group: { workspaceId: workspace.id } },
      select: { group: { select: { name: true } } },
      orderBy: { group: { name: "asc" } },
    },
  }) as const satisfies Prisma.UserInclude;

type PersonRow = Prisma.UserGetPayload<{ include: ReturnType<typeof parts> }>;

function toPerson(user: PersonRow): Person {
  const rolesOf = (grants: PersonRow["roleBindings"]) =>
    ROLES.filter((role) => grants.some((grant) => grant.role === role));
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    title: user.title,
    roles: rolesOf(user.roleBindings),
    installationRoles: rolesOf(user.roleBindings.filter(({ scope }) => scope === "installation")),
    groups: user.memberships.map(({ group }) => group.name),
    disabled: user.disabledAt !== null,
    createdAt: user.createdAt.toISOString(),
  };
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
      throw new DomainError("conflict", "This installation already has an administrator. Sign in.");
    const workspace =
      (await tx.workspace.findFirst({ orderBy: { name: "asc" }, select: { id: true, name: true } })) ??
      (await insertWorkspace(tx, { kind: "Workspace", name: input.workspace ?? "main" }, SYSTEM.id));
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

/** Whether the set-up still has to make the first workspace. */
export async function hasWorkspace(): Promise<boolean> {
  return (await prisma().workspace.count()) > 0;
}
