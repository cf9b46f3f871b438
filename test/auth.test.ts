import { hash } from "@node-rs/argon2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { authenticate } from "@/lib/auth/authenticate";
import { anybodyCanSignIn, demoPeople, demoSignInAllowed, entrance, signIn } from "@/lib/auth/sign-in";
import { newToken, principalOfToken } from "@/lib/auth/tokens";
import { closeDatabase, prisma } from "@/lib/db/client";
import { actorIn } from "@/lib/domain/principal";
import { createFirstAdministrator } from "@/lib/registry/access/people";
import { getHome } from "@/lib/registry/home/home";
import { createToken, listTokens, revokeToken } from "@/lib/registry/access/tokens";
import { openTestDatabase } from "./open-test-database";
import { fillRegistry, type Fixture } from "./registry-fixture";

let fixture: Fixture;
const PASSWORD = "correct horse battery";

/** As if the process had been started with these variables. */
function withEnvironment(variables: Record<string, string>) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  (globalThis as { tributaryEnvironment?: unknown }).tributaryEnvironment = undefined;
}

beforeAll(async () => {
  await openTestDatabase();
});
beforeEach(() => withEnvironment({ HOST: "127.0.0.1", TRIBUTARY_DEMO: "1" }));
afterEach(() => {
  vi.unstubAllEnvs();
  (globalThis as { tributaryEnvironment?: unknown }).tributaryEnvironment = undefined;
});
afterAll(closeDatabase);

// In this order: the first administrator exists once.
describe("the first start", () => {
  const administrator = { name: "Grace", email: "grace@example.org", password: PASSWORD, workspace: "main" };

  it("waits for the demo's people, or asks for an administrator where there is no demo", async () => {
    expect(await entrance()).toBe("filling");
    withEnvironment({ TRIBUTARY_DEMO: "0" });
    expect(await entrance()).toBe("setup");
  });

  it("makes one administrator and one workspace, also when two visitors are first", async () => {
    withEnvironment({ TRIBUTARY_DEMO: "0" });
    const attempts = await Promise.allSettled([
      createFirstAdministrator(administrator),
      createFirstAdministrator({ ...administrator, email: "mallory@example.org" }),
    ]);
    expect(attempts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await prisma().user.count()).toBe(1);
    expect((await prisma().workspace.findMany()).map(({ name }) => name)).toEqual(["main"]);
    expect(await prisma().auditEvent.count({ where: { action: "person.create" } })).toBe(1);
    expect(await entrance()).toBe("sign-in");
  });

  it("keeps the password as argon2id", async () => {
    const user = await prisma().user.findFirstOrThrow();
    expect(user.passwordHash).toMatch(/^\$argon2id\$/);
    expect(await signIn({ email: ` ${user.email.toUpperCase()} `, password: PASSWORD })).toMatchObject({ id: user.id });
  });
});

describe("sign-in with a password", () => {
  beforeAll(async () => {
    await prisma().user.create({
      data: { email: "hedy@example.org", name: "Hedy", passwordHash: await hash(PASSWORD) },
    });
  });

  it.each([
    [{ email: "hedy@example.org", password: "wrong" }],
    [{ email: "nobody@example.org", password: PASSWORD }],
    [{ email: "hedy@example.org" }],
    [{ password: PASSWORD }],
    [{ email: "hedy@example.org", demo: "1" }],
  ])("%j is nobody, with the same answer", async (credentials) => {
    expect(await signIn(credentials)).toBeNull();
  });

  it("closes after five failures for five minutes, for that e-mail only", async () => {
    const email = "ada.king@example.org";
    await prisma().user.create({ data: { email, name: "Ada King", passwordHash: await hash(PASSWORD) } });
    const start = Date.now();
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await signIn({ email, password: "wrong" }, start + attempt)).toBeNull();
    await expect(signIn({ email, password: PASSWORD }, start + 1000)).rejects.toThrow("too_many_attempts");
    expect(await signIn({ email: "hedy@example.org", password: PASSWORD }, start + 1000)).toMatchObject({
      name: "Hedy",
    });
    expect(await signIn({ email, password: PASSWORD }, start + 5 * 60_000 + 10)).toMatchObject({ name: "Ada King" });
  });

  it("counts attempts that come at once", async () => {
    const many = Array.from({ length: 8 }, () => signIn({ email: "flood@example.org", password: "x" }));
    const answers = await Promise.allSettled(many);
    expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(3);
  });

  it("knows nobody who was disabled", async () => {
    await prisma().user.update({ where: { email: "hedy@example.org" }, data: { disabledAt: new Date() } });
    expect(await signIn({ email: "hedy@example.org", password: PASSWORD })).toBeNull();
  });
});

