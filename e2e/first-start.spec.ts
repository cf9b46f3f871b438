import { OwnServer } from "./support/own-server";
import { expect, test } from "./support/test";

const server = new OwnServer("the-first-start", { firstStart: true });

test.afterAll(() => server.remove());

test("first start to first feature found, and a second start that loses nothing", async ({ page, request }) => {
  test.setTimeout(240_000);
  const headers = { authorization: `Bearer ${server.token}` };
  const first = await server.start({ demo: true });
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

  const second = await server.start({ demo: true });
  // Still signed in, still there, and the filling goes on where it was.
  await page.goto(`${second.url}/features/airport.segment`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("airport.segment");
  await page.goto("about:blank");
  expect(await second.stop()).toBe(0);
});
