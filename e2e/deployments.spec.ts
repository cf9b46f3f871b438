import type { Page } from "playwright/test";
import { makeParcels, PARCELS } from "./support/parcels";
import { expect, test } from "./support/test";

const LONG = { timeout: 300_000 };

/**
 * A pipeline of its own for every walk: a retired deployment keeps its name, and a variant is deployed once at a time. Its
 * estimators are fitted on the same rows as those of `late_parcels`, so that their fits are used again.
 */
async function makePipeline(page: Page): Promise<string> {
  const name = `late_journey_${Date.now().toString(36)}`;
  const made = await page.request.post("/api/v1/pipelines", {
    data: {
      workspace: PARCELS.workspace,
      name,
      outputs: ["parcel.late_probability"],
      fit: { split: "by_month", parts: ["train"] },
      evaluate: {
        split: "by_month",
        validation: ["validation"],
        test: ["test"],
        label: "parcel.late",
        model: name,
        unit: ["parcel_id", "sent_at"],
      },
    },
  });
  expect(made.status()).toBe(201);
  return name;
}

test.beforeAll(async ({ baseURL }) => {
  test.setTimeout(LONG.timeout);
  const token = process.env.TRIBUTARY_BOOTSTRAP_TOKEN ?? "";
  await makeParcels(baseURL as string, token, { "Ada Lindqvist": ["author"], "Chiara Rossi": ["steward"] });
});

/** The card of one of the three jobs. */
const jobOf = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });

async function runNow(page: Page, title: string, window?: [from: string, to: string]) {
  await page.getByRole("button", { name: `Run ${title} now` }).click();
  const dialog = page.getByRole("dialog");
  if (window) {
    await dialog.getByLabel("From").fill(window[0]);
    await dialog.getByLabel("To").fill(window[1]);
  }
  await dialog.getByRole("button", { name: "Run", exact: true }).click();
  await expect(dialog).toHaveCount(0, LONG);
}

