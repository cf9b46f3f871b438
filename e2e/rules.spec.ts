import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

test("a source's rules: what failed, checked again, proposed, exported and refused", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/datasets/birdstrikes?tab=rules");
  const rules = page.getByRole("region", { name: "Rules with their results" });
  await expect(rules.getByRole("row").filter({ hasText: "speed: values to not be null" })).toContainText(
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
  await expect(drawer).toContainText("This is no JSON");
  await suite.fill(JSON.stringify({ name: "s", expectations: [{ type: "expect_magic", kwargs: {} }] }));
  await drawer.getByRole("button", { name: "See what changes" }).click();
  await expect(drawer.getByRole("alert").first()).toContainText("`expect_magic` is not an expectation that can be run");
  await suite.fill(
    JSON.stringify({ name: "s", expectations: [{ type: "expect_column_to_exist", kwargs: { column: "speed" } }] }),
  );
  await drawer.getByRole("button", { name: "See what changes" }).click();
  await expect(drawer.getByRole("status")).toContainText("1 new, 3 removed.");
  await expectAccessible(page);
  await drawer.getByRole("button", { name: "Not now" }).click();

  const exported = await page.request.get("/api/v1/sources/birdstrikes/rules/suite?workspace=flights");
  expect(((await exported.json()) as { expectations: unknown[] }).expectations).toHaveLength(3);
});
