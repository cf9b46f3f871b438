import { expect, type Page } from "playwright/test";

/** Opens a page of `e2e/pages.ts` and waits until what it shows first has arrived: its title is there and no skeleton is left. */
export async function openPage(page: Page, path: string): Promise<void> {
  await page.goto(await resolvePath(page, path));
  await expect(page.locator("h1").first()).toBeVisible();
  await expect(page.locator(".mantine-Skeleton-root:visible")).toHaveCount(0);
}

async function resolvePath(page: Page, path: string): Promise<string> {
  if (path.includes("{run}")) return path.replace("{run}", await newest(page, "runs", "id"));
  if (path.includes("{change}")) return path.replace("{change}", await newest(page, "changes", "number"));
  return path;
}

async function newest(page: Page, collection: "runs" | "changes", field: "id" | "number"): Promise<string> {
  const answer = await page.request.get(`/api/v1/${collection}?workspace=flights&limit=1`);
  const { items } = (await answer.json()) as { items: Record<string, unknown>[] };
  return String(items[0]?.[field]);
}
