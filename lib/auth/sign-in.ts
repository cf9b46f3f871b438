import { verify } from "@node-rs/argon2";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";

/** The demo's people may enter with one click only while nobody but this machine can reach the portal. */
export function demoSignInAllowed(): boolean {
  const { HOST, TRIBUTARY_DEMO } = environment();
  return TRIBUTARY_DEMO && (HOST === "localhost" || HOST === "::1" || /^127\./.test(HOST));
}

/** Failed attempts per e-mail; five within the window close the door until it has passed. */
const WINDOW_MS = 5 * 60_000;
const MOST_FAILURES = 5;
const failures = new Map<string, number[]>();

/** A hash that no password has: verifying against it takes as long as against a real one. */
const NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/** Checks an e-mail and password, or a demo person's e-mail alone. Null is "no", without saying why. */
export async function signIn(
  credentials: { email?: string; password?: string; demo?: string },
  now: number = Date.now(),
): Promise<{ id: string; name: string; email: string } | null> {
  const email = credentials.email?.trim().toLowerCase() ?? "";
  const recent = (failures.get(email) ?? []).filter((at) => now - at < WINDOW_MS);
  if (recent.length >= MOST_FAILURES) return null;
  const user = await prisma().user.findUnique({ where: { email } });
  const allowed =
    credentials.demo === "1"
      ? user?.demo === true && demoSignInAllowed()
      : await verify(user?.passwordHash ?? NOBODY, credentials.password ?? "").catch(() => false);
  if (!user || !allowed || user.disabledAt) {
    failures.set(email, [...recent, now]);
    return null;
  }
  failures.delete(email);
  return { id: user.id, name: user.name, email: user.email };
}
