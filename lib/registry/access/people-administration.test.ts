import { verify } from "@node-rs/argon2";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { type Principal, SYSTEM } from "@/lib/domain/principal";
import type { Role } from "@/lib/domain/roles";
import { openTestDatabase } from "@/test/open-test-database";
import { openSecret } from "../notifications/channel-secret";
import { openScopeFor } from "../scope";
import { createGroup, deleteGroup, listGroups, updateGroup } from "./groups";
import {
  acceptInvitation,
  invitePerson,
  listInvitations,
  readInvitation,
  renewInvitation,
  withdrawInvitation,
} from "./invitations";
import { removePerson, updatePerson } from "./members";
import { changePassword, endOtherSessions, endOwnSession, listSessions } from "./own-account";
import { listPeople } from "./people";
import { createToken, listTokens } from "./tokens";
import { createWorkspace, listWorkspaces, setArchived } from "./workspaces"; // prettier-ignore

const PASSWORD = "correct horse battery";
let made = 0;
let workspace = "";
/** Administers the workspace of the test, and it alone. */
let ada: Principal;
let bo: Principal;

/** The person as they are now. */
async function principalOf(email: string, sessionId?: string): Promise<Principal> {
  const user = await prisma().user.findUniqueOrThrow({ where: { email }, include: { roleBindings: true } });
  const bindings = user.roleBindings.map(({ workspaceId, role }) => ({ workspaceId, role: role as Role }));
  return { id: user.id, name: user.name, kind: "user", bindings, requestId: null, ...(sessionId && { sessionId }) };
}

const secretOf = (link: string | null) => new URL(link ?? "").searchParams.get("token") ?? "";
const address = (name: string) => `${name}@${workspace}.example`;

async function invite(name: string, roles: Role[] = ["author"], by = ada) {
  return invitePerson(by, { workspace, email: address(name), name, roles });
}

async function join(name: string, roles: Role[] = ["author"]): Promise<Principal> {
  const { link } = await invite(name, roles);
  await acceptInvitation(null, { token: secretOf(link), password: PASSWORD });
  return principalOf(address(name));
}

const events = async (action: string) =>
  (await prisma().auditEvent.findMany({ where: { workspace, action }, orderBy: { sequence: "asc" } })).map(
    ({ actorName, object, after }) => ({ actorName, object: object.slice(workspace.length + 1), after }),
  );
const refusal = (code: string, text: string | RegExp) => ({ code, message: expect.stringMatching(text) as string });

beforeAll(openTestDatabase);
afterAll(closeDatabase);
beforeEach(async () => {
  workspace = `w${(made += 1)}`;
  const admin = { email: `ada@${workspace}.example`, name: "Ada" };
  const { administrator } = await createWorkspace(SYSTEM, { name: workspace, description: "", admin });
  await acceptInvitation(null, { token: secretOf(administrator?.link ?? null), password: PASSWORD });
  ada = await principalOf(admin.email);
  bo = await join("bo");
});

