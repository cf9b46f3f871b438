import { readFile } from "node:fs/promises";
import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

test("values online are those offline: checked on demand, by feature, with history and as a file", async ({
  signedInAs,
}) => {
  test.slow();
  const page = await signedInAs("ada");
  await page.goto("/drift");
  await page.getByRole("tab", { name: "Skew" }).click();
  await expect(page).toHaveURL(/view=skew/);
  const view = page.getByRole("region", { name: /^airport_stats/ });
  const check = view.getByRole("button", { name: "Check airport_stats now" });
  const checks = async () => {
    const answer = await page.request.get("/api/v1/views/airport_stats/skew-checks?workspace=flights");
    return ((await answer.json()) as { total: number }).total;
  };
  const before = await checks();
  await check.click();
  // A worker that runs a pipeline takes it after that.
  await expect.poll(checks, { timeout: 120_000 }).toBeGreaterThan(before);
  await expect(check).toBeEnabled();
  await expect(view).toContainText("values match.");
  await expect(view).toContainText("by Ada Lindqvist");
  await expect(view.getByRole("img", { name: /Values that differed in the last \d+ checks/ })).toBeVisible();
  const table = view.getByRole("group", { name: "Skew of airport_stats in dev" });
  const row = table.getByRole("row").filter({ hasText: "airport.segment" });
  await expect(row.getByRole("img", { name: "match 100.0 %" })).toBeVisible();
  await expectAccessible(page);

  const download = page.waitForEvent("download");
  await view.getByRole("button", { name: "Skew of airport_stats as CSV" }).click();
  const csv = await readFile(await (await download).path(), "utf8");
  expect(csv).toMatch(/^view,environment,at,sampled,feature,version,match,mismatch,missingOnline,missingOffline,/);
  expect(csv).toContain("airport.segment");

  await page.getByLabel("Environment").selectOption("production");
  await expect(page).toHaveURL(/environment=production/);
  await expect(page.getByRole("region", { name: /^airport_stats/ })).toBeVisible();
});

test("who may only look sees the checks and asks for none", async ({ signedInAs }) => {
  const page = await signedInAs("devi");
  await page.goto("/drift?view=skew");
  await expect(page.getByRole("region", { name: /^airport_stats/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Check/ })).toHaveCount(0);
  const data = { workspace: "flights", environment: "dev" };
  const asked = await page.request.post("/api/v1/views/airport_stats/skew-checks", { data });
  expect(asked.status()).toBe(403);
});
