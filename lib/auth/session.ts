import type { NextAuthOptions } from "next-auth";
import { getServerSession } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { cookies } from "next/headers";
import { environment } from "@/lib/config/environment";
import { serverSecret } from "@/lib/config/server-secret";
import type { Principal } from "@/lib/domain/principal";
import { clientAddress } from "./client-address";
import { DEVICE_COOKIE, DEVICE_SECONDS, deviceOf, newDevice } from "./device";
import { beginSession, endSession, principalOfSessionId, SESSION_SECONDS } from "./sessions";
import { signIn } from "./sign-in";

declare module "next-auth" {
  interface Session {
    sessionId?: string;
  }
  interface User {
    sessionId?: string;
  }
}
declare module "next-auth/jwt" {
  interface JWT {
    sessionId?: string;
  }
}

/**
 * The cookie is a signed token that names a session; whose it is, whether it still lasts and what the person may do is looked up at
 * every request, so that each of them can be taken away.
 */
function authOptions(): NextAuthOptions {
  // Without a public address of its own, the portal is where the browser found it: any HOST and PORT.
  if (!environment().NEXTAUTH_URL) process.env.AUTH_TRUST_HOST ??= "1";
  // The portal says itself where it is reached; behind TLS the cookies become secure.
  const secure = environment().NEXTAUTH_URL?.startsWith("https://") ?? false;
  return {
    secret: serverSecret(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in" },
    useSecureCookies: secure,
    providers: [
      CredentialsProvider({
        name: "e-mail and password",
        credentials: { email: {}, password: {}, demo: {} },
        authorize: async (credentials, request) => {
          const headers = (request.headers ?? {}) as Record<string, string | undefined>;
          const header = (name: string) => headers[name];
          const email = credentials?.email?.trim().toLowerCase() ?? "";
          const jar = await cookies();
          const device = deviceOf(email, jar.get(DEVICE_COOKIE)?.value);
          const address = clientAddress(header);
          const user = await signIn({ ...credentials, email }, { address, device });
          if (!user) return null;
          if (device === null)
            jar.set(DEVICE_COOKIE, newDevice(email), {
              httpOnly: true,
              sameSite: "lax",
              secure,
              path: "/api/auth",
              maxAge: DEVICE_SECONDS,
            });
          const sessionId = await beginSession(user.id, { address, userAgent: headers["user-agent"] ?? "" });
          return { ...user, sessionId };
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user?.sessionId ? { ...token, sessionId: user.sessionId } : token),
      session: ({ session, token }) => ({ ...session, ...(token.sessionId && { sessionId: token.sessionId }) }),
    },
    events: {
      signOut: async ({ token }) => {
        if (token?.sessionId) await endSession(token.sessionId);
      },
    },
  };
}

/** The options of next-auth's own addresses, which say nothing of a person whose session ended. */
export function authRouteOptions(): NextAuthOptions {
  const options = authOptions();
  return {
    ...options,
    callbacks: {
      ...options.callbacks,
      session: async ({ session, token }) => {
        const live = token.sessionId !== undefined && (await principalOfSessionId(token.sessionId, null)) !== null;
        return live ? session : { expires: session.expires };
      },
    },
  };
}

/** The signed-in person as a principal, or null. */
export async function principalOfSession(requestId: string | null): Promise<Principal | null> {
  const session = await getServerSession(authOptions());
  return session?.sessionId ? principalOfSessionId(session.sessionId, requestId) : null;
}
