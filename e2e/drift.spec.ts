import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

test("from the heat map to the comparison of two months, by keyboard", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/drift?sort=severity");
  const grid = page.getByRole("grid", { name: "Drift by feature and month" });
  const first = grid.getByRole("row").nth(1);
  const feature = (await first.getByRole("rowheader").getByRole("link").textContent()) ?? "";
  await expect(page.getByText(/% of features \(\d+ of \d+\) were at or above warn/)).toBeVisible();

  await first.getByRole("button", { name: /the reference/ }).focus();
  // July has only the flights of its first hours.
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await expect(first.getByRole("button", { name: /2001-06/ })).toBeFocused();
  await page.keyboard.press("Enter");

  const comparison = page.getByRole("dialog", { name: "Comparison" });
  await expect(comparison.getByRole("heading", { level: 2 })).toContainText(feature);
  await expect(comparison.getByText(/^PSI \d/).first()).toBeVisible();
  await expect(comparison.getByRole("img", { name: /Share of rows in \d+ buckets/ })).toBeVisible();
  await expect(comparison.getByRole("columnheader", { name: "Bucket" })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`feature=${feature.replace(".", "\\.")}`));
  await expectAccessible(page);

  await page.keyboard.press("Escape");
  await expect(comparison).toHaveCount(0);
});

test("pointing at a cell, or walking to it, shows the score, the thresholds and both small histograms", async ({
  signedInAs,
}) => {
  const page = await signedInAs("ada");
  await page.goto("/drift");
  const cell = page.getByRole("grid").getByRole("row").nth(1).getByRole("button").last();
  const card = page.getByText(/warn 0\.1, critical 0\.25 · n [\d,]+ \/ [\d,]+/);
  // The pointer may arrive before the page listens: it comes again.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await cell.hover();
    await expect(card).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(page.getByRole("img", { name: /^Distribution of 2001-/ })).toHaveCount(2);

  await page.mouse.move(0, 0);
  await expect(card).toHaveCount(0);
  await cell.focus();
  await expect(card).toBeVisible();
});
