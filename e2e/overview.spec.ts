import { readFile } from "node:fs/promises";
import { expectAccessible } from "./support/accessible";
import { expect, test } from "./support/test";

const TRAINING = "/datasets/flight@late_departures";

test("a training dataset: sides over each other, sorted, filtered, and a bar that is counted and shared", async ({
  signedInAs,
}) => {
  const page = await signedInAs("ada");
  await page.goto("/models/late_model");
  await page.getByRole("link", { name: "flight@late_departures version 1" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("flight@late_departures");
  const features = page.getByRole("list", { name: "Features" });
  const first = features.getByRole("heading", { level: 2 }).first();
  await expect(first).toBeVisible();
  for (const part of ["train", "validation", "test"])
    await expect(page.getByRole("checkbox", { name: part })).toBeChecked();

  await page.getByRole("combobox", { name: "Sort by" }).selectOption("drift");
  await expect(page).toHaveURL(/sort=drift/);
  await expect(first).toHaveText("origin_delay_mean_7d");
  const filter = page.getByRole("textbox", { name: "Filter by name, as a regular expression" });
  await filter.fill("(");
  await expect(page.getByText(/No regular expression/)).toBeVisible();
  await filter.fill("^(delay|hour)$");
  await expect(page.getByRole("status").filter({ hasText: "2 of 13" })).toBeVisible();
  await expectAccessible(page);

  // The bars of a chart are one stop of the keyboard.
  const chart = features.getByRole("group", { name: /^delay: standard histogram of train, validation, test/ });
  await chart.getByRole("button").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const slice = page.getByRole("region", { name: /^Slice: delay from/ });
  await expect(slice.getByRole("row")).toHaveCount(4);
  await expect(slice.getByRole("row").nth(2)).toContainText(/validation.*%\s*× \d/);
  await expect(page).toHaveURL(/slice=delay~range~/);
  await expect(slice.getByRole("link", { name: "Open in Dive" })).toHaveAttribute(
    "href",
    /tab=dive&slice=delay%7Erange%7E.*&parts=train%2Cvalidation%2Ctest/,
  );
  const address = page.url();
  await expectAccessible(page);

  await page.goBack();
  await expect(slice).toHaveCount(0);
  await page.goto(address);
  await expect(slice).toBeVisible();
  await slice.getByRole("button", { name: "Clear the slice" }).click();
  await expect(slice).toHaveCount(0);
  await expect(page).not.toHaveURL(/slice=/);
});

test("two months side by side, as table, cumulative and by valency", async ({ signedInAs }) => {
  const page = await signedInAs("devi");
  await page.goto("/datasets/flights");
  await page.getByRole("button", { name: "Compare with" }).click();
  await page.getByRole("menuitem", { name: "Jun 2001" }).click();
  await expect(page).toHaveURL(/parts=.*2001-06/);
  await page.goto("/datasets/flights?parts=2001-01,2001-06");
  const figures = page.getByRole("group", { name: "Figures of delay" });
  await expect(figures.getByRole("row", { name: /Jan 2001/ })).toBeVisible();
  await page.getByRole("checkbox", { name: "as table" }).check();
  await expect(page.getByRole("group", { name: "Buckets of delay" }).getByRole("columnheader")).toHaveText([
    "Bucket",
    "Jan 2001",
    "Jun 2001",
  ]);
  await page.getByRole("checkbox", { name: "as table" }).uncheck();
  await page.getByRole("radiogroup", { name: "Chart" }).getByText("valency").click();
  await expect(page.getByText("One value in each row: no list.").first()).toBeVisible();
  await page.getByRole("radiogroup", { name: "Chart" }).getByText("cumulative").click();
  await expect(page).toHaveURL(/chart=cumulative/);
  await page.goBack();
  await expect(page).toHaveURL(/chart=valency/);
});

test("Back takes away one choice after the other", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto(TRAINING);
  const choices: [click: () => Promise<void>, url: RegExp][] = [
    [() => page.getByRole("checkbox", { name: "log" }).check(), /log=true/],
    [() => page.getByRole("checkbox", { name: "percent" }).uncheck(), /percent=false/],
    [() => page.getByRole("checkbox", { name: "expand" }).check(), /expand=true/],
    [() => page.getByRole("checkbox", { name: "as table" }).check(), /table=true/],
    [() => page.getByRole("group", { name: "Types" }).getByText("numeric").click(), /types=numeric/],
  ];
  for (const [choose, url] of choices) {
    await choose();
    await expect(page).toHaveURL(url);
  }
  for (const [, url] of choices.toReversed()) {
    await page.goBack();
    await expect(page).not.toHaveURL(url);
  }
  await expect(page).toHaveURL(/late_departures$/);

  await page.goto("/features/flight.delay?tab=distribution");
  await page.getByRole("checkbox", { name: "log" }).check();
  await expect(page).toHaveURL(/log=true/);
  await page.getByRole("radiogroup", { name: "Chart" }).getByText("cumulative").click();
  await expect(page).toHaveURL(/chart=cumulative/);
  await page.goBack();
  await expect(page).not.toHaveURL(/chart=/);
  await expect(page).toHaveURL(/log=true/);
});

test("figures are taken as CSV and JSON, and a chart as SVG and PNG", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto(`${TRAINING}?filter=^delay$`);
  const save = async (menu: string, format: string) => {
    await page.getByRole("button", { name: menu }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: format }).click(),
    ]);
    return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
  };
  const csv = await save("Figures", "CSV");
  expect(csv.name).toBe("flight@late_departures-overview.csv");
  const records = csv.content.toString().trim().split("\r\n");
  expect(records).toHaveLength(4);
  expect(records[1]).toMatch(/^delay,bigint,train,1978941,0,/);
  const json = JSON.parse((await save("Figures", "JSON")).content.toString()) as { features: unknown[] };
  expect(json.features).toHaveLength(1);
  const picture = (await save("Save the chart of delay", "SVG")).content.toString();
  expect(picture).toMatch(/^<svg.*validation/s);
  expect(picture).not.toContain("var(");
  const png = await save("Save the chart of delay", "PNG");
  expect(png.content.subarray(1, 4).toString()).toBe("PNG");
});

