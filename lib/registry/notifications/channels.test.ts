import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { setEnvironment } from "@/test/channel-fixture";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import { type Fixture, fillRegistry } from "@/test/registry-fixture";
import { closeDatabase, prisma } from "@/lib/db/client";
import { announce, type Notice } from "./announce";
import { listDeliveries, redeliver, testChannel } from "./channel-deliveries";
import { openSecret, sealSecret } from "./channel-secret";
import { applyChange, openChange, reviewChange } from "../changes/changes";
import { createChannel, deleteChannel, getChannel, listChannels, rotateSecret, updateChannel } from "./channels";

let fixture: Fixture;

beforeAll(openTestDatabase);
afterAll(closeDatabase);
beforeEach(async () => {
  setEnvironment();
  fixture = await filledRegistry();
});

const TARGET = "https://hooks.example.com/T0/very-secret-path";
const who = () => fixture.people.chiara;
const workspace = () => fixture.workspace.name;
const create = (more: Partial<Parameters<typeof createChannel>[1]> = {}) =>
  createChannel(who(), {
    workspace: workspace(),
    name: "on_call",
    kind: "webhook",
    target: TARGET,
    format: "tributary",
    events: ["run.failed"],
    ...more,
  });
const failed = (number = 1): Notice => ({
  event: "run.failed",
  object: `run/${number}`,
  path: `/runs/${number}`,
  summary: `Run ${number} failed.`,
  data: {},
});
const say = (...notices: Notice[]) => prisma().$transaction((tx) => announce(tx, fixture.workspace.id, notices));
const messages = () =>
  prisma().outboxMessage.findMany({ where: { workspaceId: fixture.workspace.id }, orderBy: { id: "asc" } });
const events = async () => (await messages()).map(({ payload }) => (payload as { event: string }).event);
const audit = () =>
  prisma().auditEvent.findMany({ where: { workspace: workspace(), action: { startsWith: "channel." } } });

describe("a channel", () => {
  it("is made, read, changed and removed, each time with a line in the log", async () => {
    const { channel, secret } = await create();
    expect(secret).toMatch(/^whsec_[\w-]{43}$/);
    expect(channel).toMatchObject({
      name: "on_call",
      target: TARGET,
      active: true,
      waiting: 0,
      createdBy: "Chiara Rossi",
    });
    await expect(create()).rejects.toMatchObject({ code: "conflict" });
    await updateChannel(who(), "on_call", { workspace: workspace(), events: ["alert.opened"], format: "slack" });
    expect(await getChannel(who(), workspace(), "on_call")).toMatchObject({
      events: ["alert.opened"],
      format: "slack",
    });
    await rotateSecret(who(), workspace(), "on_call");
    await deleteChannel(who(), workspace(), "on_call");
    expect(await listChannels(who(), workspace())).toEqual([]);
    await expect(getChannel(who(), workspace(), "on_call")).rejects.toMatchObject({ code: "not_found" });
    expect((await audit()).map(({ action }) => action)).toEqual([
      "channel.create",
      "channel.update",
      "channel.rotate",
      "channel.delete",
    ]);
  });

  it("leaves its secret and its address in no log", async () => {
    const { secret } = await create();
    const { secret: second } = await rotateSecret(who(), workspace(), "on_call");
    await testChannel(who(), workspace(), "on_call");
    const everything = JSON.stringify([await audit(), await messages(), await listChannels(who(), workspace())]);
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(second);
    expect(JSON.stringify(await audit())).not.toContain("very-secret-path");
    const { secret: sealed } = await prisma().notificationChannel.findFirstOrThrow({
      where: { workspaceId: fixture.workspace.id },
    });
    expect(sealed).not.toContain(second?.slice("whsec_".length));
  });

  it("is for stewards and admins", async () => {
    await create();
    for (const person of [fixture.people.ada, fixture.people.devi])
      for (const attempt of [
        listChannels(person, workspace()),
        createChannel(person, {
          workspace: workspace(),
          name: "x",
          kind: "webhook",
          target: TARGET,
          format: "slack",
          events: ["run.failed"],
        }),
        updateChannel(person, "on_call", { workspace: workspace(), active: false }),
        deleteChannel(person, workspace(), "on_call"),
        rotateSecret(person, workspace(), "on_call"),
        testChannel(person, workspace(), "on_call"),
        listDeliveries(person, "on_call", { workspace: workspace(), state: "all", limit: 1 }),
        redeliver(person, { workspace: workspace(), name: "on_call", id: crypto.randomUUID() }),
      ])
        await expect(attempt).rejects.toMatchObject({ code: "forbidden" });
    await expect(listChannels(fixture.stranger, workspace())).rejects.toMatchObject({ code: "not_found" });
  });

  it.each([
    ["no-url", "not an address of the web"],
    ["ftp://example.com", "not an address of the web"],
    ["javascript:alert(1)", "not an address of the web"],
    ["https://ann:pass@example.com/", "user name or password"],
  ])("takes no target such as %s", async (target, message) => {
    await expect(create({ target })).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining(message),
    });
  });

  it("gives up what waits when it is removed", async () => {
    await create();
    await say(failed());
    await deleteChannel(who(), workspace(), "on_call");
    expect(await messages()).toMatchObject([
      { state: "failed", channelId: null, lastError: "The channel was deleted." },
    ]);
  });
});

