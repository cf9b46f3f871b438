import { hash, verify } from "@node-rs/argon2";
import type { PersonSession } from "@/lib/contracts/people";
import { prisma, type Transaction } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { recordPersonEvent } from "./person-events";

/** The caller's own sessions that last, newest first. */
export async function listSessions(principal: Principal): Promise<PersonSession[]> {
  const rows = await prisma().session.findMany({
    where: { userId: accountableUser(principal), ...live() },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  return rows.map(({ id, createdAt, lastSeenAt, expiresAt, address, userAgent }) => ({
    id,
    current: id === principal.sessionId,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    address,
    userAgent,
  }));
}

/** Ends one of the caller's own sessions. Throws `not_found` for another's, and for one that ended. */
export async function endOwnSession(principal: Principal, id: string): Promise<{ ended: number }> {
  const answer = await end(principal, { id });
  if (answer.ended === 0)
    throw new DomainError("not_found", `You have no session \`${id}\`: it may have ended. List them to see.`);
  return answer;
}

/** Ends all of the caller's own sessions but the one that asks. */
export function endOtherSessions(principal: Principal): Promise<{ ended: number }> {
  return end(principal, { id: { not: principal.sessionId ?? "" } });
}

async function end(principal: Principal, which: { id: string | { not: string } }): Promise<{ ended: number }> {
  const userId = accountableUser(principal);
  return prisma().$transaction(async (tx) => {
    const ended = await endSessions(tx, { userId, ...which }, "ended");
    if (ended > 0) await recordOwn(tx, principal, "person.end_sessions", { sessionsEnded: ended });
    return { ended };
  });
}

/**
 * Changes the caller's own password and ends all of their sessions, the one that asks included. Throws `forbidden` when the present
 * one is wrong, and `conflict` for who enters without a password.
 */
export async function changePassword(
  principal: Principal,
  { current, password }: { current: string; password: string },
): Promise<{ ended: number }> {
  const userId = accountableUser(principal);
  const user = await prisma().user.findUniqueOrThrow({ where: { id: userId } });
  if (user.passwordHash === null)
    throw new DomainError("conflict", `${user.email} has no password to change: this account enters in another way.`);
  if (!(await verify(user.passwordHash, current)))
    throw new DomainError("forbidden", "The present password is not right.");
  if (password === current)
    throw new DomainError("invalid", "The new password is the present one. Choose another.", {
      issues: [{ path: ["password"], message: "Is the present one.", expected: "another password" }],
    });
  const passwordHash = await hash(password);
  return prisma().$transaction(async (tx) => {
    // Another change may have come between: then the one that was checked is not the present one any more.
    const { count } = await tx.user.updateMany({
      where: { id: userId, passwordHash: user.passwordHash },
      data: { passwordHash },
    });
    if (count === 0) throw new DomainError("conflict", "The password was changed meanwhile. Sign in again.");
    const ended = await endSessions(tx, { userId }, "password");
    await recordOwn(tx, principal, "person.change_password", { sessionsEnded: ended });
    return { ended };
  });
}

const live = () => ({ endedAt: null, expiresAt: { gt: new Date() } });

async function endSessions(
  tx: Transaction,
  where: { userId: string; id?: string | { not: string } },
  endReason: "ended" | "password",
): Promise<number> {
  const { count } = await tx.session.updateMany({
    where: { ...where, ...live() },
    data: { endedAt: new Date(), endReason },
  });
  return count;
}

async function recordOwn(tx: Transaction, principal: Principal, action: string, after: object): Promise<void> {
  const { email } = await tx.user.findUniqueOrThrow({ where: { id: principal.id }, select: { email: true } });
  const actor: Actor = { id: principal.id, name: principal.name, kind: "user", roles: [] };
  await recordPersonEvent(tx, { actor, requestId: principal.requestId }, principal.id, {
    action,
    object: `person/${email}`,
    after,
  });
}

/** Throws `forbidden` for a token: an account is its person's alone. */
function accountableUser({ id, kind, name, sessionId }: Principal): string {
  if (kind !== "user" || sessionId === undefined)
    throw new DomainError("forbidden", `${name} has no account of its own. Sign in as a person.`);
  return id;
}