test("datasets are listed with what they hold; old addresses of sources lead there", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/sources");
  await expect(page).toHaveURL(/\/datasets\?kind=source/);
  await page.getByRole("radiogroup", { name: "Kind" }).getByText("training").click();
  const rows = page.getByRole("group", { name: "Datasets" }).getByRole("row");
  await expect(rows.filter({ hasText: "flight@late_departures" }).first()).toContainText("3,000,000");
  await expect(rows.filter({ has: page.getByRole("link", { name: "flight@late_departures", exact: true }) }).getByRole("cell")).toContainText([
    "flight@late_departures", "training", "flight", "13", "3,000,000", "v1", "2001", "", "1", "–",
  ]); // prettier-ignore
  await page.getByRole("radiogroup", { name: "Kind" }).getByText("all", { exact: true }).click();
  const heading = (name: string) => page.getByRole("columnheader", { name });
  await heading("Rows").getByRole("button").click();
  await expect(heading("Rows")).toHaveAttribute("aria-sort", "descending");
  await expect(rows.nth(1)).toContainText("3,000,000");
  await heading("Rows").getByRole("button").click();
  await expect(page).toHaveURL(/sort=rows/);
  await expect(rows.nth(1)).toContainText("2,922");
  await page.goBack();
  await expect(rows.nth(1)).toContainText("3,000,000");
  await page.getByRole("textbox", { name: "Find a dataset" }).fill("nothing like this");
  await expect(page.getByText("No dataset matches")).toBeVisible();
  await page.getByRole("button", { name: "Show all datasets" }).click();
  await expect(page.getByRole("status").filter({ hasText: /^(\d+) of \1$/ })).toBeVisible();

  await page.goto("/sources/flights");
  await expect(page).toHaveURL(/\/datasets\/flights/);
  await page.getByRole("tab", { name: "About" }).click();
  await expect(page.getByRole("group", { name: "Columns of the source" })).toContainText("flight.delay");
  await page.getByRole("tab", { name: /Versions/ }).click();
  await expect(page.getByRole("group", { name: "Versions of the data" })).toContainText("3,000,000");
});

