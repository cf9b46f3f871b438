import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { assertSameOrigin } from "./same-origin";
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
      "Not signed in. Sign in at /sign-in, or send `Authorization: Bearer TOKEN`.",
    );
  assertSameOrigin(request);
  return principal;
}
