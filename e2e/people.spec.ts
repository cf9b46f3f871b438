import type { APIRequestContext } from "playwright/test";
import { OwnServer } from "./support/own-server";
import { expect, test } from "./support/test";

const server = new OwnServer("people");
const PASSWORD = "correct horse battery";
const WORKSPACE = "moving_in";
const ADMIN = "grace@example.org";
const INVITED = "hugo@example.org";

test.afterAll(() => server.remove());

/** Signs in as the sign-in page does, with the cookies of a browser. */
async function signIn(browser: APIRequestContext, email: string, password: string): Promise<number> {
  const { csrfToken } = (await (await browser.get("/api/auth/csrf")).json()) as { csrfToken: string };
  const form = { csrfToken, email, password, json: "true" };
  return (await browser.post("/api/auth/callback/credentials", { form })).status();
}

const seen = async (browser: APIRequestContext) => (await browser.get("/api/v1/me")).status();
const secretOf = (link: string) => new URL(link).searchParams.get("token");

test("a team moves in: invitations, and sessions that end at once", async ({ page, playwright }) => {
  test.setTimeout(240_000);
  const { url, stop } = await server.start({ demo: false });
  const open = (cookies?: Awaited<ReturnType<APIRequestContext["storageState"]>>) =>
    playwright.request.newContext({ baseURL: url, ...(cookies && { storageState: cookies }) });
  const operator = await playwright.request.newContext({
    baseURL: url,
    extraHTTPHeaders: { authorization: `Bearer ${server.token}` },
  });

  const made = await operator.post("/api/v1/workspaces", {
    data: { name: WORKSPACE, title: "Moving in", admin: { email: ADMIN, name: "Grace" } },
  });
  expect(made.status()).toBe(201);
  const { administrator } = (await made.json()) as { administrator: { link: string } };
  await page.goto(`${url}/invitation?token=${secretOf(administrator.link)}`);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(/workspace=moving_in/);

  await page.goto(`${url}/settings?tab=people`);
  await page.getByRole("button", { name: "Invite person" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill(INVITED);
  await dialog.getByLabel("Name").fill("Hugo");
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  const link = dialog.getByText(/invitation\?token=inv_/);
  await expect(link).toBeVisible();
  const token = secretOf((await link.textContent())?.trim() ?? "");

  const browser = await open();
  const accepted = await browser.post("/api/v1/invitations/accept", { data: { token, password: PASSWORD } });
  expect(accepted.status()).toBe(200);
  expect(await signIn(browser, INVITED, PASSWORD)).toBe(200);
  expect(await seen(browser)).toBe(200);

  // A copy of the cookie is worth nothing once its owner signed out.
  const copy = await open(await browser.storageState());
  expect(await seen(copy)).toBe(200);
  const { csrfToken } = (await (await browser.get("/api/auth/csrf")).json()) as { csrfToken: string };
  await browser.post("/api/auth/signout", { form: { csrfToken, json: "true" } });
  expect(await seen(copy)).toBe(401);
  expect(await (await copy.get("/api/auth/session")).json()).not.toHaveProperty("user");

  const [here, there] = [await open(), await open()];
  for (const one of [here, there]) expect(await signIn(one, INVITED, PASSWORD)).toBe(200);
  const changed = await here.put("/api/v1/me/password", { data: { current: PASSWORD, password: "another battery" } });
  expect(await changed.json()).toEqual({ ended: 2 });
  expect([await seen(here), await seen(there)]).toEqual([401, 401]);
  expect(await signIn(here, INVITED, PASSWORD)).toBe(401);
  expect(await signIn(here, INVITED, "another battery")).toBe(200);

  await dialog.getByRole("button", { name: "Done" }).click();
  // The invitation was accepted elsewhere, after the page was read.
  await page.reload();
  await page.getByRole("button", { name: "Actions on Hugo" }).click();
  await page.getByRole("menuitem", { name: "Disable account" }).click();
  await page.getByRole("button", { name: "Disable", exact: true }).click();
  await expect(page.getByRole("row", { name: /Hugo/ }).getByText("disabled")).toBeVisible();
  expect(await seen(here)).toBe(401);
  expect(await signIn(here, INVITED, "another battery")).toBe(401);

  // A page that is open while its server goes away would rightly complain.
  await page.goto("about:blank");
  expect(await stop()).toBe(0);
});
