import { connect } from "node:net";
import { request as playwrightRequest } from "playwright/test";
import { operations } from "@/lib/contracts/operations";
import { RequestGenerator } from "@/test/requests/generate-request";
import { PAGES } from "./pages";
import { becomeAdministrator } from "./support/measure-lineage";
import { OwnServer } from "./support/own-server";
import { expect, test } from "./support/test";

/** What nobody should send, to the server that runs: no answer is a 5xx, and the server is there afterwards. */
const GENERATED = Number(process.env.FUZZ_REQUESTS ?? 500);
const SEED = Number(process.env.FUZZ_SEED ?? 20_010_701);
const server = new OwnServer("requests");
let url: string;
let stop: () => Promise<number | null>;

test.describe.configure({ mode: "serial" });
test.beforeAll(async () => {
  test.setTimeout(600_000);
  ({ url, stop } = await server.start({ demo: false }));
});
test.afterAll(async () => {
  expect(await stop()).toBe(0);
  server.remove();
});

const MULTIPART = "multipart/form-data; boundary=edge";
const BODIES: [type: string, body: string][] = [
  [MULTIPART, '--edge\r\nContent-Disposition: form-data; name="1_$ACTION_ID_x"\r\n\r\n[]\r\n--edge--\r\n'],
  [MULTIPART, '--edge\r\nContent-Disposition: form-data; name="0"\r\n\r\n["$F1"]'],
  ["multipart/form-data", "no boundary"],
  ["application/x-www-form-urlencoded", "name=a&email=b&%=%"],
  ["text/plain;charset=UTF-8", '["$undefined"]'],
  ["text/x-component", "0:{}"],
  ["application/json", "{"],
  ["application/octet-stream", "\u0000\u0001"],
  ["nonsense", "nonsense"],
  ["", ""],
];

const HEADS: Record<string, string>[] = [
  { rsc: "1" },
  { rsc: "1", "next-router-state-tree": "garbage" },
  { rsc: "1", "next-router-state-tree": encodeURIComponent('["",{"children":["x",{}]}]') },
  { rsc: "1", "next-router-state-tree": "%5B".repeat(2000) },
  { rsc: "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree" },
  { rsc: "1", "next-router-segment-prefetch": "/../../x" },
  { "next-action": "x" },
  { "next-action": "00".repeat(21), "content-type": MULTIPART },
  { accept: "text/x-component" },
  { accept: "\\", "accept-language": "%%%", "accept-encoding": "nothing" },
  { cookie: "next-auth.session-token=x; tributary-workspace=%00; =; ;;" },
  { range: "bytes=5-1", "if-none-match": "*", "if-modified-since": "never" },
  { range: "bytes=99999999-" },
  { "if-match": '"x"' },
  { cookie: "next-auth.callback-url=javascript:x" },
  { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy", "x-middleware-prefetch": "1" },
  { "x-nextjs-data": "1", "x-matched-path": "/../etc/passwd" },
];

const addresses = () =>
  [...new Set(PAGES.map(({ path }) => path.replace(/\{\w+\}/g, "1")))].concat([
    "/setup",
    "/sign-in",
    "/sign-in?from=%2F%2Fevil.example&error=x",
    "/invitation?token=x&token=y",
    "/features/%2e%2e%2f?tab=x&tab=y",
    "/_next/static/nothing.js",
    "/_next/image?url=%2Fx&w=1&q=1",
    "/_next/data/x/index.json",
    "/favicon.svg",
    "/api/auth/session",
    "/api/auth/signin?callbackUrl=javascript:alert(1)",
    "/api/auth/callback/credentials",
  ]);

async function sendAll(headers: Record<string, string>): Promise<string[]> {
  const context = await playwrightRequest.newContext({ baseURL: url, extraHTTPHeaders: headers });
  const failed: string[] = [];
  const note = (what: string, status: number) => status >= 500 && failed.push(`${what} → ${status}`);
  for (const [at, address] of addresses().entries()) {
    // One page takes them all; the others, of which each costs its drawing, take turns.
    const turn = <Item>(all: readonly Item[]) => all.filter((_, i) => at === 0 || i % 5 === at % 5);
    for (const head of turn(HEADS))
      note(
        `GET ${address} ${JSON.stringify(head).slice(0, 200)}`,
        (await context.get(address, { headers: head, maxRedirects: 0 })).status(),
      );
    for (const [type, data] of turn(BODIES))
      for (const action of [{}, { "next-action": "00".repeat(21) }] as Record<string, string>[])
        note(
          `POST ${address} as ${type} ${JSON.stringify(action)}`,
          (
            await context.post(address, { headers: { ...action, "content-type": type }, data, maxRedirects: 0 })
          ).status(),
        );
  }
  await context.dispose();
  return failed;
}

test("before the set-up, pages and the set-up itself take any head and body without a 5xx", async ({ page }) => {
  test.setTimeout(300_000);
  expect(await sendAll({})).toEqual([]);
  for (const [type, data] of BODIES) {
    const answer = await page.request.post(`${url}/api/v1/setup`, { headers: { "content-type": type }, data });
    expect([400, 422], type).toContain(answer.status());
  }
  const data = { name: "Mallory", email: "mallory@evil.example", password: "a-long-password-of-hers" };
  const foreign = await page.request.post(`${url}/api/v1/setup`, { headers: { origin: "https://evil.example" }, data });
  expect(foreign.status()).toBe(403);
});

test("after it, signed in, neither", async ({ page }) => {
  test.setTimeout(600_000);
  await becomeAdministrator(page, url);
  const again = await page.request.post(`${url}/api/v1/setup`, {
    data: { name: "Mallory", email: "mallory@evil.example", password: "a-long-password-of-hers" },
  });
  expect(again.status()).toBe(409);
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  expect(await sendAll({ cookie })).toEqual([]);
});

test("a client that offers another protocol is answered in this one", async () => {
  const { hostname, port } = new URL(url);
  for (const protocol of ["h2c", "websocket"]) {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(Number(port), hostname, () =>
        socket.write(`GET /api/health/live HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`),
      ); // prettier-ignore
      socket.on("data", (chunk) => ((text += String(chunk)), socket.end()));
      socket.on("error", reject);
      socket.on("close", () => resolve(text));
    });
    expect(answer, protocol).toMatch(/^HTTP\/1\.1 200 /);
  }
});

test(`${GENERATED} generated requests to the API are answered without a 5xx`, async () => {
  test.setTimeout(600_000);
  const context = await playwrightRequest.newContext({
    baseURL: url,
    extraHTTPHeaders: { authorization: `Bearer ${server.token}` },
  });
  const generator = new RequestGenerator(SEED, { workspace: ["lab"], workspaces: ["lab"] });
  const failed: string[] = [];
  // What is sent until it ends is another test's.
  const asked = operations.filter(({ id }) => id !== "watchRun");
  for (let at = 0; at < GENERATED; at++) {
    const operation = asked[at % asked.length] as (typeof asked)[number];
    const { params, query, body } = generator.request(operation);
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent((params[name] ?? "x").toWellFormed()),
    );
    const answer = await context.fetch(`${path}?${query}`, {
      method: operation.method,
      ...(body !== null && { data: body, headers: { "content-type": "application/json" } }),
      maxRedirects: 0,
    });
    if (answer.status() >= 500)
      failed.push(`#${at} ${operation.method} ${path}?${query} ${body?.slice(0, 500)} → ${answer.status()}`);
  }
  await context.dispose();
  expect(failed).toEqual([]);
});
