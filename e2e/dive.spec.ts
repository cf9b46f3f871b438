import { readFileSync } from "node:fs";
import type { Page } from "playwright/test";
import { expectAccessible, expectNoSidewaysScroll } from "./support/accessible";
import { openPage } from "./support/open-page";
import { expect, test } from "./support/test";

const DIVE = "/datasets/flights?tab=dive&colour=origin";

const pictureOf = (page: Page) => page.getByRole("application", { name: /^Picture of/ });

async function openDive(page: Page, path: string): Promise<void> {
  await openPage(page, path);
  await expect(page.locator("[data-ready][data-points]")).toBeVisible();
}

/** How many different colours the points have, and how many pixels they cover. */
async function inkOn(page: Page): Promise<{ colours: number; pixels: number }> {
  return pictureOf(page)
    .locator("canvas")
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const data =
        canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
      const found = new Set<number>();
      let pixels = 0;
      for (let at = 0; at < data.length; at += 4)
        if (data[at + 3]) {
          pixels += 1;
          found.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
        }
      return { colours: found.size, pixels };
    });
}

test.describe("Dive", () => {
  test("facets, colours and places sampled rows, and Back restores each step", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openDive(page, DIVE);
    await expect(page.getByText("20,000 of 3,000,000 rows sampled")).toBeVisible();
    await expect(pictureOf(page)).toHaveAccessibleName(/delay up and distance across, coloured by origin/);
    expect((await inkOn(page)).pixels).toBeGreaterThan(1000);

    await page.getByLabel("Facets across", { exact: true }).selectOption("date");
    await expect(page).toHaveURL(/across=date/);
    await page.getByLabel("Colour by", { exact: true }).selectOption("delay");
    await expect(page.getByRole("group", { name: "Colours by delay" })).toBeVisible();
    expect((await inkOn(page)).colours).toBeGreaterThan(8);
    await page.getByText("Stacked", { exact: true }).click();
    await expect(page).toHaveURL(/position=stacked/);
    await expect(pictureOf(page)).toHaveAccessibleName(/dots stacked, facets across by date, coloured by delay/);
    await page.goBack();
    await expect(pictureOf(page)).toHaveAccessibleName(/delay up and distance across, facets across by date/);
    await page.goBack();
    await page.goBack();
    await expect(pictureOf(page)).toHaveAccessibleName(/across, coloured by origin/);
    await page.goForward();
    await expect(page.getByLabel("Facets across", { exact: true })).toHaveValue("date");
  });

  test("shows the record under the pointer, pins it, and goes from row to row by keyboard", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openDive(page, `${DIVE}&position=stacked&rows=1000`);
    const record = page.getByRole("region", { name: "Record" });
    const box = await pictureOf(page).boundingBox();
    if (!box) throw new Error("The picture has no place on the page.");
    // Stacked dots stand on the ground of the cell.
    await page.mouse.move(box.x + 60, box.y + box.height - 26);
    await expect(record.getByRole("row", { name: /^distance \d+ miles/ })).toBeVisible();
    await page.mouse.down();
    await page.mouse.up();
    await expect(page).toHaveURL(/pin=\d+/);
    await expect(record.getByText("pinned")).toBeVisible();
    const pinned = await record.getByRole("row", { name: /^id/ }).textContent();
    await page.reload();
    await expect(record.getByRole("row", { name: /^id/ })).toHaveText(pinned ?? "");
    await record.getByRole("button", { name: "Unpin" }).click();
    await expect(page).not.toHaveURL(/pin=/);

    await page.mouse.move(5, 5);
    await pictureOf(page).focus();
    await page.keyboard.press("Shift+ArrowRight");
    const first = await record.getByRole("row", { name: /^id/ }).textContent();
    await page.keyboard.press("Shift+ArrowRight");
    await expect(record.getByRole("row", { name: /^id/ })).not.toHaveText(first ?? "");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/pin=\d+/);
    await page.keyboard.press("+");
    await expect(page).toHaveURL(/at=/);
    await page.keyboard.press("0");
    await expect(page).not.toHaveURL(/at=/);
  });

  test("pans by drag and zooms by wheel, and a link restores the place", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openDive(page, DIVE);
    const box = await pictureOf(page).boundingBox();
    if (!box) throw new Error("The picture has no place on the page.");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -400);
    await expect(page).toHaveURL(/at=[^&]+/);
    const zoomed = new URL(page.url()).searchParams.get("at");
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 80, box.y + box.height / 2 + 30, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => new URL(page.url()).searchParams.get("at")).not.toBe(zoomed);
    const place = new URL(page.url()).searchParams.get("at");
    await page.reload();
    await expect(page.locator("[data-ready][data-points]")).toBeVisible();
    expect(new URL(page.url()).searchParams.get("at")).toBe(place);
  });

  test("opens a slice that Overview names, clears it and leads back", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openDive(page, `${DIVE}&slice=delay~range~60~120`);
    await expect(page.getByText("delay from 60 to 120")).toBeVisible();
    await expect(page.getByText(/20,000 of 1\d\d,\d{3} rows sampled \(the version has 3,000,000\)/)).toBeVisible();
    await page.getByRole("link", { name: "Back to Overview" }).click();
    await expect(page).toHaveURL(/tab=overview&slice=delay(~|%7E)range(~|%7E)60(~|%7E)120/);
    await page.goBack();
    await page.getByRole("button", { name: "Clear the slice" }).click();
    await expect(page.getByText("20,000 of 3,000,000 rows sampled")).toBeVisible();
    await expect(page).not.toHaveURL(/slice=/);

    await openPage(page, `${DIVE}&slice=nonsense~missing`);
    await expect(page.getByRole("alert").first()).toContainText("has no column nonsense");
    await page.getByRole("button", { name: "Show all rows of the newest version" }).click();
    await expect(page.locator("[data-ready][data-points]")).toBeVisible();
  });

  test("carries a bar of Overview to Dive", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/datasets/flights?tab=overview&slice=origin~value~ATL");
    await page.getByRole("link", { name: "Open in Dive" }).click();
    await expect(page).toHaveURL(/tab=dive/);
    await expect(page.getByText("origin is ATL")).toBeVisible();
    await page.getByRole("button", { name: "As table" }).click();
    await expect(
      page.getByRole("group", { name: "Sampled rows" }).getByRole("cell", { name: "ATL" }).first(),
    ).toBeVisible();
  });

  test("opens bars of what a run read beside what it wrote, of training and of predictions", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openPage(page, "/datasets/flight%40late_departures?tab=overview&slice=origin~value~ATL&filter=^origin%24");
    await page.getByRole("link", { name: "Open in Dive" }).click();
    await expect(page.getByText(/^20,000 of \d{3},\d{3} rows sampled/)).toBeVisible();
    await page.getByRole("button", { name: "As table" }).click();
    const rows = page.getByRole("group", { name: "Sampled rows" });
    await expect(rows.getByRole("columnheader", { name: "origin", exact: true })).toBeVisible();
    await expect(rows.getByRole("cell", { name: "ATL" }).first()).toBeVisible();

    const predictions = "/datasets/flight%40late_departures.staging";
    await openPage(page, `${predictions}?filter=^(late_probability|airport.segment)%24`);
    const chart = page.getByRole("group", { name: /^late_probability: standard histogram/ });
    await chart.getByRole("button").first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Open in Dive" }).click();
    await expect(page.getByText(/rows sampled \(the version has 502,222\)/)).toBeVisible();
    for (const name of ["hour", "delay", "late_probability"])
      await expect(
        page.getByLabel("Colour by", { exact: true }).getByRole("option", { name, exact: true }),
      ).toHaveCount(1);

    // Rows of airports are no rows of flights.
    await openPage(page, `${predictions}?slice=airport.segment~missing`);
    const slice = page.getByRole("region", { name: /^Slice: airport.segment/ });
    await expect(slice).toContainText("counted on rows of airport");
    await expect(slice.getByRole("link", { name: "Open in Dive" })).toHaveCount(0);
    await page.getByRole("heading", { name: "airport.segment" }).getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("airport.segment");
  });

  test("tells the parts of a training dataset apart", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openDive(page, "/datasets/flight%40late_departures?tab=dive&across=part");
    const legend = page.getByRole("group", { name: "Colours by part" });
    for (const part of ["train", "validation", "test"])
      await expect(legend.getByText(part, { exact: true })).toBeVisible();
    await page.getByRole("group", { name: "Parts" }).getByRole("button", { name: "test" }).click();
    await expect(page).toHaveURL(/parts=test/);
    await expect(legend.getByText("train", { exact: true })).toHaveCount(0);
  });

  test("is saved as CSV of every sampled row and as PNG, and shown as a table", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openDive(page, `${DIVE}&rows=1000`);
    const save = async (item: RegExp) => {
      await page.getByRole("button", { name: "Save" }).click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: item }).click(),
      ]);
      return readFileSync((await file.path()) ?? "");
    };
    const lines = (await save(/^CSV/)).toString("utf8").trim().split("\r\n");
    expect(lines).toHaveLength(1001);
    expect(lines[0]).toBe("part,id,date,delay,distance,origin,destination");
    expect((await save(/^PNG/)).subarray(1, 4).toString()).toBe("PNG");
    await page.getByRole("button", { name: "As table" }).click();
    await expect(page.getByRole("group", { name: "Sampled rows" }).getByRole("row")).toHaveCount(201);
  });

  test("can be read and used by everybody, on a narrow screen too", async ({ signedInAs }) => {
    const page = await signedInAs("ada");
    await openDive(page, `${DIVE}&slice=delay~range~60~120&across=date&pin=5`);
    await expectAccessible(page);
    await page.setViewportSize({ width: 375, height: 800 });
    await expectNoSidewaysScroll(page);
    await openPage(page, `${DIVE}&table=true`);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });
});