test("a feature view: what it is, and its features' distributions; what is missing is alarming", async ({
  signedInAs,
}) => {
  const page = await signedInAs("ada");
  await page.goto("/features/airport.segment");
  await page.getByRole("link", { name: "airport_stats", exact: true }).first().click();
  await expect(page).toHaveURL(/\/views\/airport_stats/);
  const missing = page.getByRole("group", { name: "Figures of airport.delay_mean_7d" });
  await expect(missing.getByRole("img", { name: "Alarm: More than 2 % are missing." }).first()).toBeVisible();
  await page.getByRole("tab", { name: "About" }).click();
  await expect(page.getByText("Served online", { exact: false })).toBeVisible();
  await expectAccessible(page);
});

test("an address that asks for what there is not says so and leads back", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/datasets/flights?parts=1999-01");
  await expect(page.getByRole("alert").filter({ hasText: "There is no group `1999-01`" })).toBeVisible();
  await page.getByRole("button", { name: "Show what is there" }).click();
  await expect(page.getByRole("group", { name: "Figures of delay" })).toBeVisible();
});

test("fits a phone: rows are stacked and sides are columns", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.setViewportSize({ width: 375, height: 800 });
  await page.goto(TRAINING);
  const figures = page.getByRole("group", { name: "Figures of hour" });
  await expect(figures).toBeVisible();
  const widest = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(widest).toBeLessThanOrEqual(375);
  const heads = figures.getByText(/^(Rows|Mean)$/);
  const [rows, mean] = [await heads.nth(0).boundingBox(), await heads.nth(1).boundingBox()];
  expect(mean?.x).toBe(rows?.x);
  expect(mean?.y).toBeGreaterThan(rows?.y ?? 0);
  await expectAccessible(page);
});

test("no figure is cut off, whatever the width, and a share stays beside a long value", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  for (const path of ["/datasets/airport@late_departures", "/views/airport_stats", "/datasets/birdstrikes"])
    for (const width of [375, 1024, 1440, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(path);
      const regions = page.getByRole("group", { name: /^Figures of/ });
      await expect(regions.first()).toBeVisible();
      const cut = await regions.evaluateAll((found) =>
        found.flatMap((region) => [
          ...(region.scrollWidth > region.clientWidth ? [region.getAttribute("aria-label")] : []),
          ...[...region.querySelectorAll("th, td")]
            .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
            .map((cell) => cell.textContent),
        ]),
      );
      expect(cut, `${path} at ${width}`).toEqual([]);
    }
  const top = page.getByRole("group", { name: "Figures of airport_name" }).getByRole("cell").last();
  await expect(top.getByText(/^\d+\.\d %$/)).toBeVisible();
});

test("what a bar says covers nothing", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  for (const width of [375, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${TRAINING}?filter=^delay$&slice=delay~missing`);
    const slice = page.getByRole("region", { name: /^Slice: delay/ });
    await expect(slice).toBeVisible();
    await page
      .getByRole("group", { name: /^delay: standard histogram/ })
      .getByRole("button")
      .nth(9)
      .hover();
    const said = page.getByText(/ to .* · train .* · validation .* · test [\d.]+ %$/);
    const [text, panel] = [await said.boundingBox(), await slice.boundingBox()];
    expect((text?.y ?? 0) + (text?.height ?? 1e9)).toBeLessThanOrEqual(panel?.y ?? 0);
    expect((text?.x ?? 0) + (text?.width ?? 1e9)).toBeLessThanOrEqual(width);
  }
});
