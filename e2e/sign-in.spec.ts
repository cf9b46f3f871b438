import { expect, test } from "./support/test";

test("a stranger is led to sign in and comes back to the page they wanted", async ({ page }) => {
  await page.goto("/features?q=delay");
  await expect(page).toHaveURL(/\/sign-in\?from=%2Ffeatures%3Fq%3Ddelay$/);
  await page.getByRole("button", { name: "Sign in as Bram Okafor" }).click();
  await expect(page).toHaveURL(/\/features\?q=delay/);
  await expect(page.getByRole("button", { name: "Bram Okafor: account" })).toBeVisible();
});

test("nobody is led to another site", async ({ page }) => {
  await page.goto("/sign-in?from=//evil.example/x");
  await page.getByRole("button", { name: "Sign in as Ada Lindqvist" }).click();
  await expect(page).toHaveURL(/^http:\/\/[^/]+\/$/);
});

test("wrong credentials are refused without saying which part is wrong", async ({ page }) => {
  await page.goto("/sign-in");
  for (const email of ["ada@flights.example", `nobody-${Date.now()}@example.org`]) {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: "E-mail or password is not right." })).toBeVisible();
  }
  await expect(page).toHaveURL(/\/sign-in/);
});

test("too many attempts close the door for that e-mail", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(`guess-${Date.now()}@example.org`);
  const alert = page.getByRole("alert").filter({ hasText: /E-mail or password|Too many/ });
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    await page.getByLabel("Password", { exact: true }).fill(`guess ${attempt}`);
    const answered = page.waitForResponse((response) => response.url().includes("/callback/credentials"));
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await answered;
    await expect(alert).toHaveText(attempt < 6 ? /E-mail or password/ : /Too many failed attempts/);
  }
});

test("signing out ends the session", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in as Devi Nair" }).click();
  // A press before the page has come alive is lost, as it is for people.
  const signOut = page.getByRole("menuitem", { name: "Sign out" });
  await expect(async () => {
    await page.getByRole("button", { name: "Devi Nair: account" }).click();
    await expect(signOut).toBeVisible({ timeout: 1000 });
  }).toPass();
  await signOut.click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/features");
  await expect(page).toHaveURL(/\/sign-in\?from=%2Ffeatures/);
  expect((await page.request.get("/api/v1/me")).status()).toBe(401);
});

test("pages forbid foreign scripts and frames, and the set-up is gone", async ({ page, request }) => {
  const answer = await request.get("/sign-in");
  const policy = answer.headers()["content-security-policy"] ?? "";
  expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]+' 'strict-dynamic'(;|$)/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
  await page.goto("/setup");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a page of another site cannot change anything with the person's cookies", async ({ signedInAs }) => {
  const page = await signedInAs("emil");
  const body = { workspace: "flights", name: "stolen", roles: ["admin"] };
  const answer = await page.request.post("/api/v1/tokens", { data: body, headers: { origin: "https://evil.example" } });
  expect(answer.status()).toBe(403);
});
