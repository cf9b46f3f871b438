import { hash } from "@node-rs/argon2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { authenticate } from "@/lib/auth/authenticate";
import { deviceOf, newDevice } from "@/lib/auth/device";
import { beginSession, endSession, principalOfSessionId } from "@/lib/auth/sessions";
import * as signing from "@/lib/auth/sign-in";
import { anybodyCanSignIn, demoPeople, demoSignInAllowed, entrance } from "@/lib/auth/sign-in";
import { newToken, principalOfToken } from "@/lib/auth/tokens";
import { closeDatabase, prisma } from "@/lib/db/client";
import { actorIn } from "@/lib/domain/principal";
import { createFirstAdministrator } from "@/lib/registry/access/people";
import { getHome } from "@/lib/registry/home/home";
import { createToken, listTokens, revokeToken } from "@/lib/registry/access/tokens";
import { openTestDatabase } from "./open-test-database";
import { filledRegistry } from "./filled-registry";
import type { Fixture } from "./registry-fixture";

let fixture: Fixture;
const PASSWORD = "correct horse battery";

const HOME = { address: "192.0.2.1", device: null };
const signIn = (
  credentials: Parameters<typeof signing.signIn>[0],
  from: Partial<Parameters<typeof signing.signIn>[1]> = {},
) => signing.signIn(credentials, { ...HOME, ...from });

const newMark = (email: string) => `id.${email}`;

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

  describe("that fails", () => {
    const email = "ada.king@example.org";
    const right = { email, password: PASSWORD };
    const wrong = { email, password: "wrong" };
    const tooMany = "too_many_attempts";

    beforeAll(async () => {
      await prisma().user.create({ data: { email, name: "Ada King", passwordHash: await hash(PASSWORD) } });
    });
    beforeEach(async () => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
      await prisma().signInAttempts.deleteMany();
      await prisma().session.deleteMany();
    });
    afterEach(() => void vi.useRealTimers());

    const fail = async (times: number, from: Parameters<typeof signIn>[1] = {}) => {
      for (let attempt = 0; attempt < times; attempt += 1) expect(await signIn(wrong, from)).toBeNull();
    };
    /** As counted by attempts that others made from many addresses. */
    const floodAccount = () => prisma().signInAttempts.updateMany({ where: { key: { startsWith: "account:" } }, data: { points: 500 } }); // prettier-ignore

    it("five times closes the account for that address, for five minutes", async () => {
      await fail(5);
      await expect(signIn(right)).rejects.toThrow(tooMany);
      expect(await signIn({ email: "hedy@example.org", password: PASSWORD })).toMatchObject({ name: "Hedy" });
      vi.setSystemTime(Date.now() + 5 * 60_000 + 10);
      expect(await signIn(right)).toMatchObject({ name: "Ada King" });
    });

    it("does not lock its person out elsewhere", async () => {
      await fail(5, { address: "203.0.113.66" });
      await expect(signIn(right, { address: "203.0.113.66" })).rejects.toThrow(tooMany);
      expect(await signIn(right)).toMatchObject({ name: "Ada King" });
    });

    it("is forgotten when the person knows the password", async () => {
      await fail(4);
      expect(await signIn(right)).not.toBeNull();
      await fail(4);
      expect(await signIn(right)).not.toBeNull();
    });

    it("is counted by address over all accounts", async () => {
      for (let one = 0; one < 50; one += 1)
        expect(await signIn({ email: `guess${one}@example.org`, password: "x" })).toBeNull();
      await expect(signIn(right)).rejects.toThrow(tooMany);
      expect(await signIn(right, { address: "192.0.2.2" })).not.toBeNull();
    });

    it("is counted by account over all addresses, but for addresses that are its own", async () => {
      const { id } = await prisma().user.findUniqueOrThrow({ where: { email } });
      await beginSession(id, { address: "192.0.2.9", userAgent: "" });
      await fail(1, { address: "203.0.113.1" });
      await floodAccount();
      await expect(signIn(right, { address: "203.0.113.2" })).rejects.toThrow(tooMany);
      expect(await signIn(right, { address: "192.0.2.9" })).toMatchObject({ name: "Ada King" });
    });

    it("counts a browser that knew the password for itself alone", async () => {
      const device = deviceOf(email, newDevice(email));
      expect(device).not.toBeNull();
      await fail(5);
      await floodAccount();
      await expect(signIn(right)).rejects.toThrow(tooMany);
      expect(await signIn(right, { device })).toMatchObject({ name: "Ada King" });
      await fail(10, { device });
      await expect(signIn(right, { device })).rejects.toThrow(tooMany);
    });

    it.each([undefined, "", ".", "x.y", newMark("someone@example.org")])("takes %j for no browser of the account", (mark) => {
      expect(deviceOf(email, mark)).toBeNull();
    }); // prettier-ignore

    it("is counted in the database, as another process does", async () => {
      await fail(5);
      vi.resetModules();
      const elsewhere = await import("@/lib/auth/sign-in");
      await expect(elsewhere.signIn(right, HOME)).rejects.toThrow(tooMany);
    });
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
    fixture = await filledRegistry();
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
    expect(
      await signIn({ email: "devi@flights.example", password: "" }, { address: `${HOST} ${TRIBUTARY_DEMO}` }),
    ).toBeNull();
  });

  it("leave nobody able to sign in when everybody on the network can reach them", async () => {
    await prisma().user.updateMany({ data: { passwordHash: null } });
    expect(await anybodyCanSignIn()).toBe(true);
    withEnvironment({ HOST: "0.0.0.0" });
    expect(await anybodyCanSignIn()).toBe(false);
  });
});

describe("a session", () => {
  const browser = { address: "192.0.2.1", userAgent: "test" };
  const ada = () => fixture.people.ada.id;

  it("is its person with the roles of the moment", async () => {
    const id = await beginSession(ada(), browser);
    const principal = await principalOfSessionId(id, "r");
    expect(principal).toMatchObject({ id: ada(), name: "Ada Lindqvist", sessionId: id, requestId: "r" });
    expect(principal?.bindings).toEqual(fixture.people.ada.bindings);
  });

  it("ends when its person signs out there, and nowhere else", async () => {
    const [here, there] = [await beginSession(ada(), browser), await beginSession(ada(), browser)];
    await endSession(here);
    await endSession(here);
    expect(await principalOfSessionId(here, null)).toBeNull();
    expect(await principalOfSessionId(there, null)).not.toBeNull();
  });

  it("ends with the person's account, and by its age", async () => {
    const id = await beginSession(ada(), browser);
    await prisma().user.update({ where: { id: ada() }, data: { disabledAt: new Date() } });
    expect(await principalOfSessionId(id, null)).toBeNull();
    await prisma().user.update({ where: { id: ada() }, data: { disabledAt: null } });
    expect(await principalOfSessionId(id, null)).not.toBeNull();
    const old = await beginSession(ada(), browser, new Date(Date.now() - 12 * 60 * 60_000));
    expect(await principalOfSessionId(old, null)).toBeNull();
  });

  it("remembers its last request to the minute", async () => {
    const id = await beginSession(ada(), browser);
    const before = new Date(Date.now() - 120_000);
    await prisma().session.update({ where: { id }, data: { lastSeenAt: before } });
    await principalOfSessionId(id, null);
    const { lastSeenAt } = await prisma().session.findUniqueOrThrow({ where: { id } });
    expect(lastSeenAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it.each(["", "nonsense", "00000000-0000-7000-8000-000000000000"])("is not %j", async (id) => {
    expect(await principalOfSessionId(id, null)).toBeNull();
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
