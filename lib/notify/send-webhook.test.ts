import { createHmac, timingSafeEqual } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliverAll, letTimePass, setEnvironment } from "@/test/channel-fixture";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { type ReceivedRequest, type Receiver, startReceiver } from "@/test/webhook-receiver";
import { closeDatabase, prisma } from "@/lib/db/client";
import { announce } from "@/lib/registry/notifications/announce";
import { listDeliveries, redeliver, testChannel } from "@/lib/registry/notifications/channel-deliveries";
import { createChannel, rotateSecret, updateChannel } from "@/lib/registry/notifications/channels";
import { deliverMessages } from "./deliver-messages";
import { postGuarded } from "./post-guarded";
import { sendWebhook } from "./send-webhook";
import { sweepMessages } from "./sweep-messages";

const workspace = "flights";
let fixture: Fixture;
let receiver: Receiver;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);
beforeEach(async () => {
  setEnvironment();
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
  await prisma().outboxMessage.deleteMany();
  await prisma().notificationChannel.deleteMany();
});

const chiara = () => fixture.people.chiara;
const open = (more: Partial<Parameters<typeof createChannel>[1]> = {}) =>
  createChannel(chiara(), {
    workspace,
    name: "hook",
    kind: "webhook",
    target: receiver.url,
    format: "tributary",
    events: ["run.failed"],
    ...more,
  });
const fail = (number: number, summary = `Run ${number} failed: no`) =>
  prisma().$transaction((tx) =>
    announce(tx, fixture.workspace.id, [
      { event: "run.failed", object: `run/${number}`, path: `/runs/${number}`, summary, data: { number } },
    ]),
  );
const log = async () => (await listDeliveries(chiara(), "hook", { workspace, state: "all", limit: 50 })).items;
/** Another receiver in the place of the one that is there. */
async function replace(answer: Parameters<typeof startReceiver>[0]): Promise<void> {
  const { port } = receiver;
  await receiver.close();
  receiver = await startReceiver(answer, port);
}

