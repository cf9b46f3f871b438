import type { Download, Page } from "playwright/test";

/** The file that the browser is given after the reader did something. */
export async function downloadOf(page: Page, act: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return download;
}
