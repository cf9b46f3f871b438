import { createHash, randomBytes } from "node:crypto";
import { hash } from "@node-rs/argon2";
import type { z } from "zod";
import type {
  acceptInvitation as acceptContract,
  Invitation,
  Invited,
  invitePerson as inviteContract,
} from "@/lib/contracts/people";
import { environment } from "@/lib/config/environment";
import { publicUrl } from "@/lib/config/public-url";
import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { Invitation as Row, User } from "@/lib/db/generated/client";
import { postMessage } from "@/lib/db/outbox";
import { DomainError } from "@/lib/domain/errors";
import { INVITATION_EVENT, type NoticePayload } from "@/lib/domain/notifications/channel-events";
import { assertCan } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import type { Role } from "@/lib/domain/roles";
import { actorNames } from "../actor-names";
import { sealSecret } from "../notifications/channel-secret";
import { recordEvent } from "../record-event";
import { openScopeFor, type Scope, scopeIn } from "../scope";
import { changeMembers } from "./administrators";
import { grantsIn } from "./grants";
import { getPersonIn } from "./people";

const VALID_DAYS = 7;
const DAY_MS = 24 * 60 * 60_000;

type Invite = Omit<z.output<(typeof inviteContract)["body"]>, "workspace">;

/**
 * Invites an address into the workspace. Who has an account gets the roles at once. Throws `conflict` for somebody who is in the
 * workspace already, whose account is disabled, or whom somebody invited before.
 */
export async function invitePerson(
  principal: Principal,
  { workspace, ...invite }: z.output<(typeof inviteContract)["body"]>,
): Promise<Invited> {
  const scope = await openScopeFor(principal, workspace, "member:manage");
  return prisma().$transaction((tx) => changeMembers(tx, () => inviteIn(tx, scope, invite)));
}

/** The same in a transaction of the caller's, who has checked the permission and holds the members' lock. */
export async function inviteIn(tx: Transaction, scope: Scope, invite: Invite): Promise<Invited> {
  const { email, name } = invite;
  const roles = [...new Set(invite.roles)];
  const known = await tx.user.findUnique({
    where: { email },
    include: { roleBindings: { where: grantsIn(scope.workspace.id) } },
  });
  if (known) {
    assertEnabled(known);
    if (known.roleBindings.length > 0) {
      const held = [...new Set(known.roleBindings.map(({ role }) => role))].join(", ");
      throw new DomainError(
        "conflict",
        `${known.name} <${email}> is in ${scope.workspace.name} already, as ${held}. Change their roles instead.`,
        { personId: known.id },
      );
    }
    await grant(tx, scope, known, roles);
    return { person: await getPersonIn(tx, scope, known.id), invitation: null, link: null, mailed: false };
  }
  const openKey = `${scope.workspace.id}:${email}`;
  const open = await tx.invitation.findUnique({ where: { openKey } });
  if (open && open.expiresAt > new Date()) {
    const nameOf = await actorNames([open.createdBy], tx);
    throw new DomainError(
      "conflict",
      `${nameOf(open.createdBy)} invited ${email} on ${dayOf(open.createdAt)}; the link works until ${dayOf(open.expiresAt)}. Renew that invitation for another link, or withdraw it first.`,
      { invitationId: open.id },
    );
  }
  if (open) await tx.invitation.update({ where: { id: open.id }, data: { openKey: null } });
  const { secret, ...link } = newLink();
  const row = await tx.invitation.create({
    data: { workspaceId: scope.workspace.id, email, name, roles, openKey, ...link, createdBy: personId(scope) },
  });
  await recordEvent(tx, scope, {
    action: "person.invite",
    object: `person/${email}`,
    after: { email, name, roles, expiresAt: row.expiresAt.toISOString() },
  });
  return announceLink(tx, scope, row, secret);
}

/** Whoever answers for an invitation: the person, or whom the token was issued to. */
const personId = ({ actor }: Scope): string => actor.ownerId ?? actor.id;

/** The invitations into a workspace, newest first. */
export async function listInvitations(principal: Principal, workspace: string): Promise<Invitation[]> {
  const scope = await openScopeFor(principal, workspace, "member:manage");
  const rows = await prisma().invitation.findMany({
    where: { workspaceId: scope.workspace.id },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 1000,
  });
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  return rows.map((row) => toInvitation(row, scope.workspace.name, nameOf(row.createdBy)));
}

