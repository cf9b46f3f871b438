import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

test("a source's rules: what failed, checked again, proposed, exported and refused", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/datasets/birdstrikes?tab=rules");
  const rules = page.getByRole("group", { name: "Rules with their results" });
  await expect(rules.getByRole("row").filter({ hasText: "speed: values are not null" })).toContainText(
    /failed.*2,836 unexpected \(28\.36 %\)/,
  );
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByRole("button", { name: "Check now" })).toBeEnabled();
  await expect(rules.getByRole("row").filter({ hasText: "cost_total" })).toContainText("passed");

  await page.getByRole("button", { name: "Propose rules" }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer).toContainText("expect_column_to_exist");
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Import suite" }).click();
  const suite = drawer.getByRole("textbox", { name: "Suite as JSON" });
  await suite.fill("{");
  await drawer.getByRole("button", { name: "See what changes" }).click();
  await expect(drawer).toContainText("This is not JSON");
  await suite.fill(JSON.stringify({ name: "s", expectations: [{ type: "expect_magic", kwargs: {} }] }));
  await drawer.getByRole("button", { name: "See what changes" }).click();
  await expect(drawer.getByRole("note")).toContainText("`expect_magic` is not an expectation that can be run");
  await expect(drawer.getByRole("button", { name: "Replace the rules, without 1 of the suite" })).toBeVisible();
  await suite.fill(
    JSON.stringify({ name: "s", expectations: [{ type: "expect_column_to_exist", kwargs: { column: "speed" } }] }),
  );
  await drawer.getByRole("button", { name: "See what changes" }).click();
  await expect(drawer.getByRole("status")).toContainText("1 new, 3 removed.");
  await expectAccessible(page);
  await drawer.getByRole("button", { name: "Cancel" }).click();

  const exported = await page.request.get("/api/v1/sources/birdstrikes/rules/suite?workspace=flights");
  expect(((await exported.json()) as { expectations: unknown[] }).expectations).toHaveLength(3);
});

interface Candidate {
  feature: string;
  serves: Record<"dev" | "staging" | "production", number | null>;
  open: Record<"staging" | "production", number | null>;
}

test("a rule that fails after approval keeps a promotion back until it passes again", async ({ signedInAs }) => {
  const ada = await signedInAs("ada");
  const api = ada.request;
  const answer = await api.get("/api/v1/changes/candidates?workspace=flights");
  const found = ((await answer.json()) as { items: Candidate[] }).items.find(
    ({ feature, serves, open }) =>
      feature.startsWith("airport.") && serves.dev !== null && serves.dev !== serves.staging && open.staging === null,
  );
  if (!found)
    throw new Error("Every airport feature of the demo is in staging already. Start with a fresh data folder.");
  const { feature } = found;
  const opened = await api.post("/api/v1/changes", { data: { workspace: "flights", feature, environment: "staging" } });
  const change = (await opened.json()) as {
    number: number;
    evidence: { rules: { datasets: { dataset: string; role: string }[] } };
  };
  const output = change.evidence.rules.datasets.find(({ role }) => role === "values")?.dataset as string;
  const chiara = await signedInAs("chiara");
  const approval = await chiara.request.post(`/api/v1/changes/${change.number}/reviews?workspace=flights`, {
    data: { decision: "approve" },
  });
  expect(await approval.json()).toMatchObject({ state: "approved" });

  const detail = await api.get(`/api/v1/features/${feature}?workspace=flights`);
  const { definition } = (await detail.json()) as { definition: Record<string, unknown> };
  const declare = async (rules: object[]) => {
    const documents = [{ ...definition, ...(rules.length > 0 && { rules }) }];
    expect((await api.post("/api/v1/specs/apply", { data: { workspace: "flights", documents } })).ok()).toBe(true);
  };
  const tooMuch = {
    type: "expect_column_unique_value_count_to_be_between",
    kwargs: { max_value: 0 },
    severity: "critical",
  };
  const rulesPage = `/datasets/${encodeURIComponent(output)}?tab=rules`;
  try {
    await declare([tooMuch]);
    await ada.goto(rulesPage);
    await ada.getByRole("button", { name: "Check now" }).click();
    const quarantine = ada.getByRole("alert").filter({ hasText: "in quarantine" });
    await expect(quarantine.getByRole("link", { name: new RegExp(`Promote ${feature}`) })).toBeVisible();
    const failing = new RegExp(`^${feature}: unique value count is at most 0.*Show each\\.$`);
    await ada.getByRole("button", { name: failing }).click();
    await expect(ada.getByRole("dialog")).toContainText("failed: observed");
    await expectAccessible(ada);

    await ada.goto(`/changes/${change.number}?tab=rules`);
    await expect(ada.getByText("The check rules must pass", { exact: true })).toBeVisible();
    await expect(ada.getByRole("button", { name: "Apply to staging" })).toBeDisabled();
    await expect(ada.getByRole("group", { name: "Rules that failed" })).toContainText(feature);
    await expectAccessible(ada);
    const refusal = await api.post(`/api/v1/changes/${change.number}/apply?workspace=flights`, { data: {} });
    expect(refusal.status()).toBe(409);
    expect(((await refusal.json()) as { detail: string }).detail).toContain(`${output}@`);

    await ada.goto(`/features/${feature}`);
    await expect(ada.getByRole("region", { name: "Rules" })).toContainText("in quarantine");
    await expectAccessible(ada);
  } finally {
    await declare([{ ...tooMuch, kwargs: { min_value: 1 } }]);
  }
  await ada.goto(rulesPage);
  await ada.getByRole("button", { name: "Check now" }).click();
  await expect(ada.getByRole("alert").filter({ hasText: "in quarantine" })).toBeHidden();
  await ada.goto(`/changes/${change.number}`);
  await ada.getByRole("button", { name: "Apply to staging" }).click();
  await expect(ada.getByText("Applied; nothing left to do.")).toBeVisible();
});
