import { createHmac } from "node:crypto";
import { startReceiver } from "../test/webhook-receiver";
import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

test("a steward makes a webhook, tests it, repairs it, sends again, rotates its secret and removes it", async ({
  signedInAs,
}) => {
  const receiver = await startReceiver((response) =>
    response.writeHead(receiver.requests.at(-1)?.path === "/gone" ? 404 : 204).end(),
  );
  const page = await signedInAs("chiara");
  const name = `hook_${Date.now()}`;
  await page.goto("/settings?tab=notifications");
  await page.getByRole("button", { name: "New channel" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Address").fill("ftp://example.com");
  await dialog.getByRole("button", { name: "Create channel" }).click();
  await expect(dialog).toContainText("not an address of the web");
  await expectAccessible(page);
  await dialog.getByLabel("Address").fill(new URL("/gone", receiver.url).href);
  await dialog.getByRole("button", { name: "Create channel" }).click();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Copy secret" }).click();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  await dialog.getByRole("button", { name: "Done" }).click();
  expect(await page.content()).not.toContain(secret);

  const row = page.getByRole("row").filter({ hasText: name });
  await row.getByRole("button", { name: `Send a test to ${name}` }).click();
  const log = page.getByRole("dialog", { name: `Deliveries of ${name}` });
  await expect(log).toContainText("The receiver answered 404 Not Found");
  await expect(log).toContainText("Given up, one attempt");
  await expectAccessible(page);
  await log.getByRole("button", { name: "Close the delivery log" }).click();
  await expect(row).toContainText("1 failed");

  await row.getByRole("button", { name: `More of ${name}` }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await dialog.getByLabel("Address").fill(receiver.url);
  await dialog.getByLabel("a run fails").uncheck();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(row).not.toContainText("run.failed");

  await row.getByRole("button", { name: `Delivery log of ${name}` }).click();
  await log.getByRole("button", { name: `Send the message about channel/${name} again` }).click();
  await expect(log).toContainText("Delivered");
  const [refused, taken] = receiver.requests;
  expect(taken?.headers["tributary-delivery"]).toBe(refused?.headers["tributary-delivery"]);
  const signed = `${String(taken?.headers["tributary-timestamp"])}.${taken?.body}`;
  expect(taken?.headers["tributary-signature"]).toBe(`v1=${createHmac("sha256", secret).update(signed).digest("hex")}`);
  await page.reload();
  await expect(log).toContainText("Delivered");
  await log.getByRole("button", { name: "Close the delivery log" }).click();

  await row.getByRole("button", { name: `More of ${name}` }).click();
  await page.getByRole("menuitem", { name: "New secret" }).click();
  await dialog.getByRole("button", { name: "Make a new secret" }).click();
  await expect(dialog.getByText("Copy the secret now")).toBeVisible();
  await dialog.getByRole("button", { name: "Done" }).click();
  await row.getByRole("button", { name: `More of ${name}` }).click();
  await page.getByRole("menuitem", { name: "Pause" }).click();
  await expect(row).toContainText("paused");
  await expect(row.getByRole("button", { name: `Send a test to ${name}` })).toBeDisabled();
  await row.getByRole("button", { name: `More of ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(row).toHaveCount(0);
  await receiver.close();
});

test("who may not manage channels reads why, and is refused by the API", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/settings?tab=notifications");
  await expect(page.getByText("You may not manage notification channels")).toBeVisible();
  const answer = await page.request.get("/api/v1/notification-channels?workspace=flights");
  expect(answer.status()).toBe(403);
});