/** Makes another link of an invitation that nobody accepted; the one before no longer works. */
export async function renewInvitation(principal: Principal, id: string): Promise<Invited> {
  return inInvitation(principal, id, async (tx, scope, row) => {
    const openKey = `${scope.workspace.id}:${row.email}`;
    const other = await tx.invitation.findUnique({ where: { openKey } });
    if (other && other.id !== row.id)
      throw new DomainError("conflict", `${row.email} was invited again since. Renew the newer invitation.`, {
        invitationId: other.id,
      });
    if (await tx.user.findUnique({ where: { email: row.email }, select: { id: true } }))
      throw new DomainError(
        "conflict",
        `${row.email} has an account by now. Invite the address again: they get the roles at once.`,
      );
    const { secret, ...link } = newLink();
    const renewed = await tx.invitation.update({ where: { id: row.id }, data: { ...link, openKey } });
    await recordEvent(tx, scope, {
      action: "person.renew_invitation",
      object: `person/${row.email}`,
      after: { email: row.email, expiresAt: renewed.expiresAt.toISOString() },
    });
    return announceLink(tx, scope, renewed, secret);
  });
}

/** Withdraws an invitation that nobody accepted: its link no longer works. */
export async function withdrawInvitation(principal: Principal, id: string): Promise<Invitation> {
  return inInvitation(principal, id, async (tx, scope, row) => {
    const withdrawn = await tx.invitation.update({
      where: { id: row.id },
      data: { withdrawnAt: new Date(), openKey: null },
    });
    await recordEvent(tx, scope, {
      action: "person.withdraw_invitation",
      object: `person/${row.email}`,
      before: { email: row.email, roles: row.roles },
    });
    const nameOf = await actorNames([row.createdBy], tx);
    return toInvitation(withdrawn, scope.workspace.name, nameOf(row.createdBy));
  });
}

async function inInvitation<Answer>(
  principal: Principal,
  id: string,
  step: (tx: Transaction, scope: Scope, row: Row) => Promise<Answer>,
): Promise<Answer> {
  return prisma().$transaction((tx) =>
    changeMembers(tx, async () => {
      const found = await tx.invitation.findUnique({ where: { id }, include: { workspace: true } });
      const scope = scopeIn(principal, found?.workspace, `invitation \`${id}\``);
      assertCan(scope.actor, "member:manage");
      const { workspace: _, ...row } = found as NonNullable<typeof found>;
      if (row.acceptedAt || row.withdrawnAt)
        throw new DomainError(
          "conflict",
          `The invitation of ${row.email} was ${row.acceptedAt ? "accepted" : "withdrawn"} before. Invite the address again.`,
        );
      return step(tx, scope, row);
    }),
  );
}

/** What the page of a link shows. Throws as `acceptInvitation`. */
export async function readInvitation(
  secret: string,
): Promise<{ email: string; name: string; workspace: string; roles: Role[]; invitedBy: string; hasAccount: boolean }> {
  const row = await findByLink(prisma(), secret);
  const nameOf = await actorNames([row.createdBy]);
  const user = await prisma().user.findUnique({ where: { email: row.email }, select: { id: true } });
  return {
    email: row.email,
    name: row.name,
    workspace: row.workspace.title,
    roles: row.roles as Role[],
    invitedBy: nameOf(row.createdBy),
    hasAccount: user !== null,
  };
}

/**
 * Makes the account of an invited person, or gives one that was made meanwhile the roles. Throws `not_found` for an unknown link,
 * `conflict` for one that expired, was used or withdrawn, and `invalid` when a new account has no password.
 */
export async function acceptInvitation(
  requestId: string | null,
  input: z.output<(typeof acceptContract)["body"]>,
): Promise<{ email: string; workspace: string; created: boolean }> {
  // A link that does not work costs no hash.
  await findByLink(prisma(), input.token);
  const passwordHash = input.password === undefined ? null : await hash(input.password);
  return prisma().$transaction((tx) =>
    changeMembers(tx, async () => {
      const row = await findByLink(tx, input.token);
      const { email, workspace } = row;
      const known = await tx.user.findUnique({ where: { email } });
      if (known) assertEnabled(known);
      else if (passwordHash === null)
        throw new DomainError("invalid", "A new account needs a password.", {
          issues: [{ path: ["password"], message: "Missing.", expected: "at least 12 characters" }],
        });
      const user = known ?? (await tx.user.create({ data: { email, name: input.name ?? row.name, passwordHash } }));
      await tx.invitation.update({ where: { id: row.id }, data: { acceptedAt: new Date(), openKey: null } });
      const roles = row.roles as Role[];
      const actor = { id: user.id, name: user.name, kind: "user", roles } as const;
      await grant(tx, { actor, workspace, requestId }, user, roles);
      return { email, workspace: workspace.name, created: known === null };
    }),
  );
}

