import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

test("an alert is read, tried with other thresholds, acknowledged and resolved with a reason", async ({
  signedInAs,
}) => {
  const page = await signedInAs("ada");
  await page.goto("/drift?view=monitors&monitor=late_model_inputs");
  await expect(page.getByRole("heading", { name: "late_model_inputs", level: 2 })).toBeVisible();
  const judged = page.getByRole("group", { name: "Windows evaluated by late_model_inputs" });
  const june = judged.getByRole("button", { name: /flight\.origin_late_share_7d, 2001-06-01: / });
  await expect(june).toBeVisible();
  const status = page.getByRole("region", { name: "What if" }).getByRole("status");
  await expect(status).toContainText(/Would have alerted \d+ times/);
  await page.getByRole("textbox", { name: "Warn from" }).fill("0.9");
  await page.getByRole("textbox", { name: "Critical from" }).fill("0.95");
  await expect(status).toContainText("Would have alerted 0 times");
  await expect(page).toHaveURL(/tryWarn=0\.9&tryCritical=0\.95/);
  await expectAccessible(page);
  await page.reload();
  await expect(status).toContainText("Would have alerted 0 times");

  await page.getByRole("tab", { name: /Alerts/ }).click();
  const alert = page.getByRole("listitem").filter({ hasText: "flight.origin_late_share_7d" }).first();
  const found = /Jensen–Shannon distance is (0\.\d+)/.exec(await alert.innerText())?.[1];
  expect(found).toBeDefined();
  // The picture has the alert's own score, metric and reference.
  await alert.getByRole("link", { name: "See why" }).click();
  const picture = page.getByRole("dialog", { name: "Comparison" });
  await expect(picture.getByRole("heading", { level: 2 })).toContainText("2001-06 against the train part");
  await expect(picture.getByText(`Jensen–Shannon distance ${found}`).first()).toBeVisible();
  await page.goBack();
  await alert.getByRole("button", { name: /^Acknowledge/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Acknowledge" })).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Why" }).fill("The spring timetable.");
  await dialog.getByRole("button", { name: "Acknowledge" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(alert).toContainText("Ada Lindqvist acknowledged");
  await expect(alert).toContainText("The spring timetable.");
  await expectAccessible(page);

  await alert.getByRole("button", { name: /^Resolve/ }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Why" }).fill("Expected every spring.");
  await page.getByRole("dialog").getByRole("button", { name: "Resolve" }).click();
  await expect(page.getByText("Expected every spring.")).toHaveCount(0);
  await page.getByLabel("State").selectOption("resolved");
  await expect(page.getByText("Expected every spring.")).toBeVisible();
});

test("who only reads sees alerts and has no say", async ({ signedInAs }) => {
  const page = await signedInAs("devi");
  await page.goto("/drift?view=alerts&alerts=all");
  await expect(page.getByRole("listitem").filter({ hasText: "late_model_inputs" }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Acknowledge/ })).toHaveCount(0);
});

test("a monitor checks its history as a job, and its baseline is reset with a reason and undone", async ({
  signedInAs,
}) => {
  const page = await signedInAs("ada");
  await page.goto("/drift?view=monitors&monitor=airport_traffic");
  await page.getByRole("button", { name: "Check history" }).click();
  await expect(page.getByText(/Checked history: \d+ of \d+ windows/)).toBeVisible({ timeout: 30_000 });

  await page.getByRole("button", { name: "Reset the baseline" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Compare with").selectOption("2001-03-01T00:00:00.000Z");
  await dialog.getByRole("textbox", { name: "Why" }).fill("The spring timetable is the new normal.");
  await dialog.getByRole("button", { name: "Reset" }).click();
  await expect(page.getByText(/Baseline reset to 2001-03-01 to 2001-04-01 by Ada Lindqvist/)).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Reset the baseline" }).click();
  await page.getByRole("dialog").getByLabel("Compare with").selectOption("defined");
  await page.getByRole("dialog").getByRole("textbox", { name: "Why" }).fill("Only a try.");
  await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
  await expect(page.getByText(/Baseline: 2001-01-01 to 2001-02-01, as defined/)).toBeVisible();
});