/** What docs/notifications.md tells a reader to do. */
function verify({ headers, body }: ReceivedRequest, secret: string, now = Date.now()): boolean {
  const timestamp = String(headers["tributary-timestamp"]);
  if (Math.abs(now / 1000 - Number(timestamp)) > 300) return false;
  const expected = Buffer.from(`v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`);
  const given = Buffer.from(String(headers["tributary-signature"]));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

describe("a webhook", () => {
  it("is signed as the documentation says, and says what happened", async () => {
    const { secret } = await open();
    await fail(7, 'Run 7 failed: "späť" <b>\r\n& so on');
    await deliverAll();
    const [request] = receiver.requests as [ReceivedRequest];
    const [delivery] = await log();
    expect(verify(request, secret as string)).toBe(true);
    expect(verify({ ...request, body: `${request.body} ` }, secret as string)).toBe(false);
    expect(verify(request, "whsec_another")).toBe(false);
    expect(verify(request, secret as string, Date.now() + 3_600_000)).toBe(false);
    expect(request.headers).toMatchObject({
      "tributary-event": "run.failed",
      "tributary-delivery": delivery?.id,
      "content-type": "application/json; charset=utf-8",
    });
    expect(JSON.parse(request.body)).toEqual({
      id: delivery?.id,
      event: "run.failed",
      at: expect.stringMatching(/^\d{4}-/),
      workspace,
      object: "run/7",
      url: "http://127.0.0.1:3000/runs/7?workspace=flights",
      summary: 'Run 7 failed: "späť" <b>\r\n& so on',
      data: { number: 7 },
    });
    expect(delivery).toMatchObject({ state: "sent", attempts: 1, lastError: null, nextAttemptAt: null });
  });

  it("is signed with the new secret after a rotation", async () => {
    const { secret: old } = await open();
    const { secret } = await rotateSecret(chiara(), workspace, "hook");
    expect(secret).not.toBe(old);
    await fail(1);
    await deliverAll();
    const [request] = receiver.requests as [ReceivedRequest];
    expect([verify(request, secret as string), verify(request, old as string)]).toEqual([true, false]);
  });

  it("takes the form of Slack, where a name mentions nobody", async () => {
    await open({ format: "slack" });
    await fail(1, "Run 1 failed: <!channel> & more");
    await deliverAll();
    const body = JSON.parse(receiver.requests[0]?.body ?? "") as { text: string; blocks: unknown[] };
    expect(body.text).toBe(
      "Run 1 failed: &lt;!channel&gt; &amp; more <http://127.0.0.1:3000/runs/1?workspace=flights|Open in Tributary>",
    );
    expect(body.blocks[0]).toEqual({
      type: "section",
      text: { type: "mrkdwn", text: "Run 1 failed: &lt;!channel&gt; &amp; more" },
    });
  });

  it.each([500, 503, 408, 429])("is tried again after %d", async (status) => {
    await open();
    await replace((response, nth) => void response.writeHead(nth === 1 ? status : 200).end("busy"));
    await fail(1);
    await deliverAll();
    expect(await log()).toMatchObject([
      { state: "pending", attempts: 1, lastError: expect.stringContaining(`${status}`) },
    ]);
    await letTimePass();
    await deliverAll();
    expect(await log()).toMatchObject([{ state: "sent", attempts: 2, lastError: null }]);
    const ids = receiver.requests.map(({ headers }) => headers["tributary-delivery"]);
    expect(new Set(ids).size).toBe(1);
  });

  it.each([400, 401, 404, 410])("is given up after %d, and goes on demand", async (status) => {
    await open();
    await replace((response, nth) => void response.writeHead(nth === 1 ? status : 200).end("<h1>no</h1>"));
    await fail(1);
    await deliverAll();
    const [refused] = await log();
    expect(refused).toMatchObject({ state: "failed", nextAttemptAt: null });
    expect(refused?.lastError).toContain(`${status}`);
    await redeliver(chiara(), { workspace, name: "hook", id: refused?.id as string });
    await deliverAll();
    expect(await log()).toMatchObject([{ id: refused?.id, state: "sent" }]);
    expect(receiver.requests.map(({ headers }) => headers["tributary-delivery"])).toEqual([refused?.id, refused?.id]);
  });

  it("follows no redirect", async () => {
    const elsewhere = await startReceiver();
    await open();
    await replace((response) => void response.writeHead(307, { location: elsewhere.url }).end());
    await fail(1);
    await deliverAll();
    expect(await log()).toMatchObject([
      { state: "failed", lastError: expect.stringContaining("Redirects are not followed") },
    ]);
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.close();
  });

  it("waits while the receiver is down, and arrives when it is back", async () => {
    await open();
    const { port } = receiver;
    await receiver.close();
    await fail(1);
    await deliverAll();
    expect(await log()).toMatchObject([{ state: "pending", lastError: expect.stringContaining("No answer") }]);
    receiver = await startReceiver(undefined, port);
    await letTimePass();
    await deliverAll();
    expect(receiver.requests).toHaveLength(1);
    expect(await log()).toMatchObject([{ state: "sent", attempts: 2 }]);
  });

  it("does not wait for ever: neither for an answer nor for its end", async () => {
    const send = () => postGuarded(receiver.url, { body: "{}", headers: {}, timeoutMs: 200 });
    await replace(() => undefined);
    await expect(send()).rejects.toThrow("No answer within 0.2 seconds.");
    await replace((response) => void response.writeHead(200).write("and"));
    await expect(send()).rejects.toThrow("No answer within 0.2 seconds.");
  });

  it("reads no more of an answer than it shows", async () => {
    await replace((response) => {
      response.writeHead(500);
      const more = () => {
        while (response.write("x".repeat(10_000)));
      };
      response.on("drain", more);
      more();
    });
    const { status, text } = await postGuarded(receiver.url, { body: "{}", headers: {} });
    expect([status, text.length]).toEqual([500, 2000]);
  });

  it("is told at least once, with one id, when whoever sent it died before saying so", async () => {
    await open();
    await fail(1);
    let sent = () => undefined as void;
    const arrived = new Promise<void>((resolve) => (sent = resolve));
    // Sends and then never comes back, as a killed process.
    void deliverMessages({
      webhook: async (message) => {
        await sendWebhook(message);
        sent();
        await new Promise(() => undefined);
      },
    });
    await arrived;
    await deliverAll();
    expect(receiver.requests).toHaveLength(1);
    await letTimePass();
    await deliverAll();
    expect(receiver.requests).toHaveLength(2);
    expect(new Set(receiver.requests.map(({ headers }) => headers["tributary-delivery"])).size).toBe(1);
    expect(await log()).toMatchObject([{ state: "sent", attempts: 2 }]);
  });

  it("waits while its channel is paused, and then goes to where the channel is now", async () => {
    await open();
    await fail(1);
    await updateChannel(chiara(), "hook", { workspace, active: false });
    await fail(2);
    await deliverAll();
    expect(await log()).toMatchObject([{ object: "run/1", state: "pending", attempts: 0 }]);
    await expect(testChannel(chiara(), workspace, "hook")).rejects.toMatchObject({ code: "conflict" });
    const elsewhere = await startReceiver();
    await updateChannel(chiara(), "hook", { workspace, active: true, target: elsewhere.url });
    await deliverAll();
    expect([receiver.requests.length, elsewhere.requests.length]).toEqual([0, 1]);
    await elsewhere.close();
  });

  it("says what to do when the server's secret was changed", async () => {
    await open();
    await fail(1);
    setEnvironment({ NEXTAUTH_SECRET: "another secret of thirty-two characters" });
    await deliverAll();
    expect(await log()).toMatchObject([
      { state: "failed", lastError: expect.stringContaining("Rotate the channel's secret") },
    ]);
    await rotateSecret(chiara(), workspace, "hook");
    await redeliver(chiara(), { workspace, name: "hook", id: (await log())[0]?.id as string });
    await deliverAll();
    expect(receiver.requests).toHaveLength(1);
  });
});

describe("private addresses", () => {
  const refused = { code: "invalid", message: expect.stringContaining("TRIBUTARY_PRIVATE_WEBHOOKS=1") };

  it("are refused where others reach the server: when a channel is made, and when a name leads there", async () => {
    setEnvironment({ HOST: "0.0.0.0" });
    for (const host of [
      "127.0.0.1",
      "localhost",
      "[::1]",
      "169.254.169.254",
      "10.0.0.1",
      "0x7f.1",
      "2130706433",
      "[::ffff:10.0.0.1]",
    ])
      await expect(open({ target: `http://${host}:${receiver.port}/` }), host).rejects.toMatchObject(refused);
    setEnvironment();
    await open({ target: receiver.url.replace("127.0.0.1", "localhost") });
    setEnvironment({ HOST: "0.0.0.0" });
    await fail(1);
    await deliverAll();
    expect(receiver.requests).toEqual([]);
    expect(await log()).toMatchObject([{ state: "failed", lastError: expect.stringContaining("localhost (") }]);
    await expect(postGuarded(receiver.url, { body: "", headers: {} })).rejects.toThrow("may not reach");
  });

  it("are allowed when the server is told so", async () => {
    setEnvironment({ HOST: "0.0.0.0", TRIBUTARY_PRIVATE_WEBHOOKS: "1" });
    await open();
    await fail(1);
    await deliverAll();
    expect(receiver.requests).toHaveLength(1);
  });
});

describe("the sweep", () => {
  it("removes what ended long ago, and nothing that waits", async () => {
    await open();
    for (const number of [1, 2, 3]) await fail(number);
    await deliverAll();
    await fail(4);
    const [, third] = await log();
    const days = (count: number) => new Date(Date.now() - count * 24 * 3600 * 1000);
    await prisma().outboxMessage.updateMany({ where: { id: { not: third?.id } }, data: { createdAt: days(31) } });
    expect(await sweepMessages(30, new Date())).toBe(2);
    expect((await log()).map(({ object }) => object).sort()).toEqual(["run/3", "run/4"]);
  });
});