describe("the demo's people", () => {
  beforeAll(async () => {
    fixture = await fillRegistry();
  });

  it.each([
    ["127.0.0.1", "1", true],
    ["127.1.2.3", "1", true],
    ["localhost", "1", true],
    ["::1", "1", true],
    ["0.0.0.0", "1", false],
    ["192.168.1.5", "1", false],
    ["127.0.0.1.example.org", "1", false],
    ["::", "1", false],
    ["127.0.0.1", "0", false],
  ])("on HOST=%s with TRIBUTARY_DEMO=%s: one click %s", async (HOST, TRIBUTARY_DEMO, allowed) => {
    withEnvironment({ HOST, TRIBUTARY_DEMO });
    expect(demoSignInAllowed()).toBe(allowed);
    expect(await demoPeople()).toHaveLength(allowed ? 5 : 0);
    expect((await signIn({ email: "ada@flights.example", demo: "1" })) !== null).toBe(allowed);
    // Their e-mails alone are no password.
    expect(await signIn({ email: "devi@flights.example", password: "" }, Date.now() + Math.random() * 1e12)).toBeNull();
  });

  it("leave nobody able to sign in when everybody on the network can reach them", async () => {
    await prisma().user.updateMany({ data: { passwordHash: null } });
    expect(await anybodyCanSignIn()).toBe(true);
    withEnvironment({ HOST: "0.0.0.0" });
    expect(await anybodyCanSignIn()).toBe(false);
  });
});

describe("API tokens", () => {
  const make = async (input: Partial<Parameters<typeof createToken>[1]> = {}) => {
    const { secret, hash } = newToken();
    const body = { workspace: "flights", name: "CI", roles: ["viewer" as const], ...input };
    return { secret, token: await createToken(fixture.people.emil, body, hash) };
  };
  const bearer = (secret: string) =>
    authenticate(
      new Request("http://127.0.0.1/api/v1/me", { headers: { authorization: `Bearer ${secret}` } }),
      "request",
    );

  it("speak with their roles in their workspace, and their secret is kept nowhere", async () => {
    const { secret, token } = await make({ roles: ["author"], environment: "staging" });
    const principal = await bearer(secret);
    expect(actorIn(principal, fixture.workspace.id)).toMatchObject({
      id: `token:${token.id}`,
      roles: ["author"],
      environment: "staging",
      ownerId: fixture.people.emil.id,
    });
    const rows = JSON.stringify([await prisma().apiToken.findMany(), await prisma().auditEvent.findMany()]);
    expect(rows).not.toContain(secret);
    expect((await listTokens(fixture.people.emil, "flights"))[0]).toMatchObject({
      name: "CI",
      createdBy: "Emil Novak",
    });
  });

  it("stop when they expire", async () => {
    const { secret, token } = await make({ expiresAt: new Date(Date.now() + 60_000).toISOString() });
    await expect(bearer(secret)).resolves.toBeTruthy();
    await prisma().apiToken.update({ where: { id: token.id }, data: { expiresAt: new Date(Date.now() - 1) } });
    await expect(bearer(secret)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("stop at once when they are revoked, with one event however often", async () => {
    const { secret, token } = await make();
    await expect(bearer(secret)).resolves.toBeTruthy();
    await revokeToken(fixture.people.emil, token.id);
    expect((await revokeToken(fixture.people.emil, token.id)).state).toBe("revoked");
    await expect(bearer(secret)).rejects.toMatchObject({ code: "unauthenticated" });
    const object = `flights/token/${token.id}`;
    expect(await prisma().auditEvent.count({ where: { object, action: "token.revoke" } })).toBe(1);
  });

  it("remember their last use", async () => {
    const { secret, token } = await make();
    await bearer(secret);
    expect((await prisma().apiToken.findUniqueOrThrow({ where: { id: token.id } })).lastUsedAt).not.toBeNull();
  });

  it.each(["ada", "chiara", "devi"] as const)("are not %s's to manage", async (person) => {
    const input = { workspace: "flights", name: "mine", roles: ["admin" as const] };
    await expect(createToken(fixture.people[person], input, "hash")).rejects.toMatchObject({ code: "forbidden" });
    await expect(listTokens(fixture.people[person], "flights")).rejects.toMatchObject({ code: "forbidden" });
  });

  it("that are limited to one environment make none that are not", async () => {
    const { secret } = await make({ roles: ["admin"], environment: "staging" });
    const limited = await bearer(secret);
    const input = { workspace: "flights", name: "more", roles: ["admin" as const] };
    await expect(createToken(limited, input, "a")).rejects.toMatchObject({ code: "forbidden" });
    await expect(createToken(limited, { ...input, environment: "production" }, "b")).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(createToken(limited, { ...input, environment: "staging" }, "c")).resolves.toBeTruthy();
  });

  it("must not be over when they begin", async () => {
    await expect(make({ expiresAt: "2020-01-01T00:00:00Z" })).rejects.toMatchObject({ code: "invalid" });
  });

  it.each(["Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer"])("are not %j", async (authorization) => {
    const request = new Request("http://127.0.0.1/", { headers: { authorization } });
    await expect(authenticate(request, "request")).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("can be the bootstrap token of the environment, and nothing near it", async () => {
    withEnvironment({ TRIBUTARY_BOOTSTRAP_TOKEN: "bootstrap-token-for-tests" });
    expect(await principalOfToken("bootstrap-token-for-tests", null)).toMatchObject({ id: "token:bootstrap" });
    expect(await principalOfToken("bootstrap-token-for-test", null)).toBeNull();
  });

  it("lose a role in the moment it is taken away", async () => {
    const { secret, token } = await make();
    await expect(getHome(await bearer(secret), "flights")).resolves.toBeTruthy();
    await prisma().apiToken.update({ where: { id: token.id }, data: { roles: [] } });
    await expect(getHome(await bearer(secret), "flights")).rejects.toMatchObject({ code: "not_found" });
  });
});