describe("a kept secret", () => {
  it("opens for its own channel and server only", () => {
    const sealed = sealSecret("whsec_x", "one");
    expect(openSecret(sealed, "one")).toBe("whsec_x");
    expect(sealSecret("whsec_x", "one")).not.toBe(sealed);
    expect(() => openSecret(sealed, "two")).toThrow();
    expect(() => openSecret(`${sealed.slice(0, -2)}AA`, "one")).toThrow();
    setEnvironment({ NEXTAUTH_SECRET: "another secret of thirty-two characters" });
    expect(() => openSecret(sealed, "one")).toThrow();
  });
});

describe("announce", () => {
  it("writes for every active channel that wants the event, and for no other workspace's", async () => {
    await create();
    await create({ name: "paused" });
    await updateChannel(who(), "paused", { workspace: workspace(), active: false });
    await create({ name: "others", events: ["alert.opened"] });
    await say(failed(), { ...failed(2), event: "change.opened" });
    expect((await messages()).map(({ object, target }) => [object, target])).toEqual([["run/1", TARGET]]);
    const other = await fillRegistry({ workspace: "other" });
    await prisma().$transaction((tx) => announce(tx, other.workspace.id, [failed()]));
    expect(await prisma().outboxMessage.count({ where: { workspaceId: other.workspace.id } })).toBe(0);
  });

  it("writes nothing when the change does not happen", async () => {
    await create();
    const attempt = prisma().$transaction(async (tx) => {
      await announce(tx, fixture.workspace.id, [failed()]);
      throw new Error("the change fails");
    });
    await expect(attempt).rejects.toThrow("the change fails");
    expect(await messages()).toEqual([]);
  });

  it("is called for change requests: opened, decided, applied, and not for what was refused", async () => {
    await create({ events: ["change.opened", "change.decided", "change.applied"] });
    const SEGMENT = { workspace: workspace(), feature: "airport.segment", environment: "staging" as const };
    const { id } = await openChange(fixture.people.ada, SEGMENT);
    await expect(openChange(fixture.people.bram, SEGMENT)).rejects.toMatchObject({ code: "conflict" });
    await reviewChange(who(), id, { decision: "comment", comment: "Looking." });
    await expect(applyChange(who(), id)).rejects.toMatchObject({ code: "conflict" });
    await reviewChange(who(), id, { decision: "approve" });
    await applyChange(who(), id);
    expect(await events()).toEqual(["change.opened", "change.decided", "change.applied"]);
    expect((await messages()).map(({ payload }) => payload)).toMatchObject([
      { summary: "Change request 1 was opened by Ada Lindqvist. Promote airport.segment v2 to staging." },
      {
        summary: expect.stringContaining("was approved by Chiara Rossi"),
        data: { decision: "approve", state: "approved" },
      },
      {
        url: `http://127.0.0.1:3000/changes/1?workspace=${workspace()}`,
        data: { before: 1, version: 2, environment: "staging" },
      },
    ]);
  });
});

describe("the delivery log", () => {
  it("is read in pages, the newest first, by state", async () => {
    await create();
    for (const number of [1, 2, 3]) await say(failed(number));
    const read = (more: { cursor?: string; state?: "failed" } = {}) =>
      listDeliveries(who(), "on_call", { workspace: workspace(), state: "all", limit: 2, ...more });
    const first = await read();
    expect([first.total, first.items.map(({ object }) => object)]).toEqual([3, ["run/3", "run/2"]]);
    const second = await read({ cursor: first.nextCursor ?? "" });
    expect([second.nextCursor, second.items.map(({ object }) => object)]).toEqual([null, ["run/1"]]);
    expect((await read({ state: "failed" })).total).toBe(0);
  });

  it("knows messages of its own channel only", async () => {
    await create();
    await create({ name: "another", events: ["alert.opened"] });
    await say(failed());
    const [message] = await messages();
    const attempt = redeliver(who(), { workspace: workspace(), name: "another", id: message?.id ?? "" });
    await expect(attempt).rejects.toMatchObject({ code: "not_found" });
  });
});
