import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { downloadOf } from "./support/download";
import { openPage } from "./support/open-page";
import { expect, test } from "./support/test";

test.describe("a feature's page", () => {
  test("has its tabs in the address, and back goes back", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/features/airport.segment");
    await page.getByRole("tab", { name: /Strategies/ }).click();
    await expect(page).toHaveURL(/tab=strategies/);
    await expect(page.getByRole("link", { name: /airport_segments/ }).first()).toBeVisible();
    await page.getByRole("tab", { name: "Distribution" }).click();
    await expect(page.getByRole("heading", { name: "Figures" })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("tab", { name: /Strategies/ })).toHaveAttribute("aria-selected", "true");
  });

  test("shows both strategies and why one of them leaks", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/features/airport.segment?tab=strategies");
    await expect(page.getByText(/fitted on all rows of flights@1/).first()).toBeVisible();
    await expect(page.getByText("Every test row was seen.").first()).toBeVisible();
    await expect(page.getByText("airport_bands").first()).toBeVisible();
  });

  test("has a snippet that works when it is copied", async ({ signedInAs, baseURL }) => {
    const page = await signedInAs("ada");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await openPage(page, "/features/airport.departures_7d");
    await page.getByRole("radiogroup", { name: "Language" }).getByText("curl").click();
    await page.getByRole("button", { name: "Copy curl snippet" }).click();
    const snippet = await page.evaluate(() => navigator.clipboard.readText());
    expect(snippet).toContain(`${baseURL}/api/serving/get-online-features`);
    const answer = execFileSync("sh", ["-c", snippet], {
      env: { ...process.env, TRIBUTARY_TOKEN: process.env.TRIBUTARY_BOOTSTRAP_TOKEN },
    });
    const { metadata, results } = JSON.parse(answer.toString()) as {
      metadata: { feature_names: string[] };
      results: { values: unknown[]; statuses: string[] }[];
    };
    expect(metadata.feature_names).toEqual(["iata", "departures_7d"]);
    expect(results[1]?.statuses[0]).toBe("PRESENT");
    expect(results[1]?.values[0]).toBeGreaterThan(0);
  });

  test("walks lineage by keyboard and by +N, and has the same as a table", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/features/airport.segment?tab=lineage");
    const graph = page.getByRole("region", { name: /Lineage graph/ });
    const focus = graph.locator('[data-node="feature:airport.segment"] > button[aria-pressed]');
    await expect(focus).toBeVisible();
    await focus.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/node=stage/);
    await expect(page.getByRole("button", { name: "Focus here" })).toBeVisible();

    const table = page.getByRole("group", { name: "Lineage as a table" });
    const before = await table.getByRole("row").count();
    await graph.getByRole("button", { name: /more upstream of airport_segments/ }).click();
    await page.getByRole("button", { name: /^Add these/ }).click();
    await expect(async () => expect(await table.getByRole("row").count()).toBeGreaterThan(before)).toPass();
    await page.keyboard.press("Escape");

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("lineage-airport.segment.csv");
  });

  test("of a source's column has its line of the drift map: the newest windows, all on demand, and the worst one opens", async ({
    signedInAs,
  }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/features/birdstrike.speed?tab=drift");
    const answer = await page.request.get(
      "/api/v1/drift?workspace=flights&environment=dev&entity=birdstrike&windows=1000",
    );
    const { items } = (await answer.json()) as {
      items: { feature: string; cells: { window: string; severity: number | null; explanation: string }[] }[];
    };
    const cells = items.find(({ feature }) => feature === "birdstrike.speed")?.cells ?? [];
    expect(cells.length).toBeGreaterThan(100);
    const rows = page.getByRole("group", { name: "Drift by window" }).getByRole("row");
    await expect(rows).toHaveCount(13);
    await expect(rows.last()).toContainText(cells.at(-1)?.explanation ?? "");
    await page.getByRole("button", { name: `All ${cells.length} windows` }).click();
    await expect(page).toHaveURL(/windows=/);
    await expect(rows).toHaveCount(cells.length + 1);
    const sentences = await rows.locator("td:last-child").allTextContents();
    expect(sentences).toEqual(cells.map(({ explanation }) => explanation));
    const cut = await page
      .locator(".mantine-Badge-label")
      .evaluateAll((labels) => labels.filter((label) => label.scrollWidth > label.clientWidth).length);
    expect(cut).toBe(0);
    await page.goBack();
    await expect(rows).toHaveCount(13);

    const csv = await downloadOf(page, () => page.getByRole("link", { name: "CSV" }).click());
    expect(
      readFileSync(await csv.path(), "utf8")
        .trimEnd()
        .split("\r\n"),
    ).toHaveLength(cells.length + 1);
    const picture = await downloadOf(page, async () => {
      await page.getByRole("button", { name: "Save the chart of birdstrike.speed" }).click();
      await page.getByRole("menuitem", { name: "SVG" }).click();
    });
    expect(picture.suggestedFilename()).toBe("drift-birdstrike.speed.svg");
    const svg = readFileSync(await picture.path(), "utf8");
    expect(svg).toMatch(/^<svg [^>]*xmlns=.*stroke:\s*rgb/s);
    expect(svg).not.toContain("class=");

    await page.getByRole("link", { name: /^Compare .*, the worst, on the drift page$/ }).click();
    const worst = cells.reduce((one, other) => ((other.severity ?? -1) > (one.severity ?? -1) ? other : one));
    const comparison = page.getByRole("dialog", { name: "Comparison" });
    await expect(comparison.getByRole("heading", { level: 2 })).toContainText(`birdstrike.speed, ${worst.window}`);
    await expect(comparison.getByText(worst.explanation)).toBeVisible();
  });

  test("calls one window the reference, and back undoes what was chosen of the chart", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/features/flight.delay?tab=distribution");
    await expect(page.getByText("reference", { exact: true })).toHaveCount(1);
    await page.getByRole("checkbox", { name: "log" }).click();
    await expect(page).toHaveURL(/log=true/);
    await page.goBack();
    await expect(page).not.toHaveURL(/log=true/);
    await expect(page.getByRole("checkbox", { name: "log" })).not.toBeChecked();
    await expect(page.getByRole("heading", { name: "Figures" })).toBeVisible();
  });

  test("offers a promotion to those who may propose one", async ({ signedInAs }) => {
    const author = await signedInAs("bram");
    await openPage(author, "/features/airport.segment");
    await expect(author.getByRole("button", { name: "Propose promotion" })).toBeVisible();
    const auditor = await signedInAs("devi");
    await openPage(auditor, "/features/airport.segment");
    await expect(auditor.getByRole("button", { name: "Propose promotion" })).toHaveCount(0);
  });

  test("of a name that is not there says so", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/features/airport.nothing_like_it");
    await expect(page.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible();
  });
});
