import { readFileSync } from "node:fs";
import { downloadOf } from "./support/download";
import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

test("from the heat map to the comparison of two months, by keyboard", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/drift?entity=airport&metric=psi");
  const grid = page.getByRole("grid", { name: "Drift of airport by feature and window" });
  const first = grid.getByRole("row").nth(1);
  const feature = (await first.getByRole("rowheader").getByRole("link").textContent()) ?? "";
  await expect(
    page.getByText(/% of features \(\d+ of \d+\) are at or above warn in their newest whole window/),
  ).toBeVisible();

  await first.getByRole("button", { name: /the reference/ }).focus();
  // July has only the flights of its first hours.
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await expect(first.getByRole("button", { name: /2001-06/ })).toBeFocused();
  await page.keyboard.press("Enter");

  const comparison = page.getByRole("dialog", { name: "Comparison" });
  await expect(comparison.getByRole("heading", { level: 2 })).toContainText(feature);
  await expect(comparison.getByText(/^PSI \d/).first()).toBeVisible();
  await expect(comparison.getByRole("img", { name: /Share of values in \d+ buckets/ })).toBeVisible();
  await expect(comparison.getByRole("columnheader", { name: "Bucket" })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`feature=${feature.replace(".", "\\.")}`));
  await expectAccessible(page);

  await page.keyboard.press("Escape");
  await expect(comparison).toHaveCount(0);
});

test("a comparison is taken as CSV and as a picture, and alerts as CSV", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/drift?feature=flight.delay&month=2001-06");
  const comparison = page.getByRole("dialog", { name: "Comparison" });
  const rows = comparison.getByRole("group", { name: "Rows by bucket" }).getByRole("row");
  await expect(rows.first()).toContainText("share of values");
  await expect(rows.nth(1)).toContainText(/[+−]?\d+\.\d+ points$/);
  const csv = await downloadOf(page, () => comparison.getByRole("button", { name: "CSV" }).click());
  expect(csv.suggestedFilename()).toBe("drift-2001-01-2001-06.csv");
  const lines = readFileSync(await csv.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(lines).toHaveLength(await rows.count());
  const picture = await downloadOf(page, async () => {
    await comparison.getByRole("button", { name: "Save the chart of 2001-01 and 2001-06" }).click();
    await page.getByRole("menuitem", { name: "PNG" }).click();
  });
  expect(picture.suggestedFilename()).toBe("drift-2001-01-2001-06.png");
  expect(
    readFileSync(await picture.path())
      .subarray(1, 4)
      .toString(),
  ).toBe("PNG");

  await page.goto("/drift?view=alerts&alerts=all");
  const { total } = (await (await page.request.get("/api/v1/alerts?workspace=flights&state=all")).json()) as {
    total: number;
  };
  const alerts = await downloadOf(page, () => page.getByRole("button", { name: "CSV" }).click());
  const listed = readFileSync(await alerts.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(listed[0]).toMatch(/^number,monitor,feature,state,/);
  expect(listed).toHaveLength(total + 1);
});

test("pointing at a cell, or walking to it, shows the score, the thresholds and both small histograms", async ({
  signedInAs,
}) => {
  const page = await signedInAs("ada");
  await page.goto("/drift?entity=airport&metric=psi");
  const cell = page.getByRole("grid").getByRole("row").nth(1).getByRole("button").last();
  const card = page.getByText(/PSI \d.* · warn from 0\.1, critical from 0\.25 · .*n [\d,]+ \/ [\d,]+/);
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

test("metric and thresholds are chosen in the URL, and missing values are counted apart", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/drift?entity=airport");
  // The choice may come before the page listens: it is made again. The map has followed before the next one, as a person would see.
  await expect(async () => {
    await page.getByLabel("Metric").selectOption("js_distance");
    await expect(page.getByText("critical, from 0.2")).toBeVisible({ timeout: 2000 });
  }).toPass();
  await page.getByLabel("Thresholds", { exact: true }).selectOption("custom");
  await page.getByRole("textbox", { name: "Critical from" }).fill("0.95");
  await page.getByRole("textbox", { name: "Warn from" }).fill("0.9");
  await expect(page).toHaveURL(/metric=js_distance/);
  await expect(page).toHaveURL(/warn=0\.9/);
  await expect(page.getByText(/: 0 of \d+ features at or above warn/)).toBeVisible();
  await expect(page.getByRole("grid").getByRole("button", { name: /critical|warning/ })).toHaveCount(0);
  await page.goto("/drift?entity=airport&metric=missing_rate");
  await expect(
    page
      .getByRole("grid")
      .getByRole("button", { name: /Missing-rate difference/ })
      .first(),
  ).toBeVisible();
  await expectAccessible(page);
});

test("what a model reads is compared with what it was trained on", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/drift?view=models&model=late_model");
  await expect(page.getByText(/against the (rows that|training rows of) version \d+/)).toBeVisible();
  await expect(page.getByLabel("Compared with")).toHaveValue("part:train");
  await expect(page.getByRole("grid").first()).toBeVisible();
  await expectAccessible(page);
});
