import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { principalOfSession } from "./session";
import { principalOfToken } from "./tokens";

/** Who makes a request: the bearer of a token, else the person of the session. Throws `unauthenticated` for nobody. */
export async function authenticate(request: Request, requestId: string): Promise<Principal> {
  const header = request.headers.get("authorization");
  if (header) {
    const secret = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
    const principal = secret ? await principalOfToken(secret, requestId) : null;
    if (!principal)
      throw new DomainError(
        "unauthenticated",
        "The token is unknown, expired or revoked. Send `Authorization: Bearer TOKEN` with a valid one.",
      );
    return principal;
  }
  const principal = await principalOfSession(requestId);
  if (!principal)
    throw new DomainError(
      "unauthenticated",
      "Nobody is signed in. Sign in at /sign-in, or send `Authorization: Bearer TOKEN`.",
    );
  assertSameOrigin(request);
  return principal;
}

/** A browser sends its cookies wherever a page of another site tells it to; what changes something must come from our own pages. */
function assertSameOrigin(request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const origin = request.headers.get("origin");
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host");
  if (origin && new URL(origin).host !== host)
    throw new DomainError(
      "forbidden",
      `This request came from a page of ${new URL(origin).host}. Use the portal's own pages or a token.`,
    );
}
