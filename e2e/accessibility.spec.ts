import { PAGES } from "./pages";
import { expectAccessible, expectNoSidewaysScroll } from "./support/accessible";
import { openPage } from "./support/open-page";
import { expect, test } from "./support/test";

test.describe("every page", () => {
  for (const { name, path } of PAGES)
    test(`${name} passes axe in both themes and does not scroll sideways on a phone`, async ({ signedInAs }) => {
      const page = await signedInAs("emil");
      await openPage(page, path);
      await expect(page.locator("h1")).toHaveCount(1);
      await expectAccessible(page);
      await page.setViewportSize({ width: 375, height: 740 });
      await expectNoSidewaysScroll(page);
      // What a phone shows has colours that the wide page has in both themes.
      await expectAccessible(page, ["dark"]);
    });

  test("sign-in passes axe in both themes and does not scroll sideways on a phone", async ({ page }) => {
    await openPage(page, "/sign-in");
    await expectAccessible(page);
    await page.setViewportSize({ width: 375, height: 740 });
    await expectNoSidewaysScroll(page);
  });
});
