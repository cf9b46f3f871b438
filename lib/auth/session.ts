import type { NextAuthOptions } from "next-auth";
import { getServerSession } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { environment } from "@/lib/config/environment";
import { serverSecret } from "@/lib/config/server-secret";
import { prisma } from "@/lib/db/client";
import { type Principal, toBinding } from "@/lib/domain/principal";
import { isAddressedToLoopback } from "./loopback";
import { signIn } from "./sign-in";

declare module "next-auth" {
  interface Session {
    userId?: string;
  }
}

/** Sessions are signed tokens that name the person; what they may do is looked up at every request, so that it can be taken away. */
export function authOptions(): NextAuthOptions {
  // Without a public address of its own, the portal is where the browser found it: any HOST and PORT.
  if (!environment().NEXTAUTH_URL) process.env.AUTH_TRUST_HOST ??= "1";
  return {
    secret: serverSecret(),
    session: { strategy: "jwt", maxAge: 12 * 60 * 60 },
    pages: { signIn: "/sign-in" },
    // The portal says itself where it is reached; behind TLS the cookies become secure.
    useSecureCookies: environment().NEXTAUTH_URL?.startsWith("https://") ?? false,
    providers: [
      CredentialsProvider({
        name: "e-mail and password",
        credentials: { email: {}, password: {}, demo: {} },
        authorize: async (credentials, request) => {
          const headers = (request.headers ?? {}) as Record<string, string | undefined>;
          if (credentials?.demo === "1" && !isAddressedToLoopback((name) => headers[name])) return null;
          return signIn(credentials ?? {});
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { ...token, userId: user.id } : token),
      session: ({ session, token }) => ({
        ...session,
        userId: typeof token.userId === "string" ? token.userId : undefined,
      }),
    },
  };
}

/** The signed-in person as a principal, or null. */
export async function principalOfSession(requestId: string | null): Promise<Principal | null> {
  const session = await getServerSession(authOptions());
  if (!session?.userId) return null;
  const user = await prisma().user.findUnique({ where: { id: session.userId }, include: { roleBindings: true } });
  if (!user || user.disabledAt) return null;
  return {
    id: user.id,
    name: user.name,
    kind: "user",
    bindings: user.roleBindings.map(toBinding),
    requestId,
  };
}
