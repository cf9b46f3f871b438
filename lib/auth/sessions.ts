import { prisma } from "@/lib/db/client";
import { type Principal, toBinding } from "@/lib/domain/principal";

/** Seconds that a session lasts at most. */
export const SESSION_SECONDS = 12 * 60 * 60;
/** The last request is kept to the minute: a page asks many times in a second. */
const LAST_SEEN_MS = 60_000;
/** Ended sessions stay so long for their person to see, and as addresses that are known to be theirs. */
const KEEP_MS = 90 * 24 * 60 * 60_000;

export interface Browser {
  /** Network address. */
  address: string;
  userAgent: string;
}

/** Begins a session and answers its id, which the cookie's token carries. */
export async function beginSession(userId: string, { address, userAgent }: Browser, now = new Date()): Promise<string> {
  await prisma().session.deleteMany({ where: { expiresAt: { lt: new Date(now.getTime() - KEEP_MS) } } });
  const { id } = await prisma().session.create({
    data: {
      userId,
      address,
      userAgent: userAgent.slice(0, 300),
      createdAt: now,
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + SESSION_SECONDS * 1000),
    },
    select: { id: true },
  });
  return id;
}

/** Signing out. Ending a session again changes nothing. */
export async function endSession(id: string): Promise<void> {
  await prisma().session.updateMany({
    where: { id, endedAt: null },
    data: { endedAt: new Date(), endReason: "sign_out" },
  });
}

interface LiveRow {
  userId: string;
  name: string;
  lastSeenAt: Date;
  bindings: { scope: string; workspaceId: string | null; role: string }[];
}

/** Whose session it is and with which roles, in one query: it runs at every request. Null once it ended or the person was disabled. */
export async function principalOfSessionId(id: string, requestId: string | null): Promise<Principal | null> {
  const now = new Date();
  const [row] = await prisma().$queryRaw<LiveRow[]>`
    SELECT u."id" AS "userId", u."name", s."lastSeenAt", coalesce((
      SELECT json_agg(json_build_object('scope', b."scope", 'workspaceId', b."workspaceId", 'role', b."role"))
      FROM "RoleBinding" b WHERE b."userId" = u."id"), '[]') AS "bindings"
    FROM "Session" s JOIN "User" u ON u."id" = s."userId"
    WHERE s."id" = ${id} AND s."endedAt" IS NULL AND s."expiresAt" > ${now} AND u."disabledAt" IS NULL`;
  if (!row) return null;
  if (now.getTime() - row.lastSeenAt.getTime() > LAST_SEEN_MS)
    await prisma().session.updateMany({ where: { id }, data: { lastSeenAt: now } });
  return {
    id: row.userId,
    name: row.name,
    kind: "user",
    sessionId: id,
    bindings: row.bindings.map(toBinding),
    requestId,
  };
}