test("deploy a variant, run its jobs, pause, back-fill, promote its model, and retire it", async ({ signedInAs }) => {
  test.setTimeout(600_000);
  const ada = await signedInAs("ada");
  const name = await makePipeline(ada);

  await ada.goto(`/pipelines/${name}?workspace=${PARCELS.workspace}`);
  await ada.getByRole("button", { name: /^Deploy / }).click();
  const dialog = ada.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Predict (staging): schedule").fill("0 6 * *");
  await expect(dialog.getByText("It needs five fields")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Deploy", exact: true })).toBeDisabled();
  await dialog.getByLabel("Predict (staging): schedule").fill("0 6 * * *");
  await expect(dialog.getByText("every day at 06:00 UTC")).toBeVisible();
  await dialog.getByRole("button", { name: "Deploy", exact: true }).click();
  await ada.waitForURL(`/deployments/${name}`);
  await expect(ada.getByRole("heading", { level: 1 })).toContainText("active");
  await expect(jobOf(ada, "Predict (staging)")).toContainText("every day at 06:00 UTC");

  // The same variant is deployed once at a time, and the refusal names the first.
  const second = await ada.request.post("/api/v1/deployments", {
    data: { workspace: PARCELS.workspace, pipeline: name },
  });
  expect(second.status()).toBe(409);
  expect(await second.json()).toMatchObject({ deployment: name });

  // A prediction needs a model version: the fit job makes the first, which gets the alias staging.
  await expect(ada.getByRole("button", { name: "Run Predict (staging) now" })).toHaveAttribute("aria-disabled", "true");
  await expect(jobOf(ada, "Predict (staging)")).toContainText("run the fit job first");
  await runNow(ada, "Fit");
  await expect(jobOf(ada, "Fit").getByRole("listitem").first()).toContainText("succeeded", LONG);
  await expect(jobOf(ada, "Predict (staging)")).toContainText("staging v1", LONG);
  await expect(jobOf(ada, "Fit")).toContainText(/reused|used again/);

  await runNow(ada, "Predict (staging)", ["2001-06-01", "2001-06-03"]);
  const scored = jobOf(ada, "Predict (staging)").getByRole("listitem").first();
  await expect(scored).toContainText("succeeded", LONG);
  await expect(scored).toContainText("2001-06-01 to 2001-06-02");
  await expect(ada.getByRole("group", { name: "Outputs" }).first()).toContainText(`parcel@${name}.staging`);

  // Paused: schedules wait, and a back-fill cannot begin.
  await ada.getByRole("button", { name: "Pause …" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Pause", exact: true }).click();
  await expect(ada.getByRole("heading", { level: 1 })).toContainText("paused");
  await expect(ada.getByRole("button", { name: "Start a back-fill …" })).toBeDisabled();
  await ada.getByRole("button", { name: "Resume …" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Resume", exact: true }).click();
  await expect(ada.getByRole("heading", { level: 1 })).toContainText("active");

  // A range that no source has is refused in place; two days in chunks of one are two runs.
  await ada.getByRole("button", { name: "Start a back-fill …" }).click();
  const form = ada.getByRole("dialog");
  await form.getByLabel("From").fill("2031-06-01");
  await form.getByLabel("To").fill("2031-06-03");
  await form.getByLabel("Days in a chunk").fill("1");
  await form.getByRole("button", { name: "Start the back-fill" }).click();
  await expect(form.getByRole("alert")).toContainText(PARCELS.dataset);
  await form.getByLabel("From").fill("2001-06-01");
  await form.getByLabel("To").fill("2001-06-03");
  await expect(form.getByText("2 chunks, one run after the other.")).toBeVisible();
  await form.getByRole("button", { name: "Start the back-fill" }).click();
  const backfill = ada.getByRole("article", { name: "Back-fill of 2001-06-01 to 2001-06-02" });
  await expect(backfill).toContainText("2 of 2 chunks done", LONG);
  await expect(backfill.getByRole("list").getByRole("link")).toHaveCount(2);

  // Nobody promotes alone: Ada asks, Chiara decides and applies, and the production job follows at its next run.
  await expect(jobOf(ada, "Predict (production)")).toContainText("promote one first");
  await ada.goto(`/models/${name}`);
  await ada.getByRole("button", { name: "Promote version 1" }).click();
  await ada.getByRole("menuitem", { name: "Promote to production …" }).click();
  await ada.getByRole("button", { name: "Open the request" }).click();
  await expect(ada.getByRole("heading", { level: 1 })).toHaveText(`Promote ${name} v1 to production`);
  await expect(ada.getByRole("button", { name: "Approve", exact: true })).toBeDisabled();
  await ada.getByRole("tab", { name: "Jobs" }).click();
  await expect(ada.getByRole("table").filter({ hasText: name })).toContainText("yes");
  const change = new URL(ada.url()).pathname;

  const chiara = await signedInAs("chiara");
  await chiara.goto(`${change}?workspace=${PARCELS.workspace}`);
  await chiara.getByRole("button", { name: "Approve", exact: true }).click();
  await chiara.getByRole("button", { name: "Apply to production" }).click();
  await expect(chiara.getByText("Applied; nothing left to do.")).toBeVisible();

  await ada.goto(`/deployments/${name}`);
  await expect(jobOf(ada, "Predict (production)")).toContainText("moved by Chiara Rossi");
  await runNow(ada, "Predict (production)", ["2001-06-01", "2001-06-02"]);
  const produced = jobOf(ada, "Predict (production)").getByRole("listitem").first();
  await expect(produced).toContainText("succeeded", LONG);
  await expect(produced).toContainText("v1");
  await produced.getByRole("link", { name: /^#/ }).click();
  await expect(ada.getByText("predict (production) of").first()).toBeVisible();
  await expect(ada.getByRole("link", { name: `${name} v1` })).toBeVisible();
  await expect(ada.getByRole("group", { name: "Graph of the run" })).toBeVisible();

  await ada.goto(`/deployments/${name}`);
  await ada.getByRole("button", { name: "Retire …" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Retire permanently" }).click();
  await expect(ada.getByRole("heading", { level: 1 })).toContainText("retired");
  await expect(ada.getByText("None of its jobs run any more. Values that it wrote are kept.")).toBeVisible();
  await ada.goto("/deployments?state=retired");
  await expect(ada.getByRole("row").filter({ hasText: name })).toContainText("retired");
});

test("who only reads sees why nothing can be done", async ({ signedInAs }) => {
  const devi = await signedInAs("devi");
  await devi.goto("/pipelines/late_departures");
  await expect(devi.getByText("Deploying needs one of the roles author, steward, admin.")).toBeVisible();
  const refused = await devi.request.post("/api/v1/deployments", {
    data: { workspace: "flights", pipeline: "late_departures" },
  });
  expect(refused.status()).toBe(403);
});
