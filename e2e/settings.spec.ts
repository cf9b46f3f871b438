import { expect, test } from "./support/test";

test("an admin makes a token, uses it, and revokes it", async ({ signedInAs, request }) => {
  const page = await signedInAs("emil");
  await page.goto("/settings");
  const name = `CI ${Date.now()}`;
  await page.getByRole("button", { name: "New token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create token" }).click();
  await dialog.getByRole("button", { name: "Copy secret" }).click();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  expect(secret).toMatch(/^trib_/);
  const ask = () => request.get("/api/v1/me", { headers: { authorization: `Bearer ${secret}` } });
  expect(await (await ask()).json()).toMatchObject({ kind: "token", workspaces: [{ roles: ["viewer"] }] });
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) }).getByText("revoked")).toBeVisible();
  expect((await ask()).status()).toBe(401);
  expect(await page.content()).not.toContain(secret);
});

test("who may not manage tokens reads why, and sees who has which role", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/settings?tab=tokens");
  await expect(page.getByText("You may not manage tokens")).toBeVisible();
  await page.getByRole("tab", { name: "People" }).click();
  await expect(page.getByRole("row", { name: /Chiara Rossi/ }).getByText("steward", { exact: true })).toBeVisible();
});
