import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

test("a model's metric over time is read, saved and found from the model's page", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/models/late_model");
  const section = page.getByRole("region", { name: "Live performance" });
  await expect(section).toContainText("late_model_outcomes");
  await section.getByRole("link", { name: "See the metric over time" }).click();
  await expect(page).toHaveURL(/view=concept&model=late_model/);
  await expect(page.getByRole("heading", { name: "late_model: log loss", level: 2 })).toBeVisible();
  await expect(page.getByRole("img", { name: /^log loss of late_model by week/ })).toBeVisible();
  await expect(page.getByText(/Outcomes arrived for \d+(\.\d)? % of/)).toBeVisible();
  const windows = page.getByRole("group", { name: "Windows of late_model_outcomes" }).getByRole("row");
  expect(await windows.count()).toBeGreaterThan(3);
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  expect((await download).suggestedFilename()).toBe("late_model_outcomes-log_loss.csv");
});

test("a model that nobody watches says how its predictions are logged", async ({ signedInAs }) => {
  const page = await signedInAs("devi");
  await page.goto("/drift?view=concept&model=late_model_banded");
  await expect(page.getByText("No monitor of the outcomes of late_model_banded")).toBeVisible();
  await expect(page.getByText("/api/v1/models/late_model_banded/predictions")).toBeVisible();
  await expectAccessible(page);
});
