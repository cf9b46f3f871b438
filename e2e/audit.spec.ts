import { expect, test } from "./support/test";

test("an auditor verifies the chain, filters the log and takes it along", async ({ signedInAs }) => {
  const page = await signedInAs("devi");
  await page.goto("/audit");
  await page.getByRole("button", { name: "Verify the chain" }).click();
  await expect(page.getByText("The chain is unbroken")).toBeVisible();

  await page.getByLabel("Object").fill("change/");
  await expect(page).toHaveURL(/object=change/);
  await expect(page.getByRole("row").filter({ hasText: "change.open" }).first()).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "feature.promote" })).toHaveCount(0);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "NDJSON" }).click();
  expect((await download).suggestedFilename()).toBe("flights-audit.ndjson");
});

test("whoever may not read the log reads whom to ask", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/audit");
  await expect(page.getByText("The audit log is for auditors and admins")).toBeVisible();
  await expect(page.getByText("Devi Nair (auditor)")).toBeVisible();
  expect((await page.request.get("/api/v1/audit?workspace=flights")).status()).toBe(403);
});
