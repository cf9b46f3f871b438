import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright/test";
import { expectAccessible, expectNoSidewaysScroll } from "./support/accessible";
import { openPage } from "./support/open-page";
import { expect, test } from "./support/test";

const SEGMENT = "/lineage?focus=feature:airport.segment";
const headers = { authorization: `Bearer ${process.env.TRIBUTARY_BOOTSTRAP_TOKEN}` };

const graphOf = (page: Page) => page.getByRole("region", { name: /^Lineage graph/ });
const nodeOf = (page: Page, id: string) => graphOf(page).locator(`[data-node="${id}"]`);
const buttonOf = (page: Page, id: string) => nodeOf(page, id).locator("> button[aria-pressed]");

async function openGraph(page: Page, path: string): Promise<void> {
  await openPage(page, path);
  await expect(page.locator("[data-ready]")).toBeVisible();
}

/** Where a node stands on the screen, once it stands still. */
async function placeOf(node: Locator): Promise<{ x: number; y: number }> {
  let before = await node.boundingBox();
  await expect(async () => {
    const now = await node.boundingBox();
    const isStill = now !== null && now.x === before?.x && now.y === before.y;
    before = now;
    expect(isStill).toBe(true);
  }).toPass();
  return { x: Math.round(before?.x ?? NaN), y: Math.round(before?.y ?? NaN) };
}