describe("an invitation", () => {
  it("makes an account with its roles, by a link that works once and is kept nowhere", async () => {
    const { link, invitation, person, mailed } = await invite("cy", ["steward", "author"]);
    expect({ person, mailed, state: invitation?.state }).toEqual({ person: null, mailed: false, state: "open" });
    const days = (Date.parse(invitation?.expiresAt ?? "") - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(7, 2);
    expect(JSON.stringify([await prisma().invitation.findMany(), await prisma().auditEvent.findMany()])).not.toContain(secretOf(link)); // prettier-ignore
    expect(await readInvitation(secretOf(link))).toMatchObject({ email: address("cy"), invitedBy: "Ada", hasAccount: false });
    await expect(acceptInvitation(null, { token: secretOf(link) })).rejects.toMatchObject(refusal("invalid", "needs a password"));
    const both = await Promise.allSettled([1, 2].map(() => acceptInvitation(null, { token: secretOf(link), password: PASSWORD })));
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(acceptInvitation(null, { token: secretOf(link), password: PASSWORD })).rejects.toMatchObject(refusal("conflict", /was used on \d{4}-\d\d-\d\d\. Sign in as cy@/));
    const cy = (await listPeople(ada, workspace)).find(({ email }) => email === address("cy"));
    expect(cy).toMatchObject({ name: "cy", roles: ["author", "steward"], installationRoles: [], disabled: false });
    const user = await prisma().user.findUniqueOrThrow({ where: { email: address("cy") } });
    expect(await verify(user.passwordHash ?? "", PASSWORD)).toBe(true);
    expect((await events("person.invite")).at(-1)).toMatchObject({ actorName: "Ada", object: `person/${address("cy")}` });
    expect((await events("person.create")).at(-1)).toMatchObject({ actorName: "cy", after: { roles: ["steward", "author"] } });
  }); // prettier-ignore

  it("of an address that is in the workspace, or was invited before, says what to do", async () => {
    await expect(invite("bo")).rejects.toMatchObject(refusal("conflict", /bo <bo@.*> is in w\d+ already, as author\. Change their roles/));
    await invite("cy");
    const admin = await join("dee", ["admin"]);
    await expect(invite("CY".toLowerCase(), ["viewer"], admin)).rejects.toMatchObject(
      refusal("conflict", /Ada invited cy@.* on \d{4}-.*; the link works until .*Renew/),
    );
    expect((await listInvitations(admin, workspace)).filter(({ state }) => state === "open")).toHaveLength(1);
  }); // prettier-ignore

  it("is made once when two people invite one address at the same moment", async () => {
    const admin = await join("dee", ["admin"]);
    const both = await Promise.allSettled([invite("cy"), invite("cy", ["viewer"], admin)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  });

  it("that expired says so, and may be renewed or made anew", async () => {
    const { link, invitation } = await invite("cy");
    await prisma().invitation.update({ where: { id: invitation?.id }, data: { expiresAt: new Date(Date.now() - 1) } });
    await expect(readInvitation(secretOf(link))).rejects.toMatchObject(refusal("conflict", /expired on .*Ask Ada for another/));
    const renewed = await renewInvitation(ada, invitation?.id ?? "");
    await expect(readInvitation(secretOf(link))).rejects.toMatchObject(refusal("not_found", "a newer one may have replaced it"));
    expect(await readInvitation(secretOf(renewed.link))).toMatchObject({ email: address("cy") });
    await prisma().invitation.update({ where: { id: invitation?.id }, data: { expiresAt: new Date(Date.now() - 1) } });
    await expect(invite("cy")).resolves.toMatchObject({ invitation: { state: "open" } });
    await expect(renewInvitation(ada, invitation?.id ?? "")).rejects.toMatchObject(refusal("conflict", "invited again since"));
  }); // prettier-ignore

  it("that is withdrawn lets nobody in", async () => {
    const { link, invitation } = await invite("cy");
    expect((await withdrawInvitation(ada, invitation?.id ?? "")).state).toBe("withdrawn");
    await expect(acceptInvitation(null, { token: secretOf(link), password: PASSWORD })).rejects.toMatchObject(refusal("conflict", "was withdrawn. Ask Ada"));
    await expect(withdrawInvitation(ada, invitation?.id ?? "")).rejects.toMatchObject({ code: "conflict" });
    await expect(readInvitation("inv_nonsense")).rejects.toMatchObject({ code: "not_found" });
  }); // prettier-ignore

  it("of somebody with an account elsewhere gives the roles at once; the account keeps its password", async () => {
    const other = `${workspace}_b`;
    await createWorkspace(ada, { name: other, description: "" });
    const { person, link } = await invitePerson(await principalOf(address("ada")), { workspace: other, email: address("bo"), name: "x", roles: ["viewer"] });
    expect({ name: person?.name, roles: person?.roles, link }).toEqual({ name: "bo", roles: ["viewer"], link: null });
  }); // prettier-ignore

  it("goes by mail where mail is set, with the link sealed until it is sent", async () => {
    vi.stubEnv("SMTP_URL", "smtp://127.0.0.1:2525");
    vi.stubEnv("SMTP_FROM", "features@example.org");
    const holder = globalThis as { tributaryEnvironment?: unknown };
    holder.tributaryEnvironment = undefined;
    const { mailed, link, invitation } = await invite("cy").finally(() => {
      vi.unstubAllEnvs();
      holder.tributaryEnvironment = undefined;
    });
    expect(mailed).toBe(true);
    const message = await prisma().outboxMessage.findFirstOrThrow({ where: { target: address("cy") } });
    expect(JSON.stringify(message)).not.toContain(secretOf(link));
    const { sealedUrl } = message.payload as { sealedUrl: string };
    expect(openSecret(sealedUrl, invitation?.id ?? "")).toBe(link);
  });

  it("is for administrators", async () => {
    await expect(invite("cy", ["author"], bo)).rejects.toMatchObject({ code: "forbidden" });
    await expect(listInvitations(bo, workspace)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("roles", () => {
  it("change at once and are audited once", async () => {
    expect(await updatePerson(ada, bo.id, { workspace, scope: "workspace", roles: ["steward"] })).toMatchObject({ roles: ["steward"] });
    await updatePerson(ada, bo.id, { workspace, scope: "workspace", roles: ["steward"] });
    expect(await events("person.change_roles")).toEqual([{ actorName: "Ada", object: `person/${address("bo")}`, after: { roles: ["steward"] } }]);
    await expect(updatePerson(ada, bo.id, { workspace, scope: "workspace", roles: [] })).rejects.toMatchObject({ code: "invalid" });
    await expect(updatePerson(bo, bo.id, { workspace, scope: "workspace", roles: ["admin"] })).rejects.toMatchObject({ code: "forbidden" });
    await expect(updatePerson(ada, bo.id, { workspace, scope: "installation", roles: ["admin"] })).rejects.toMatchObject({ code: "forbidden" });
  }); // prettier-ignore

  it("never leave a workspace without an administrator, also when two administrators remove each other", async () => {
    const last = refusal("conflict", /Workspace w\d+ would have no administrator any more/);
    await expect(updatePerson(ada, ada.id, { workspace, scope: "workspace", roles: ["author"] })).rejects.toMatchObject(last);
    await expect(updatePerson(ada, ada.id, { workspace, scope: "workspace", disabled: true })).rejects.toMatchObject(last);
    await expect(removePerson(ada, ada.id, workspace)).rejects.toMatchObject(last);
    const dee = await join("dee", ["admin"]);
    const both = await Promise.allSettled([removePerson(ada, dee.id, workspace), removePerson(dee, ada.id, workspace)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await listPeople(SYSTEM, workspace)).filter(({ roles }) => roles.includes("admin"))).toHaveLength(1);
  }); // prettier-ignore
});

describe("a disabled person", () => {
  it("loses sessions and tokens at once, and gets the sessions back by signing in only", async () => {
    const dee = await join("dee", ["admin"]);
    const session = await prisma().session.create({ data: { userId: dee.id, expiresAt: new Date(Date.now() + 60_000) } });
    await createToken(dee, { workspace, name: "CI", roles: ["author"] }, `hash-${workspace}`);
    expect(await updatePerson(ada, dee.id, { workspace, scope: "workspace", disabled: true })).toMatchObject({ disabled: true });
    expect(await prisma().session.findUniqueOrThrow({ where: { id: session.id } })).toMatchObject({ endReason: "disabled" });
    expect((await listTokens(ada, workspace)).map(({ state }) => state)).toEqual(["revoked"]);
    expect(await events("person.disable")).toMatchObject([{ after: { sessionsEnded: 1, tokensRevoked: ["CI"] } }]);
    expect(await updatePerson(ada, dee.id, { workspace, scope: "workspace", disabled: false })).toMatchObject({ disabled: false, roles: ["admin"] });
    expect((await prisma().session.findUniqueOrThrow({ where: { id: session.id } })).endedAt).not.toBeNull();
  }); // prettier-ignore

  it("is disabled by nobody who administers only some of their workspaces", async () => {
    await createWorkspace(SYSTEM, { name: `${workspace}_c`, description: "", admin: { email: address("bo"), name: "bo" } });
    await expect(updatePerson(ada, bo.id, { workspace, scope: "workspace", disabled: true })).rejects.toMatchObject(
      refusal("forbidden", "bo also has a role in another workspace"),
    );
  }); // prettier-ignore
});

it("removes a person from the workspace with roles, groups and tokens there; the account stays", async () => {
  await createGroup(ada, { workspace, name: "team", description: "", members: [address("bo")] });
  expect(await removePerson(ada, bo.id, workspace)).toMatchObject({ roles: [], groups: [] });
  expect((await listPeople(ada, workspace)).map(({ name }) => name)).toEqual(["Ada"]);
  expect((await listGroups(ada, workspace))[0]?.members).toEqual([]);
  expect(await prisma().user.count({ where: { email: address("bo") } })).toBe(1);
  await expect(removePerson(ada, bo.id, workspace)).rejects.toMatchObject({ code: "not_found" });
  await expect(invite("bo")).resolves.toMatchObject({ person: { roles: ["author"] } });
});

describe("a group", () => {
  it("has members of the workspace, and is made and changed with events", async () => {
    const group = await createGroup(ada, { workspace, name: "network planning", description: "Plans.", members: [address("bo"), address("bo")] });
    expect(group).toMatchObject({ owns: 0, members: [{ email: address("bo") }] });
    await expect(createGroup(ada, { workspace, name: "network planning", description: "", members: [] })).rejects.toMatchObject({ code: "conflict" });
    const ref = { workspace, group: "network planning" };
    await expect(updateGroup(ada, ref, { members: ["zoe@nowhere.example"] })).rejects.toMatchObject({ code: "invalid", context: { issues: [{ path: ["members", 0] }] } });
    expect((await updateGroup(ada, ref, { members: [] })).members).toEqual([]);
    await updateGroup(ada, ref, { members: [] });
    expect(await events("group.update")).toHaveLength(1);
    await expect(updateGroup(bo, ref, { members: [address("bo")] })).rejects.toMatchObject({ code: "forbidden" });
    expect((await listGroups(bo, workspace)).map(({ name }) => name)).toEqual(["network planning"]);
  }); // prettier-ignore

  it("stays while it owns something", async () => {
    await createGroup(ada, { workspace, name: "team", description: "", members: [] });
    const { id } = await prisma().workspace.findUniqueOrThrow({ where: { name: workspace } });
    const by = { createdBy: "test", updatedBy: "test" };
    const row = await prisma().feature.create({ data: { workspaceId: id, name: "a.b", entity: "a", type: "double", owner: "team", definition: {}, digest: "d", ...by } });
    await expect(deleteGroup(ada, { workspace, group: "team" })).rejects.toMatchObject(refusal("conflict", "owns one object"));
    await prisma().feature.update({ where: { id: row.id }, data: { owner: "" } });
    await deleteGroup(ada, { workspace, group: "team" });
    expect(await listGroups(ada, workspace)).toEqual([]);
  }); // prettier-ignore
});

describe("one's own account", () => {
  const begin = (userId: string) =>
    prisma().session.create({ data: { userId, address: "192.0.2.1", expiresAt: new Date(Date.now() + 60_000) } });

  it("lists sessions that last and ends them", async () => {
    const [here, there, third] = [await begin(bo.id), await begin(bo.id), await begin(bo.id)];
    const me = await principalOf(address("bo"), here.id);
    expect((await listSessions(me)).map(({ id, current }) => [id, current])).toEqual([[third.id, false], [there.id, false], [here.id, true]]);
    expect(await endOwnSession(me, there.id)).toEqual({ ended: 1 });
    await expect(endOwnSession(me, there.id)).rejects.toMatchObject({ code: "not_found" });
    const foreign = await begin(ada.id);
    await expect(endOwnSession(me, foreign.id)).rejects.toMatchObject({ code: "not_found" });
    expect(await endOtherSessions(me)).toEqual({ ended: 1 });
    expect((await listSessions(me)).map(({ id }) => id)).toEqual([here.id]);
  }); // prettier-ignore

  it("changes its password and ends every session", async () => {
    const [here] = [await begin(bo.id), await begin(bo.id)];
    const me = await principalOf(address("bo"), here.id);
    const change = (current: string, password: string) => changePassword(me, { current, password });
    await expect(change("wrong", "another password")).rejects.toMatchObject({ code: "forbidden" });
    await expect(change(PASSWORD, PASSWORD)).rejects.toMatchObject({ code: "invalid" });
    expect(await change(PASSWORD, "another password")).toEqual({ ended: 2 });
    expect(await listSessions(me)).toEqual([]);
    expect(await events("person.change_password")).toMatchObject([{ actorName: "bo", after: { sessionsEnded: 2 } }]);
  });

  it("is no token's", async () => {
    const token: Principal = { ...bo, id: "token:1", name: "token CI", kind: "token" };
    await expect(listSessions(token)).rejects.toMatchObject({ code: "forbidden" });
    await expect(changePassword(token, { current: PASSWORD, password: "another password" })).rejects.toMatchObject({ code: "forbidden" });
  }); // prettier-ignore
});

describe("a workspace", () => {
  it("is made by who administers one, who administers it then", async () => {
    const name = `${workspace}_d`;
    const { workspace: row, administrator } = await createWorkspace(ada, { name, title: "Other", description: "" });
    expect([row, administrator]).toMatchObject([{ name, title: "Other", roles: ["admin"], archivedAt: null }, null]);
    await expect(createWorkspace(ada, { name, description: "" })).rejects.toMatchObject(refusal("conflict", "There is a workspace"));
    await expect(createWorkspace(bo, { name: `${name}e`, description: "" })).rejects.toMatchObject({ code: "forbidden" });
    const token: Principal = { ...ada, id: "token:1", kind: "token" };
    await expect(createWorkspace(token, { name: `${name}e`, description: "" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(createWorkspace(SYSTEM, { name: `${name}e`, description: "" })).rejects.toMatchObject(refusal("invalid", "Name the first administrator"));
  }); // prettier-ignore

  it("that is archived is read and changed by nobody, until it is restored", async () => {
    await expect(setArchived(bo, workspace, true)).rejects.toMatchObject({ code: "forbidden" });
    expect((await setArchived(ada, workspace, true)).archivedAt).not.toBeNull();
    await setArchived(ada, workspace, true);
    expect(await events("workspace.archive")).toHaveLength(1);
    expect((await listWorkspaces(ada)).map(({ name }) => name)).not.toContain(workspace);
    expect((await listWorkspaces(ada, { archived: true })).map(({ name }) => name)).toContain(workspace);
    await expect(openScopeFor(ada, workspace, "workspace:read")).resolves.toBeTruthy();
    const closed = refusal("conflict", "is archived: it can be read");
    await expect(invite("cy")).rejects.toMatchObject(closed);
    await expect(openScopeFor(ada, workspace, "run:start")).rejects.toMatchObject(closed);
    expect((await setArchived(ada, workspace, false)).archivedAt).toBeNull();
    await expect(invite("cy")).resolves.toBeTruthy();
  });
});
