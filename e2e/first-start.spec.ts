import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "./support/test";

const TOKEN = "bootstrap-token-of-the-first-start";
const data = mkdtempSync(path.join(tmpdir(), "tributary-first-"));
let running: ChildProcess | null = null;

test.afterAll(() => {
  running?.kill("SIGKILL");
  rmSync(data, { recursive: true, force: true });
});

/** `npm start` on an empty folder and a free port, until it prints its address. */
async function start(): Promise<{ url: string; stop: () => Promise<number | null> }> {
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      HOST: "127.0.0.1",
      PORT: "0",
      DATABASE_URL: "",
      TRIBUTARY_DATA: data,
      TRIBUTARY_DEMO: "1",
      TRIBUTARY_ROLE: "all",
      TRIBUTARY_BOOTSTRAP_TOKEN: TOKEN,
      TRIBUTARY_LOG_LEVEL: "warn",
    },
  });
  running = child;
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const url = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.stdout?.on("data", (chunk) => {
      printed += String(chunk);
      const address = /Tributary is at (\S+)/.exec(printed)?.[1];
      if (address) resolve(address);
    });
    void ended.then((code) => reject(new Error(`It ended with ${code} before it was ready: ${printed}`)));
  });
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { url, stop };
}

test("first start to first feature found, and a second start that loses nothing", async ({ page, request }) => {
  test.setTimeout(240_000);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const first = await start();
  expect((await request.get(`${first.url}/api/health/ready`)).status()).toBe(200);
  const { seeding } = await (await request.get(`${first.url}/api/v1/workspaces/flights`, { headers })).json();
  expect(seeding.state).toBe("filling");
  expect(seeding.progress).toBeGreaterThanOrEqual(0);
  expect(seeding.progress).toBeLessThan(1);

  await page.goto(first.url);
  await page.getByRole("button", { name: "Sign in as Ada Lindqvist" }).click();
  await page.waitForURL(`${first.url}/`);
  await expect(page.getByText(/Filling the demo workspace/)).toBeVisible();

  // The features are declared before the first run begins, and can be found while it fills.
  const listed = () => request.get(`${first.url}/api/v1/features?workspace=flights&limit=1`, { headers });
  await expect.poll(async () => (await (await listed()).json()).total, { timeout: 60_000 }).toBeGreaterThanOrEqual(12);
  await page.goto(`${first.url}/features?q=deley mean`);
  await page.getByRole("link", { name: "airport.delay_mean_7d" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("airport.delay_mean_7d");
  // A page that is open while its server goes away would rightly complain.
  await page.goto("about:blank");
  expect(await first.stop()).toBe(0);

  const second = await start();
  // Still signed in, still there, and the filling goes on where it was.
  await page.goto(`${second.url}/features/airport.segment`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("airport.segment");
  await page.goto("about:blank");
  expect(await second.stop()).toBe(0);
});
