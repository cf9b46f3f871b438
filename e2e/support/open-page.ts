import { expect, type Page } from "@playwright/test";

/** Opens a page and waits until what it shows first has arrived: its title is there and no skeleton is left. */
export async function openPage(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator("h1").first()).toBeVisible();
  await expect(page.locator(".mantine-Skeleton-root:visible")).toHaveCount(0);
}
