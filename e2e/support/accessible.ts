import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "playwright/test";

export const THEMES = ["light", "dark"] as const;

/** The rules that a theme can break: the rest judges structure, names and sizes, which are the same in both. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/**
 * Expects that axe finds nothing on the page as it is now (WCAG 2.2 AA and axe's best practices): by all rules in the first of the
 * themes, and by those about colours in the other.
 */
export async function expectAccessible(page: Page, themes: readonly (typeof THEMES)[number][] = THEMES): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", theme);
    // Menus and lists that open over the page are placed at its end, outside of every landmark.
    const axe = new AxeBuilder({ page })
      // All that is read here: what passes need not be described node by node.
      .options({ resultTypes: ["violations"] })
      .disableRules("region");
    if (theme !== themes[0]) axe.withRules(OF_COLOURS);
    const { violations } = await axe
      // Judges in the page itself instead of a second, blank one: only frames of other sites would need that, and the portal's policy allows none.
      .setLegacyMode()
      .analyze();
    const found = violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 5)
          .map((node) => `${node.target.join(" ")} (${node.failureSummary?.split("\n")[1]?.trim() ?? ""})`)
          .join("; ")}`,
    );
    expect(found, `axe on ${page.url()} in ${theme}`).toEqual([]);
  }
}

/** Expects that nothing sticks out of the page sideways: what is wide scrolls in a region of its own. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  // Charts follow a new width one frame later.
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), {
      message: `pixels that ${page.url()} is too wide`,
      timeout: 5000,
    })
    .toBeLessThanOrEqual(0);
}
