import { expectAccessible } from "./support/accessible";
import { openPage } from "./support/open-page";
import { expect, test } from "./support/test";

test.describe("discovery", () => {
  test("finds a feature by a misspelt word, filters, previews and opens it", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/features");
    const table = page.getByRole("table", { name: "Features" });
    await expect(table.getByRole("row").nth(1)).toBeVisible();

    await page.getByRole("textbox", { name: "Search features" }).fill("deley mean");
    await expect(page.getByText(/Showing results for delay/)).toBeVisible();
    await expect(table.getByRole("link", { name: "airport.delay_mean_7d", exact: true })).toBeVisible();
    await expect(page).toHaveURL(/q=deley/);

    await page.getByRole("checkbox", { name: "airport", exact: true }).check();
    await expect(page).toHaveURL(/entity:airport|entity%3Aairport/);
    await expect(page.getByRole("button", { name: "Remove entity:airport" })).toBeVisible();
    await expect(table.getByRole("link", { name: /^flight\./ })).toHaveCount(0);

    await page.getByRole("button", { name: "Why airport.delay_mean_7d is here" }).click();
    await expect(page.getByText("Every word is in its name, one of them spelt differently.")).toBeVisible();
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Preview airport.delay_mean_7d" }).click();
    const preview = page.getByRole("complementary", { name: "Preview of airport.delay_mean_7d" });
    await expect(preview.getByRole("heading", { name: "Strategies" })).toBeVisible();
    await expect(table).toBeVisible();

    await preview.getByRole("link", { name: "airport.delay_mean_7d" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "airport.delay_mean_7d" })).toBeVisible();

    await page.goBack();
    await expect(page.getByRole("textbox", { name: "Search features" })).toHaveValue(/deley mean/);
  });

  test("is walked by keyboard", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/features?q=airport.segment");
    const segment = page.getByRole("link", { name: "airport.segment", exact: true });
    await expect(segment).toBeVisible();
    await page.getByRole("textbox", { name: "Search features" }).focus();
    await page.keyboard.press("ArrowDown");
    await expect(segment).toBeFocused();
    await page.keyboard.press("p");
    await expect(page).toHaveURL(/preview=airport\.segment/);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/features\/airport\.segment/);
  });

  test("says what to do when nothing is found", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/features?q=nothing_like_it%20owner:network-planning");
    await expect(page.getByText("No feature matches")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "without nothing_like_it" }).click();
    await expect(page.getByRole("table", { name: "Features" }).getByRole("row").nth(1)).toBeVisible();
  });

  test("exports what was found", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/features?q=entity:airport");
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "CSV for spreadsheets" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("flights-features.csv");
  });

  test("filters in a drawer on a phone", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await page.setViewportSize({ width: 375, height: 740 });
    await openPage(page, "/features");
    await page.getByRole("button", { name: "Filters" }).click();
    const drawer = page.getByRole("dialog", { name: "Filters" });
    await drawer.getByRole("checkbox", { name: "airport", exact: true }).check();
    await expectAccessible(page);
    await drawer.getByRole("button", { name: "Close filters" }).click();
    await expect(page.getByRole("link", { name: /^flight\./ })).toHaveCount(0);
  });
});
