import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

test("open the leak of late_model on airport.segment and read why, and what would help", async ({ signedInAs }) => {
  const page = await signedInAs("devi");
  await page.goto("/audit/usage");
  await page.getByRole("tab", { name: "Leakage matrix" }).click();
  await page.getByRole("button", { name: "Proof: airport.segment for late_model, leak" }).first().click();

  const proof = page.getByRole("dialog", { name: "Proof" });
  await expect(proof.getByText("FIT_COVERS_TEST")).toBeVisible();
  const why = proof.getByRole("list", { name: "Why" }).getByRole("listitem").first();
  await expect(why).toContainText("airport_segments was fitted on all rows of flights@1");
  await expect(why).toContainText("late_model is tested on part test of by_month");
  await expect(why).toContainText("Every test row was seen.");
  await expect(proof.getByRole("img", { name: /they overlap/ })).toBeVisible();
  const fix = proof.getByRole("listitem").filter({ hasText: "Refit airport_segments on late_model's training rows" });
  await expect(fix).toContainText("The verdict would be");
  await expect(fix).toContainText("safe");
  await expectAccessible(page);

  // The link can be sent to somebody else.
  await page.reload();
  await expect(page.getByRole("dialog", { name: "Proof" }).getByText("FIT_COVERS_TEST")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Proof" })).toHaveCount(0);
});

test("a leak that matters: the two scores side by side, and one click to the honest plan", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/models/late_risk_model");
  const made = page.getByRole("region", { name: "What leakage made of version 1" });
  await expect(made).toContainText("AUC 0.748");
  await expect(made).toContainText(/leaking, 0\.642\d honest: leakage made 0\.10\d\d\./);

  const fix = page
    .getByRole("region", { name: "Fixes of version 1" })
    .getByRole("listitem")
    .filter({ hasText: "Refit airport_day_rates on late_risk_model's training rows" });
  await expect(fix).toContainText("The verdict would be");
  await expect(fix).toContainText("safe");
  await expect(fix).toContainText("cost units");
  await fix.getByRole("link", { name: "Plan this fix" }).click();

  const variants = page.getByRole("radiogroup", { name: "1 variant" });
  await expect(variants).toContainText("safe");
  await expect(variants).toContainText("cost units");
  await page.getByRole("button", { name: "Save A as pipeline" }).click();
  // Its versions stand beside those that leak.
  await expect(page.getByRole("dialog").getByRole("textbox", { name: "Model" })).toHaveValue("late_risk_model");
});

test("the ledger says who used what in which role, and gives it away as CSV", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/audit/usage?feature=airport.segment&role=test");
  const row = page.getByRole("row").filter({ hasText: "late_model" }).first();
  await expect(row).toContainText("test");
  await expect(row).toContainText("applied");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  expect((await download).suggestedFilename()).toBe("flights-usage.csv");
});