async function grant(tx: Transaction, scope: Scope, user: User, roles: Role[]): Promise<void> {
  await tx.roleBinding.createMany({
    data: roles.map((role) => ({
      userId: user.id,
      scope: "workspace",
      workspaceId: scope.workspace.id,
      role,
      createdBy: scope.actor.id,
    })),
    skipDuplicates: true,
  });
  await recordEvent(tx, scope, {
    action: "person.create",
    object: `person/${user.email}`,
    after: { email: user.email, name: user.name, roles },
  });
}

async function findByLink(db: Prisma | Transaction, secret: string) {
  const row = await db.invitation.findUnique({ where: { hash: digest(secret) }, include: { workspace: true } });
  if (!row)
    throw new DomainError(
      "not_found",
      "This invitation is not known. The link may be incomplete, or a newer one may have replaced it: ask for another.",
    );
  const ask = async () => (await actorNames([row.createdBy], db))(row.createdBy);
  if (row.acceptedAt)
    throw new DomainError("conflict", `This invitation was used on ${dayOf(row.acceptedAt)}. Sign in as ${row.email}.`);
  if (row.withdrawnAt)
    throw new DomainError("conflict", `This invitation was withdrawn. Ask ${await ask()} for another.`);
  if (row.expiresAt <= new Date())
    throw new DomainError(
      "conflict",
      `This invitation expired on ${dayOf(row.expiresAt)}. Ask ${await ask()} for another.`,
    );
  return row;
}

function assertEnabled(user: User): void {
  if (user.disabledAt)
    throw new DomainError(
      "conflict",
      `The account of ${user.name} <${user.email}> is disabled. An administrator of a workspace where they have a role can enable it.`,
      { personId: user.id },
    );
}

/** Links look like `inv_…`, so that secret scanners can find a leaked one. Only the digest is kept. */
function newLink(): { secret: string; hash: string; expiresAt: Date } {
  const secret = `inv_${randomBytes(24).toString("base64url")}`;
  return { secret, hash: digest(secret), expiresAt: new Date(Date.now() + VALID_DAYS * DAY_MS) };
}

const digest = (secret: string) => createHash("sha256").update(secret).digest("hex");
const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** Mails the link where mail is set, sealed in the outbox, and answers with it. */
async function announceLink(tx: Transaction, scope: Scope, row: Row, secret: string): Promise<Invited> {
  const link = publicUrl(`/invitation?token=${secret}`);
  const { SMTP_URL, SMTP_FROM } = environment();
  const mailed = SMTP_URL !== undefined && SMTP_FROM !== undefined;
  const invitedBy = (await actorNames([row.createdBy], tx))(row.createdBy);
  if (mailed) {
    const payload: NoticePayload = {
      event: INVITATION_EVENT,
      at: new Date().toISOString(),
      workspace: scope.workspace.name,
      object: `invitation/${row.id}`,
      url: publicUrl("/invitation"),
      sealedUrl: sealSecret(link, row.id),
      summary: `${invitedBy} invites you to the workspace ${scope.workspace.name}. The link below works once, until ${dayOf(row.expiresAt)}.`,
      data: { roles: row.roles.join(", ") },
    };
    await postMessage(tx, {
      workspaceId: scope.workspace.id,
      channel: "email",
      target: row.email,
      object: payload.object,
      payload,
    });
  }
  return { person: null, invitation: toInvitation(row, scope.workspace.name, invitedBy), link, mailed };
}

function toInvitation(row: Row, workspace: string, invitedBy: string): Invitation {
  const { id, email, name } = row;
  const expired = row.expiresAt <= new Date();
  return {
    id,
    workspace,
    email,
    name,
    roles: row.roles as Role[],
    invitedBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    state: row.acceptedAt ? "accepted" : row.withdrawnAt ? "withdrawn" : expired ? "expired" : "open",
  };
}
