import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import type { Environment } from "@/lib/domain/environments";
import { type Principal, toBinding } from "@/lib/domain/principal";

/** Tokens look like `trib_…`, so that secret scanners can find a leaked one. */
export function newToken(): { secret: string; hash: string } {
  const secret = `trib_${randomBytes(24).toString("base64url")}`;
  return { secret, hash: hashToken(secret) };
}

function hashToken(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The last use is kept to the minute: a token that asks a thousand times a second must not write as often. */
const LAST_USE_MS = 60_000;

/** Who a bearer token belongs to; null for one that is unknown, expired or revoked. */
export async function principalOfToken(secret: string, requestId: string | null): Promise<Principal | null> {
  const { TRIBUTARY_BOOTSTRAP_TOKEN } = environment();
  if (TRIBUTARY_BOOTSTRAP_TOKEN && equal(secret, TRIBUTARY_BOOTSTRAP_TOKEN))
    return {
      id: "token:bootstrap",
      name: "bootstrap token",
      kind: "token",
      bindings: (["admin", "author", "auditor"] as const).map((role) => ({ workspaceId: null, role })),
      requestId,
    };
  const token = await prisma().apiToken.findUnique({ where: { hash: hashToken(secret) } });
  const now = new Date();
  if (!token || token.revokedAt || (token.expiresAt && token.expiresAt <= now)) return null;
  if (!token.lastUsedAt || now.getTime() - token.lastUsedAt.getTime() > LAST_USE_MS)
    await prisma().apiToken.update({ where: { id: token.id }, data: { lastUsedAt: now } });
  return {
    id: `token:${token.id}`,
    name: `token ${token.name}`,
    kind: "token",
    ownerId: token.createdBy,
    ...(token.environment && { environment: token.environment as Environment }),
    bindings: token.roles.map((role) => toBinding({ ...token, role })),
    requestId,
  };
}

/** Compares digests, so that neither length nor content of the expected token shows in the time taken. */
function equal(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(given)), Buffer.from(hashToken(expected)));
}
