import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

test("the navigation leads to every page, marks where one is, and stays folded", async ({ signedInAs }) => {
  const page = await signedInAs("emil");
  await page.goto("/");
  const navigation = page.getByRole("navigation", { name: "Pages" });
  const links = await navigation.getByRole("link").all();
  const paths = await Promise.all(links.map((link) => link.getAttribute("href")));
  expect(paths.length).toBeGreaterThan(8);
  for (const path of paths) {
    const answer = await page.request.get(path as string);
    expect(answer.status(), path as string).toBe(200);
  }
  await navigation.getByRole("link", { name: "Settings" }).click();
  await expect(page).toHaveURL(/\/settings$/);
  await expect(navigation.locator("[aria-current=page]")).toHaveText("Settings");
  await page.getByRole("button", { name: "Fold the navigation", exact: true }).click();
  await page.reload();
  await page.getByRole("button", { name: "Unfold the navigation" }).click();
  await expect(navigation.getByText("Settings")).toBeVisible();
});

test("the navigation shows only what the person may see", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/");
  const navigation = page.getByRole("navigation", { name: "Pages" });
  await expect(navigation.getByRole("link", { name: "Discover" })).toBeVisible();
  await expect(navigation.getByRole("link", { name: "Audit" })).toHaveCount(0);
});

test("the keyboard skips to the content, goes to pages and lists its keys", async ({ signedInAs }) => {
  const page = await signedInAs("emil");
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await expect(dialog.getByText("Go to Drift")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press(",");
  await expect(page).toHaveURL(/\/settings$/);
});

test("the theme is chosen and kept", async ({ signedInAs }) => {
  const page = await signedInAs("bram");
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  const html = page.locator("html");
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "light");
  await page.getByRole("button", { name: "Theme" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.reload();
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.getByRole("button", { name: "Theme" }).click();
  await page.getByRole("menuitemradio", { name: "System" }).click();
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "light");
});

test("where motion is unwanted a new theme is there at once, however deep the text is nested", async ({
  signedInAs,
}) => {
  const page = await signedInAs("bram");
  await page.goto("/features");
  const html = page.locator("html");
  for (const theme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await expect(html).toHaveAttribute("data-mantine-color-scheme", theme);
    expect(
      await page.evaluate(
        () => document.getAnimations().filter((animation) => animation instanceof CSSTransition).length,
      ),
    ).toBe(0);
  }
});

test("the workspace is shown and chosen by address", async ({ signedInAs }) => {
  const page = await signedInAs("chiara");
  await page.goto("/?workspace=flights");
  await page.getByRole("button", { name: /^Workspace / }).click();
  const chosen = page.getByRole("menuitem", { name: /flights/ });
  await expect(chosen).toHaveAttribute("aria-current", "true");
  await expect(chosen).toHaveAttribute("href", "/?workspace=flights");
  await expectAccessible(page);
});

test("the command palette finds features despite typing errors, opens them by keyboard, and says when there is nothing", async ({
  signedInAs,
}) => {
  const page = await signedInAs("ada");
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Ada Lindqvist: account" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  const search = page.getByRole("textbox", { name: "Find anything" }).or(page.getByRole("combobox"));
  await search.first().fill("segmnet");
  await expect(
    page
      .getByRole("option", { name: /airport\.segment/ })
      .or(page.getByRole("button", { name: /^airport\.segment/ }))
      .first(),
  ).toBeVisible();
  await expectAccessible(page);
  await search.first().fill("zzzzqqqq");
  await expect(page.getByText("No match for “zzzzqqqq”.")).toBeVisible();
  await search.first().fill("airport.segment");
  await expect(page.locator(".mantine-Spotlight-action").first()).toContainText("airport.segment");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/features\/airport\.segment/);
});

test("on a phone the navigation is a drawer", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.setViewportSize({ width: 375, height: 740 });
  await page.goto("/");
  await page.getByRole("button", { name: "Open the navigation" }).click();
  const drawer = page.getByRole("dialog");
  await expectAccessible(page);
  await drawer.getByRole("link", { name: "Settings" }).click();
  await expect(page).toHaveURL(/\/settings$/);
  await expect(drawer).toBeHidden();
});
