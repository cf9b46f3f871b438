import type { Page } from "playwright/test";
import { expect, test } from "./support/test";

/** Words that no other run of the journey has written, so that it can be walked again. */
const unique = () =>
  Math.random()
    .toString(36)
    .replace(/[^a-z]/g, "")
    .slice(0, 8)
    .padEnd(8, "x");

async function writeDown(page: Page, title: string, hypothesis: string): Promise<number> {
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Hypothesis").fill(hypothesis);
  await page.getByLabel("Metric").fill("log loss on June");
  await page.getByRole("button", { name: "Save hypothesis" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  return Number(new URL(page.url()).pathname.split("/").at(-1));
}

test("an invalidated hypothesis is found before it is repeated", async ({ signedInAs }) => {
  const word = unique();
  const title = `Segments by ${word}`;
  const ada = await signedInAs("ada");
  await ada.goto("/experiments/new?feature=airport.segment&stage=airport_segments");
  const number = await writeDown(ada, title, `Airports with more ${word} warn passengers of late departures earlier.`);

  // Deciding needs an outcome and a sentence.
  await ada.getByRole("button", { name: "Decide" }).click();
  await expect(ada.getByText("Choose an outcome.")).toBeVisible();
  await ada.getByLabel("invalidated").check();
  await ada.getByLabel("Insight").fill(`More ${word} told nothing about late departures.`);
  await ada.getByRole("button", { name: "Decide" }).click();
  await expect(ada.getByText("decided by Ada Lindqvist")).toBeVisible();

  // Whoever looks at the feature or the stage reads it.
  const bram = await signedInAs("bram");
  for (const path of ["/features/airport.segment", "/stages/airport_segments"]) {
    await bram.goto(path);
    await expect(bram.getByText(`More ${word} told nothing about late departures.`)).toBeVisible();
  }

  // Whoever has the same idea is shown it while writing.
  await bram.goto("/experiments/new");
  await bram.getByLabel("Title").fill(`Would ${word} help?`);
  await bram.getByLabel("Hypothesis").fill(`Airports with more ${word} could warn passengers earlier.`);
  const earlier = bram.getByRole("region", { name: "Tried before?" });
  await expect(earlier.getByRole("link", { name: title })).toBeVisible();
  await expect(earlier.getByText(`More ${word} told nothing`)).toBeVisible();

  // And the search finds it, also misspelt, also from everywhere.
  await bram.goto("/experiments");
  await bram.getByLabel("Words").fill(`${word.slice(0, 3)}${word[4]}${word[3]}${word.slice(5)}`);
  await expect(bram.getByRole("link", { name: title })).toBeVisible();
  await bram.getByRole("combobox", { name: "Outcome" }).click();
  await bram.getByRole("option", { name: "invalidated" }).click();
  await expect(bram).toHaveURL(/outcome=invalidated/);
  await expect(bram.getByRole("link", { name: title })).toBeVisible();
  await bram.keyboard.press("Control+k");
  await bram.getByRole("textbox", { name: "Find anything" }).fill(word);
  await bram.getByRole("button", { name: new RegExp(`Experiment ${number}\\b`) }).click();
  await expect(bram.getByRole("heading", { level: 1 })).toHaveText(title);

  // What was decided upon stays as it is, until it is reopened with a reason.
  await bram.getByRole("button", { name: "Edit" }).click();
  await expect(bram.getByLabel("Hypothesis")).toBeDisabled();
  await bram.getByRole("button", { name: "Cancel" }).click();
  await bram.getByRole("button", { name: "Reopen …" }).click();
  await bram.getByLabel("Why does the outcome no longer stand?").fill("The label was wrong in May.");
  await bram.getByRole("button", { name: "Reopen", exact: true }).click();
  await expect(bram.getByRole("heading", { name: "Decide" })).toBeVisible();
});

test("names that are not there are refused at their field, with what was meant", async ({ signedInAs }) => {
  const ada = await signedInAs("ada");
  await ada.goto("/experiments/new?feature=airport.segmnt");
  await ada.getByLabel("Title").fill("A slip of the finger");
  await ada.getByLabel("Hypothesis").fill("Somebody misspelt the name of a feature.");
  await ada.getByLabel("Metric").fill("auc");
  await ada.getByRole("button", { name: "Save hypothesis" }).click();
  await expect(ada.getByText("Did you mean `airport.segment`?").first()).toBeVisible();
});

test("viewers read experiments and write none", async ({ signedInAs }) => {
  const devi = await signedInAs("devi");
  await devi.goto("/experiments");
  await expect(devi.getByRole("link", { name: "Weekend flights are late more often" })).toBeVisible();
  await expect(devi.getByRole("link", { name: "New hypothesis" })).toHaveCount(0);
  const refusal = await devi.request.post("/api/v1/experiments", {
    data: { workspace: "flights", title: "Not mine", hypothesis: "An auditor writes no hypotheses.", metric: "auc" },
  });
  expect(refusal.status()).toBe(403);
});

test("two segmentations are compared on real flights, and closing the test prepares the winner's promotion", async ({
  signedInAs,
}) => {
  // Real flights are compared, twice, by the worker that serves everybody.
  test.slow();
  const ada = await signedInAs("ada");
  await ada.goto("/deployments/ab-tests");
  await expect(ada.getByRole("link", { name: "segmentation_test" })).toBeVisible();

  // What cannot be compared says so at its field.
  await ada.getByRole("link", { name: "New A/B test" }).click();
  const name = `again_${unique()}`;
  await ada.getByLabel("Name").fill(name);
  await ada.getByRole("combobox", { name: "Assigned by" }).click();
  await ada.getByRole("option", { name: "segments_ab" }).click();
  for (const [arm, deployment] of [
    [1, "late_departures"],
    [2, "late_departures_banded"],
  ] as const) {
    await ada.getByRole("combobox", { name: `Deployment ${arm}` }).click();
    await ada
      .getByRole("option", { name: `${deployment} (`, exact: false })
      .first()
      .click();
  }
  await ada.getByRole("button", { name: "Set it up" }).click();

  // The first comparison is made by itself.
  await expect(ada.getByRole("heading", { level: 1 })).toHaveText(name);
  const verdict = ada.getByRole("region", { name: "Verdict" });
  await expect(verdict).toContainText(
    /log loss is (lower|higher) by 0\.\d+ \(95 % interval .* n = [\d,]+ and [\d,]+\)/,
    {
      timeout: 60_000,
    },
  );
  await ada.getByLabel("Arm of a key").fill("42");
  const assigned = (await (
    await ada.request.get(`/api/v1/ab-tests/${name}/assignment?workspace=flights&key=42`)
  ).json()) as { arm: string; bucket: number };
  await expect(ada.getByText(`42 is in bucket ${assigned.bucket}: arm ${assigned.arm}`)).toBeVisible();

  await ada.getByRole("button", { name: "Evaluate now" }).click();
  await expect(ada.getByRole("button", { name: "Evaluate now" })).toBeEnabled({ timeout: 60_000 });

  // An arm of a running test is not retired.
  const refused = await ada.request.post("/api/v1/deployments/late_departures/retire?workspace=flights");
  expect(refused.status()).toBe(409);

  await ada.getByRole("button", { name: "Close the test …" }).click();
  const dialog = ada.getByRole("dialog");
  await dialog.getByLabel("treatment").check();
  await expect(dialog.getByText("record treatment as the winner;")).toBeVisible();
  const proposes = dialog.getByRole("checkbox", { name: /Open the change request/ });
  if (await proposes.isVisible()) await proposes.uncheck();
  await dialog.getByRole("button", { name: "Close the test", exact: true }).click();
  await expect(ada.getByText("Closed: treatment won")).toBeVisible();
  await expect(ada.getByText("No change request was opened.")).toBeVisible();
  await expect(ada.getByRole("button", { name: "Evaluate now" })).toHaveCount(0);
  const again = await ada.request.post(`/api/v1/ab-tests/${name}/close?workspace=flights`, { data: { winner: null } });
  expect(again.status()).toBe(409);
});
