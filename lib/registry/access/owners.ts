import type { Prisma as Client, Transaction } from "@/lib/db/client";
import { type EventInput, recordEvents } from "../record-event";
import type { Scope } from "../scope";
import { grantsIn } from "./grants";

/** Whom the `owner` of an object stands for. */
export interface Owner {
  kind: "group" | "person";
  /** As the object says it. */
  name: string;
  /** Who approves as the owner: the members who can sign in. */
  members: { id: string; name: string }[];
}

/**
 * Owners by the name that objects give: a group of the workspace, else the one person with a role there who has that e-mail or
 * name. A name that stands for nobody, or for several people, is missing.
 */
export async function resolveOwners(
  db: Client | Transaction,
  workspaceId: string,
  names: Iterable<string>,
): Promise<Map<string, Owner>> {
  const wanted = [...new Set(names)].filter((name) => name !== "");
  const owners = new Map<string, Owner>();
  if (wanted.length === 0) return owners;
  const groups = await db.group.findMany({
    where: { workspaceId, name: { in: wanted } },
    select: {
      name: true,
      members: {
        where: { user: { disabledAt: null, roleBindings: { some: grantsIn(workspaceId) } } },
        select: { user: { select: { id: true, name: true } } },
        orderBy: { user: { name: "asc" } },
      },
    },
  });
  for (const { name, members } of groups)
    owners.set(name, { kind: "group", name, members: members.map(({ user }) => user) });
  const rest = wanted.filter((name) => !owners.has(name));
  if (rest.length === 0) return owners;
  const people = await db.user.findMany({
    where: {
      OR: [{ email: { in: rest.map((name) => name.toLowerCase()) } }, { name: { in: rest } }],
      roleBindings: { some: grantsIn(workspaceId) },
    },
    select: { id: true, name: true, email: true, disabledAt: true },
  });
  for (const name of rest) {
    const [person, ...others] = people.filter((one) => one.email === name.toLowerCase() || one.name === name);
    if (!person || others.length > 0) continue;
    const members = person.disabledAt ? [] : [{ id: person.id, name: person.name }];
    owners.set(name, { kind: "person", name, members });
  }
  return owners;
}

/** Those of the names that stand for nobody yet: whoever declares one as an owner makes a group of that name. */
export async function unknownOwners(
  db: Client | Transaction,
  workspaceId: string | null,
  names: Iterable<string | undefined>,
): Promise<string[]> {
  const wanted = [...new Set(names)].filter((name): name is string => name !== undefined && name !== "");
  const known = workspaceId === null ? new Map() : await resolveOwners(db, workspaceId, wanted);
  return wanted.filter((name) => !known.has(name)).sort();
}

/**
 * Makes a group without members of every name that stands for nobody, in the transaction of who declares it as an owner.
 * @returns the events that the caller records with its own
 */
export async function createOwners(
  tx: Transaction,
  scope: Scope,
  names: Iterable<string | undefined>,
): Promise<EventInput[]> {
  const missing = await unknownOwners(tx, scope.workspace.id, names);
  if (missing.length === 0) return [];
  const by = scope.actor.id;
  // Somebody else's apply may name the same owner at the same moment: then the group is theirs.
  const created = await tx.group.createManyAndReturn({
    data: missing.map((name) => ({ workspaceId: scope.workspace.id, name, createdBy: by, updatedBy: by })),
    skipDuplicates: true,
    select: { name: true },
  });
  return created.map(({ name }) => ({
    action: "group.create",
    object: `group/${name}`,
    after: { name, members: [] },
  }));
}

/** `createOwners`, with its events. */
export async function ensureOwners(tx: Transaction, scope: Scope, names: Iterable<string | undefined>): Promise<void> {
  await recordEvents(tx, scope, await createOwners(tx, scope, names));
}
