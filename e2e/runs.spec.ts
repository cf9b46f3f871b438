import { expect, test } from "./support/test";

test("start a run, watch it to its end, and see what it wrote", async ({ signedInAs }) => {
  test.setTimeout(180_000);
  const page = await signedInAs("bram");
  await page.goto("/runs");
  await page.getByRole("button", { name: "Start a run" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Pipeline" }).click();
  await page.getByRole("option", { name: "network_reach" }).click();
  await dialog.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);

  // Live: the page is not reloaded from here on.
  const heading = page.getByRole("heading", { level: 1 });
  await expect(page.getByRole("progressbar", { name: /Progress of run/ })).toBeVisible();
  await expect(heading).toContainText("succeeded", { timeout: 150_000 });
  await expect(page.getByRole("progressbar")).toHaveCount(0);
  await expect(page.getByRole("log")).toContainText("The run is recorded.");
  const stage = page.getByRole("row").filter({ hasText: "airport_destinations" }).first();
  await expect(stage).toContainText("done");
  await expect(page.getByRole("group", { name: "Outputs" })).toContainText("airport@network_reach");
});

test("cancel a run: nothing of it is visible, and a retry is offered", async ({ signedInAs }) => {
  test.setTimeout(180_000);
  const page = await signedInAs("bram");
  const started = await page.request.post("/api/v1/runs", {
    data: { workspace: "flights", pipeline: "late_departures" },
  });
  expect(started.status()).toBe(201);
  const { id } = (await started.json()) as { id: string };
  await page.goto(`/runs/${id}`);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("canceled", { timeout: 60_000 });
  await expect(page.getByText("Its results were discarded.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Retry" })).toBeVisible();
  await expect(page.getByRole("group", { name: "Outputs" })).toHaveCount(0);
});

test("who only reads sees runs and cannot start or cancel one", async ({ signedInAs }) => {
  const page = await signedInAs("devi");
  await page.goto("/runs");
  await expect(page.getByRole("link", { name: "late_departures", exact: true }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Start a run" })).toHaveCount(0);
  const refused = await page.request.post("/api/v1/runs", {
    data: { workspace: "flights", pipeline: "late_departures" },
  });
  expect(refused.status()).toBe(403);
});
