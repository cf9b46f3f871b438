import type { Page } from "playwright/test";
import { becomeAdministrator } from "./support/measure-lineage";
import { OwnServer } from "./support/own-server";
import { expect, test } from "./support/test";

const server = new OwnServer("move-in", { firstStart: true });
test.afterAll(() => server.remove());

const VISITS = 600;
/** Visits of a shop: who spends much and comes often comes back, mostly. */
const FILE = [
  "visit_id,visited_at,amount,visits,returned",
  ...Array.from({ length: VISITS }, (_, i) => {
    const amount = ((i * 37) % 200) / 2;
    const visits = 1 + ((i * 11) % 9);
    const returned = amount / 20 + visits + ((i * 7919) % 13) / 2 > 10;
    const day = new Date(Date.UTC(2026, 0, 1) + (i % 90) * 86_400_000).toISOString().slice(0, 10);
    return `${i + 1},${day}T10:00:00Z,${amount},${visits},${returned}`;
  }),
].join("\n");

const DOCUMENTS = `kind: SplitPolicy
name: by_visit
type: hash
algo: md5-32
key: visit_id
salt: "1"
buckets: 100
parts: { train: [[0, 80]], test: [[80, 100]] }
---
kind: Stage
name: visit_spend
entity: visit
transformer: sql
inputs: [visit.amount, visit.visits]
outputs: [{ column: visit.spend_per_visit, type: double }]
params: { statement: "SELECT *, amount / visits AS spend_per_visit FROM __THIS__" }
---
kind: Stage
name: visit_inputs
entity: visit
transformer: VectorAssembler
inputs: [visit.amount, visit.visits, visit.spend_per_visit]
outputs: [{ column: visit.model_inputs, type: vector }]
---
kind: Stage
name: return_logistic
entity: visit
estimator: LogisticRegression
inputs: [visit.model_inputs]
fitInputs: [visit.returned]
outputs: [{ column: visit.return_probability, type: double }]
---
{ kind: Feature, name: visit.spend_per_visit, type: double, owner: shop, description: Euros for each visit so far. }
---
{ kind: Feature, name: visit.return_probability, type: double, owner: shop, description: Probability of another visit. }
---
kind: FeatureView
name: visit_spending
entity: visit
columns: [spend_per_visit]
online: true
owner: shop
---
kind: Pipeline
name: returns
outputs: [visit.return_probability]
fit: { split: by_visit, parts: [train] }
evaluate:
  split: by_visit
  test: [test]
  label: visit.returned
  model: return_model
  unit: [visit_id]
owner: shop
`;

const shown = (page: Page, name: string) =>
  page.screenshot({ path: `test-results/move-in/${name}.png`, fullPage: true });

test("a team moves in with a file of its own: declared, trained, judged, promoted by two, served", async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  page.setDefaultTimeout(60_000);
  const { url, stop } = await server.start({ demo: false });
  await becomeAdministrator(page, url);

  // Their data.
  await page.goto(`${url}/sources/add`);
  await page
    .getByLabel("File to add")
    .setInputFiles({ name: "visit.csv", mimeType: "text/csv", buffer: Buffer.from(FILE) });
  await expect(page.getByText(`${VISITS} rows and 5 columns in one file`)).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Applied" })).toContainText("source visit: new");

  // What they make of them: an error by its line first, then the difference, then the step.
  await page.getByRole("link", { name: "Declare a stage" }).click();
  const editor = page.getByLabel("Documents as YAML");
  await expect(editor).toHaveValue(/entity: visit/);
  await editor.fill(DOCUMENTS.replace("transformer: VectorAssembler", "transformer: VectorAssembly"));
  await page.getByRole("alert", { name: "The documents have errors" }).getByRole("button", { name: "Line 21" }).click();
  await expect(page.getByRole("alert", { name: "The documents have errors" })).toContainText(
    "Did you mean VectorAssembler?",
  );
  await shown(page, "declare-error");
  await editor.fill(DOCUMENTS);
  await expect(page.getByText("Applying changes 8 objects:")).toBeVisible();
  await shown(page, "declare");
  await page.getByRole("button", { name: "Apply" }).click();
  const applied = page.getByRole("status").filter({ hasText: "Applied" });
  await expect(applied).toContainText("pipeline returns: new");
  await shown(page, "declare-applied");
  // Who goes on writing sees again what applying would do.
  await editor.fill(`${DOCUMENTS}description: Who comes back.\n`);
  await expect(page.getByText("Applying changes one object:")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Who comes back." }).last()).toBeVisible();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(applied).toContainText("pipeline returns: changed");
  await applied.getByRole("link", { name: "returns" }).click();

  // Trained and judged.
  await page.getByRole("button", { name: /^Run / }).first().click();
  await shown(page, "pipeline");
  await page.waitForURL(/\/runs\//);
  await expect(page.getByText("succeeded").first()).toBeVisible({ timeout: 120_000 });
  await page.goto(`${url}/models/return_model`);
  await expect(page.getByText(/0\.9\d/).first()).toBeVisible();
  await shown(page, "model");

  // A second person.
  await page.goto(`${url}/settings?tab=people`);
  await page.getByRole("button", { name: "Invite person" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill("hugo@example.org");
  await dialog.getByLabel("Name").fill("Hugo");
  await dialog.getByLabel(/^author:/).check();
  await shown(page, "invite");
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  const link = (await dialog.getByText(/invitation\?token=inv_/).textContent())?.trim() ?? "";
  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(`${url}/invitation${new URL(link).search}`);
  await theirs.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await theirs.getByRole("button", { name: "Create account" }).click();
  await theirs.waitForURL(/workspace=/);

  await page.goto(`${url}/changes/new?feature=visit.spend_per_visit`);
  await shown(page, "change-new");
  await page.getByLabel("Why").fill("The shop's page reads it.");
  await page.getByRole("button", { name: "Open the request" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Promote visit.spend_per_visit");
  await theirs.goto(page.url());
  await shown(theirs, "change");
  await theirs.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(theirs.getByText("It can be applied.")).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "Apply to staging" }).click();
  await expect(page.getByText("Applied; nothing left to do.")).toBeVisible();

  // Served, as a program asks.
  const ask = async () => {
    const answer = await page.request.post(`${url}/api/serving/get-online-features?environment=staging&workspace=lab`, {
      headers: { authorization: `Bearer ${server.token}` },
      data: { features: ["visit_spending:spend_per_visit"], entities: { visit_id: [2, 9999] } },
    });
    return (await answer.json()) as { results?: { statuses: string[]; values: unknown[] }[] };
  };
  await expect
    .poll(async () => (await ask()).results?.[1], { timeout: 60_000 })
    .toMatchObject({
      statuses: ["PRESENT", "NOT_FOUND"],
      values: [18.5 / 3, null],
    });
  await page.goto("about:blank");
  await theirs.goto("about:blank");
  expect(await stop()).toBe(0);
});
