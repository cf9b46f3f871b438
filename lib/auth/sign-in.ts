import { verify } from "@node-rs/argon2";
import { environment } from "@/lib/config/environment";
import { isOnlyThisMachine } from "@/lib/config/only-this-machine";
import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { Role } from "@/lib/domain/roles";
import { forgiveAttempt, takeAttempt } from "./attempts";

/** The demo's people may enter with one click only while nobody but this machine can reach the portal. */
export function demoSignInAllowed(): boolean {
  return environment().TRIBUTARY_DEMO && isOnlyThisMachine();
}

/** A hash that no password has: verifying against it takes as long as against a real one. */
const NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/** What next-auth hands to the sign-in page as the error of too many attempts. */
const TOO_MANY_ATTEMPTS = "too_many_attempts";

/**
 * Checks an e-mail and password, or a demo person's e-mail alone. Null is "no", without saying why.
 * Throws an error with the message TOO_MANY_ATTEMPTS when the account or the address failed too often of late.
 */
export async function signIn(
  credentials: { email?: string; password?: string; demo?: string },
  from: { address: string; device: string | null },
): Promise<{ id: string; name: string; email: string } | null> {
  const email = credentials.email?.trim().toLowerCase() ?? "";
  // One click is not a guess: there is nothing to guess.
  if (credentials.demo === "1") return demoSignInAllowed() ? demoPerson(email) : null;
  const attempt = { email, ...from };
  if (!(await takeAttempt(attempt))) throw new Error(TOO_MANY_ATTEMPTS);
  const user = await prisma().user.findUnique({ where: { email } });
  const known = await verify(user?.passwordHash ?? NOBODY, credentials.password ?? "").catch(() => false);
  if (!user || !known || user.disabledAt) return null;
  await forgiveAttempt(attempt);
  return { id: user.id, name: user.name, email: user.email };
}

async function demoPerson(email: string) {
  const user = await prisma().user.findFirst({ where: { email, demo: true, disabledAt: null } });
  return user && { id: user.id, name: user.name, email: user.email };
}

export interface DemoPerson {
  email: string;
  name: string;
  title: string;
  roles: Role[];
}

/** The people of the demo for the sign-in page; none when they may not be entered with one click. */
export async function demoPeople(): Promise<DemoPerson[]> {
  if (!demoSignInAllowed()) return [];
  const users = await prisma().user.findMany({
    where: { demo: true, disabledAt: null },
    include: { roleBindings: true },
    orderBy: { name: "asc" },
  });
  return users.map(({ email, name, title, roleBindings }) => ({
    email,
    name,
    title,
    roles: [...new Set(roleBindings.map((binding) => binding.role as Role))],
  }));
}

/** Whether anybody has a way in. While nobody has, the first visitor makes the administrator at /setup. */
export async function anybodyCanSignIn(): Promise<boolean> {
  const ways = demoSignInAllowed()
    ? [{ passwordHash: { not: null } }, { demo: true }]
    : [{ passwordHash: { not: null } }];
  return (await prisma().user.count({ where: { OR: ways } })) > 0;
}

/** Throws `conflict` when somebody can sign in, or the demo is about to make the people who can. */
export async function assertNotSetUp(): Promise<void> {
  if ((await entrance()) !== "setup")
    throw new DomainError("conflict", "This installation already has an administrator. Sign in.");
}

/** Where a stranger belongs: at the sign-in page, at the set-up, or waiting until the demo has its people. */
export async function entrance(): Promise<"sign-in" | "setup" | "filling"> {
  if (await anybodyCanSignIn()) return "sign-in";
  if (!environment().TRIBUTARY_DEMO) return "setup";
  const workspace = await prisma().workspace.findFirst({ where: { seedState: { not: null } } });
  if (!workspace) return "filling";
  // People of a demo that everybody on the network can reach have no way in: somebody has to administer it.
  return demoSignInAllowed() && workspace.seedState === "filling" ? "filling" : "setup";
}
