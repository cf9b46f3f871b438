import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { backOffSeconds, deliverMessages } from "./deliver-messages";
import { postMessage } from "@/lib/db/outbox";
import { sendJson } from "./send-json";

/** A receiver that somebody else runs: `answer` is what it does with the n-th request, from 1. */
let server: Server | null = null;
let received: { object: string; n: number }[] = [];
let requests = 0;
let answer: (request: number) => Promise<number> = () => Promise.resolve(200);
let target = "";
let workspaceId = "";

beforeAll(async () => {
  await openTestDatabase();
  const by = { createdBy: "test", updatedBy: "test" };
  const row = await prisma().workspace.create({ data: { name: "w", title: "w", definition: {}, digest: "w", ...by } });
  workspaceId = row.id;
});
afterAll(closeDatabase);
beforeEach(async () => {
  received = [];
  requests = 0;
  answer = () => Promise.resolve(200);
  await listen(0);
});
afterEach(async () => {
  await hangUp();
  await prisma().outboxMessage.deleteMany();
});

async function bodyOf(request: IncomingMessage): Promise<{ object: string; n: number }> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as { object: string; n: number };
}

async function listen(port: number): Promise<void> {
  server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const status = await answer(++requests);
      if (status < 300) received.push(body);
      response.writeHead(status).end(status < 300 ? "" : "no");
    })();
  });
  await new Promise<void>((resolve) => server?.listen(port, "127.0.0.1", resolve));
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/lineage`;
}

async function hangUp(): Promise<void> {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
}

async function post(object: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1)
    await prisma().$transaction((tx) =>
      postMessage(tx, { workspaceId, channel: "openlineage", target, object, payload: { object, n } }),
    );
}

/** Delivers until nothing is due. */
async function deliver(): Promise<void> {
  while ((await deliverMessages({ openlineage: (message) => sendJson(message) })) > 0);
}

/** Lets the time pass that the messages wait for. */
const wait = () =>
  prisma().outboxMessage.updateMany({ where: { state: "pending" }, data: { nextAttemptAt: new Date(0) } });
const states = async () => (await prisma().outboxMessage.findMany({ orderBy: { id: "asc" } })).map((row) => row.state);

describe("deliveries", () => {
  it("go once each, in order for each thing", async () => {
    await post("run/1", 3);
    await post("run/2", 2);
    await deliver();
    expect(received.filter((one) => one.object === "run/1").map((one) => one.n)).toEqual([1, 2, 3]);
    expect(received.filter((one) => one.object === "run/2").map((one) => one.n)).toEqual([1, 2]);
    expect(new Set(await states())).toEqual(new Set(["sent"]));
    await wait();
    await deliver();
    expect(received).toHaveLength(5);
  });

  it("wait while the receiver is down, longer each time, and keep their order when it is back", async () => {
    const port = Number(new URL(target).port);
    await post("run/1", 2);
    await hangUp();
    await deliver();
    const [first, second] = await prisma().outboxMessage.findMany({ orderBy: { id: "asc" } });
    expect(first).toMatchObject({ state: "pending", attempts: 1 });
    expect(first?.lastError).toContain("No answer");
    expect(second).toMatchObject({ state: "pending", attempts: 0 });
    await wait();
    await deliver();
    const again = await prisma().outboxMessage.findFirstOrThrow({ where: { id: first?.id } });
    expect(again.attempts).toBe(2);
    expect(again.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now() + 1000);
    await listen(port);
    await wait();
    await deliver();
    expect(received.map((one) => one.n)).toEqual([1, 2]);
  });

  it("survive errors of the receiver, and do not hold up what others are told", async () => {
    answer = (request) => Promise.resolve(request === 1 ? 500 : 200);
    await post("run/1", 2);
    await deliver();
    expect(received).toEqual([]);
    await post("run/2", 1);
    await deliver();
    expect(received).toEqual([{ object: "run/2", n: 1 }]);
    await wait();
    await deliver();
    expect(received.filter((one) => one.object === "run/1").map((one) => one.n)).toEqual([1, 2]);
  });

  it("wait for a slow receiver instead of telling it twice", async () => {
    answer = () => new Promise((resolve) => setTimeout(() => resolve(200), 1500));
    await post("run/1", 1);
    const first = deliver();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await deliver();
    await first;
    expect(received).toHaveLength(1);
    expect(requests).toBe(1);
  });

  it("end when the receiver refuses the message itself, and go on with the next", async () => {
    answer = (request) => Promise.resolve(request === 1 ? 422 : 200);
    await post("run/1", 2);
    await deliver();
    expect(await states()).toEqual(["failed", "sent"]);
    expect(received.map((one) => one.n)).toEqual([2]);
    const [refused] = await prisma().outboxMessage.findMany({ where: { state: "failed" } });
    expect(refused?.lastError).toBe("The receiver answered 422 Unprocessable Entity: no");
  });

  it("are tried again when whoever took them died", async () => {
    await post("run/1", 1);
    await prisma().outboxMessage.updateMany({ data: { attempts: 1, nextAttemptAt: new Date(Date.now() + 60_000) } });
    await deliver();
    expect(received).toEqual([]);
    await wait();
    await deliver();
    expect(received).toHaveLength(1);
  });

  it("do not wait for a clock that was set back a day to catch up, and keep their order", async () => {
    const day = 86_400_000;
    const later = (object: string, milliseconds: number) => prisma().outboxMessage.updateMany({ where: { object }, data: { createdAt: new Date(Date.now() + day), nextAttemptAt: new Date(Date.now() + milliseconds) } }); // prettier-ignore
    await post("run/1", 1);
    await post("run/2", 1);
    // One was to be tried again in a minute, by the clock of before; the other waits as long as a message ever does.
    await later("run/1", day + 60_000);
    await later("run/2", 3_600_000);
    await prisma().$transaction((tx) => postMessage(tx, { workspaceId, channel: "openlineage", target, object: "run/1", payload: { object: "run/1", n: 2 } })); // prettier-ignore
    await deliver();
    expect(received).toEqual([{ object: "run/1", n: 1 }, { object: "run/1", n: 2 }]); // prettier-ignore
  });

  it("wait a second, then two, and never more than an hour", () => {
    expect([1, 2, 3, 12, 13, 30].map((attempt) => backOffSeconds(attempt))).toEqual([1, 2, 4, 2048, 3600, 3600]);
    expect([1, 9, 10].map((attempt) => backOffSeconds(attempt, 300))).toEqual([1, 256, 300]);
  });
});