test.describe("the lineage explorer", () => {
  test("begins with the whole workspace rolled up, every flow counted, and leads from a group to its columns", async ({
    signedInAs,
  }) => {
    const page = await signedInAs("ada");
    await openGraph(page, "/lineage");
    const counts = graphOf(page).getByRole("status");
    await expect(counts).toContainText(/(\d+) of \1 flows drawn/);
    await page.getByLabel("Roll up to").selectOption("source");
    await expect(page).toHaveURL(/rollup=source/);
    await expect(nodeOf(page, "source:flights")).toBeVisible();
    await expect(counts).toContainText(/(\d+) of \1 flows drawn/);
    await page.goBack();
    await expect(page.getByLabel("Roll up to")).toHaveValue("view");
    await buttonOf(page, "view:airport_stats").click();
    await page
      .getByRole("complementary", { name: /airport_stats/ })
      .getByRole("button", { name: "Focus here" })
      .click();
    await expect(page).toHaveURL(/focus=view%3Aairport_stats|focus=view:airport_stats/);
    await expect(nodeOf(page, "feature:airport.segment")).toBeVisible();
  });

  test("shows what is behind +N by search and one by one, and nothing jumps", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openGraph(page, SEGMENT);
    const model = nodeOf(page, "model:late_model");
    const before = await placeOf(model);
    await model.getByRole("button", { name: /more upstream of late_model/ }).click();
    const picker = page.getByRole("dialog", { name: "Upstream of late_model" });
    await picker.getByLabel("Search these neighbours").fill("distance");
    await expect(picker.getByRole("listitem")).toHaveCount(1);
    await picker.getByRole("button", { name: "Show flight.distance" }).click();
    await expect(nodeOf(page, "feature:flight.distance")).toBeVisible();
    await expect(picker.getByRole("button", { name: "flight.distance is shown" })).toBeDisabled();
    expect(await placeOf(model)).toEqual(before);
    await page.keyboard.press("Escape");
    await expect(picker).toBeHidden();

    // All of a side at once, again with the node at its place; and Back takes it away.
    await model.getByRole("button", { name: /more upstream of late_model/ }).click();
    await picker.getByRole("button", { name: /^Add these/ }).click();
    await expect(model.getByRole("button", { name: /more upstream/ })).toHaveCount(0);
    expect(await placeOf(model)).toEqual(before);
    await page.goBack();
    await expect(model.getByRole("button", { name: /more upstream/ })).toBeVisible();

    // A click that selects or makes a focus does not move it either.
    await page.keyboard.press("Escape");
    await buttonOf(page, "model:late_model").click();
    expect(await placeOf(model)).toEqual(before);
    await page.getByRole("button", { name: "Focus here" }).click();
    await expect(page).toHaveURL(/focus=model/);
    await expect(nodeOf(page, "stage:airport_bands")).toHaveCount(0);
    expect(await placeOf(model)).toEqual(before);
  });

  test("traces up, down and exactly by column", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openGraph(page, `${SEGMENT}&up=2&down=2`);
    const lit = graphOf(page).locator('[data-node][data-tone="lit"]');
    await buttonOf(page, "stage:airport_segments").click();
    await expect(nodeOf(page, "stage:airport_bands")).toHaveAttribute("data-tone", "dim");
    await expect(nodeOf(page, "model:late_model")).toHaveAttribute("data-tone", "lit");
    const drawer = page.getByRole("complementary", { name: /airport_segments/ });
    await drawer.getByText("Upstream", { exact: true }).click();
    await expect(nodeOf(page, "model:late_model")).toHaveAttribute("data-tone", "dim");
    await expect(page).toHaveURL(/trace=up/);
    await drawer.getByText("Both", { exact: true }).click();

    // A column of the stage: what flows into it and out of it, and no further than stages take it.
    await drawer.getByRole("button", { name: "Trace column airport.profile_scaled" }).first().click();
    await expect(page).toHaveURL(/exact=true/);
    await expect(page.getByText(/of \d+ columns in all/)).toBeVisible();
    await expect(nodeOf(page, "stage:airport_bands")).toHaveAttribute("data-tone", "dim");
    await expect(nodeOf(page, "stage:flight_segment_index")).toHaveAttribute("data-tone", "lit");
    const count = await lit.count();
    await page.reload();
    await expect(lit).toHaveCount(count);
  });

  test("finds the path between two nodes and lists its steps", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openGraph(page, SEGMENT);
    await page.getByRole("button", { name: "Path" }).click();
    const dialog = page.getByRole("dialog", { name: "Path" });
    await dialog.getByRole("combobox", { name: "From" }).fill("airport_traffic");
    await page.getByRole("option", { name: /airport_traffic/ }).click();
    await dialog.getByRole("combobox", { name: "To" }).fill("late_model");
    await page.getByRole("option", { name: /^late_model\s*model/ }).click();
    await page.keyboard.press("Escape");
    await expect(page.getByText(/Data flow from airport_traffic to late_model in \d+ steps/)).toBeVisible();
    const steps = page.getByRole("tabpanel").getByRole("listitem");
    await expect(steps.first()).toContainText("airport_traffic writes");
    await expect(nodeOf(page, "stage:airport_traffic")).toHaveAttribute("data-tone", "lit");
    const listed = await steps.count();
    await page.reload();
    await expect(steps).toHaveCount(listed);
    await steps.last().getByRole("button", { name: "late_model" }).click();
    await expect(buttonOf(page, "model:late_model")).toBeFocused();
  });

  test("says what a change would reach, complete as CSV", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openGraph(page, `${SEGMENT}&panel=impact`);
    const table = page.getByRole("group", { name: "Impact" });
    await expect(table.getByRole("row", { name: /late_model model/ })).toContainText("delay-analytics");
    await expect(page.getByText(/A change of airport.segment reaches/)).toContainText(/\d+ models/);
    const total = Number(/\d+$/.exec((await page.getByRole("link", { name: /CSV of all/ }).textContent()) ?? "")?.[0]);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: /CSV of all/ }).click(),
    ]);
    const lines = readFileSync((await download.path()) ?? "", "utf8")
      .trim()
      .split("\r\n");
    expect(lines).toHaveLength(total + 1);
    await page.getByText("What it depends on").click();
    await expect(page).toHaveURL(/side=up/);
    await expect(table.getByRole("row", { name: /flights source/ })).toBeVisible();
  });

  test("draws which path leaks and says so in words", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openGraph(page, SEGMENT);
    await page.getByRole("button", { name: "Leaks", exact: true }).click();
    const leak = page.getByRole("list", { name: "Leaks" }).getByRole("listitem").first();
    await expect(leak).toContainText("Every test row was seen.");
    await expect(nodeOf(page, "stage:airport_segments")).toHaveAttribute("data-leaks", "true");
    await expect(nodeOf(page, "stage:airport_bands")).not.toHaveAttribute("data-leaks", "true");
    await leak.getByRole("button", { name: /that are not in the graph/ }).click();
    await expect(nodeOf(page, "stage:airport_scaler")).toHaveAttribute("data-leaks", "true");
    await leak.getByRole("link", { name: "Proof" }).click();
    await expect(page).toHaveURL(/audit\/usage/);
  });

  test("is walked by keyboard, searched with / and left where it was", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openGraph(page, `${SEGMENT}&up=2`);
    await buttonOf(page, "feature:airport.segment").focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Home");
    await expect(buttonOf(page, "feature:airport.segment")).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/node=/);
    await page.keyboard.press("Escape");
    await expect(page).not.toHaveURL(/node=/);
    await page.keyboard.press("/");
    await expect(page.getByLabel("Find in the graph (/)")).toBeFocused();
    await page.keyboard.type("airport_segments");
    await page.keyboard.press("Enter");
    await expect(buttonOf(page, "stage:airport_segments")).toBeFocused();
    await expect(nodeOf(page, "stage:airport_segments")).toHaveAttribute("data-found", "true");
    await expect(page).toHaveURL(/find=airport_seg/);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
  });

  test("filters, collapses and opens groups again, with everything counted", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openGraph(page, `${SEGMENT}&up=2&down=2`);
    const counts = graphOf(page).getByRole("status");
    await page.getByRole("button", { name: "Filters" }).click();
    await page.getByRole("dialog", { name: "Filters" }).getByRole("combobox", { name: "Kind" }).click();
    await page.getByRole("option", { name: "stage" }).click();
    await expect(page).toHaveURL(/kind=stage/);
    await expect(counts).toContainText("nodes hidden");
    await expect(nodeOf(page, "model:late_model")).toHaveCount(0);
    await page.getByRole("dialog", { name: "Filters" }).getByRole("button", { name: "Clear all" }).click();
    await expect(page.getByRole("dialog", { name: "Filters" })).toHaveCount(0);

    await page.getByLabel("Collapse by").selectOption("owner");
    const group = graphOf(page).locator('[data-kind="group"]').first();
    await expect(group).toContainText(/\d+ nodes/);
    await expect(counts).toContainText(/inside groups/);
    const groups = await graphOf(page).locator('[data-kind="group"]').count();
    await group.locator("> button[aria-pressed]").click();
    await page.getByRole("button", { name: "Open the group" }).click();
    await expect(graphOf(page).locator('[data-kind="group"]')).toHaveCount(groups - 1);
    await page.goBack();
    await expect(graphOf(page).locator('[data-kind="group"]')).toHaveCount(groups);
  });

  test("colours the variants of a pipeline, with letters", async ({ signedInAs, request }) => {
    const exported = await (await request.get("/api/v1/specs/export?workspace=flights", { headers })).json();
    const apply = (documents: unknown[], prune: boolean) =>
      request.post("/api/v1/specs/apply", {
        headers,
        data: { workspace: "flights", documents, prune },
        timeout: 60_000,
      });
    const free = { kind: "Pipeline", name: "late_by_any_means", outputs: ["flight.late_probability"], fit: { split: "by_month", parts: ["train"] } }; // prettier-ignore
    try {
      const applied = await apply([free], false);
      expect(applied.status(), await applied.text()).toBe(200);
      const page = await signedInAs("ada");
      await openGraph(page, `${SEGMENT}&up=2&down=1`);
      await page.getByLabel("Colour the variants of").selectOption("late_by_any_means");
      const legend = page.getByRole("list", { name: "Variants of late_by_any_means" });
      await expect(legend.getByRole("listitem")).toHaveCount(4);
      await expect(buttonOf(page, "stage:airport_segments")).toHaveAccessibleName(/variants \w, \w/);
      await expect(buttonOf(page, "feature:airport.segment")).not.toHaveAccessibleName(/variants/);
      await expectAccessible(page);
    } finally {
      // As it was before.
      expect((await apply(exported.files, true)).status()).toBe(200);
    }
  });

  test("shows lineage as it was and what two moments differ in", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openGraph(page, SEGMENT);
    await expect(nodeOf(page, "model:late_model")).toBeVisible();
    await page.getByRole("button", { name: "Time" }).click();
    const slider = page.getByRole("slider", { name: "As it was" });
    await slider.focus();
    await page.keyboard.press("Home");
    await expect(page).toHaveURL(/asOf=/);
    await expect(nodeOf(page, "model:late_model")).toHaveCount(0);
    await expect(nodeOf(page, "stage:airport_segments")).toBeVisible();
    await page.getByRole("button", { name: "Back to now" }).click();
    await expect(nodeOf(page, "model:late_model")).toBeVisible();

    const compare = page.getByLabel("Compare with");
    await compare.selectOption({ index: 1 });
    await expect(page).toHaveURL(/against=/);
    await expect(nodeOf(page, "model:late_model")).toContainText("+ added");
    await expect(page.getByText(/nodes and \d+ flows added/)).toBeVisible();
    await expect(page.getByRole("group", { name: "Changes" }).getByRole("row", { name: /airport\.segment.*late_model$/ }).first()).toContainText("+ added"); // prettier-ignore
    await page.reload();
    await expect(nodeOf(page, "model:late_model")).toContainText("+ added");
    await expectAccessible(page);
  });

  test("is taken along as table, SVG and PNG, whole", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openGraph(page, `${SEGMENT}&up=3&down=3`);
    const table = page.getByRole("group", { name: "Lineage as a table" });
    await table.getByRole("button", { name: "Node" }).click();
    await expect(page).toHaveURL(/sort=name/);
    const names = await table.getByRole("row").locator("td:first-child").allTextContents();
    expect(names).toEqual([...names].sort());
    const nodes = Number(await page.locator("[data-ready]").getAttribute("data-nodes"));
    expect(names).toHaveLength(nodes);

    const save = async (format: string) => {
      await page.getByRole("button", { name: "Picture" }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: format }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`lineage-airport.segment.${format.toLowerCase()}`);
      return readFileSync((await download.path()) ?? "");
    };
    const svg = (await save("SVG")).toString();
    expect(svg.match(/<rect/g)).toHaveLength(nodes + 1);
    expect((await save("PNG")).subarray(1, 4).toString()).toBe("PNG");
  });

  test("works on a phone, and axe finds nothing in any of its states", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await page.setViewportSize({ width: 375, height: 800 });
    await openGraph(page, `${SEGMENT}&node=stage:airport_segments`);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.setViewportSize({ width: 1440, height: 900 });
    for (const panel of ["impact", "leaks&leaks=true", "path&from=source:flights&to=model:late_model"]) {
      await openGraph(page, `${SEGMENT}&panel=${panel}`);
      await expect(page.getByRole("tabpanel").getByText(/\w/).first()).toBeVisible();
      await expectAccessible(page);
    }
    await nodeOf(page, "model:late_model")
      .getByRole("button", { name: /more upstream/ })
      .click();
    await expect(
      page
        .getByRole("dialog", { name: /Upstream of late_model/ })
        .getByRole("listitem")
        .first(),
    ).toBeVisible();
    await expectAccessible(page);
  });

  test("of what is not there says so", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/lineage?focus=feature:airport.nothing_like_it");
    await expect(page.getByRole("alert").first()).toContainText("There is no feature `airport.nothing_like_it`");
    await expect(page.getByRole("combobox", { name: "Focus" })).toBeVisible();
  });
});
