import type { Page } from "playwright/test";
import { type Frames, framesOf } from "./measure-lineage";

/** What a browser measured on a Dive. */
export interface DiveFigures {
  points: number;
  pan: Frames;
  zoom: Frames;
}

/** Opens a Dive, zooms in a little so that there is something to pan, drags it to and fro, and zooms in and out. */
export async function measureDive(page: Page, url: string): Promise<DiveFigures> {
  await page.goto(url, { waitUntil: "commit" });
  const picture = page.locator("[data-ready][data-points]");
  await picture.waitFor({ timeout: 120_000 });
  const points = Number(await picture.getAttribute("data-points"));
  const box = await picture.boundingBox();
  if (!box) throw new Error("The picture has no place on the page.");
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.wheel(0, -350);
  const pan = await framesOf(page, async () => {
    for (let drag = 0; drag < 6; drag += 1) {
      const sign = drag % 2 === 0 ? -1 : 1;
      await page.mouse.move(middle.x - sign * 240, middle.y - sign * 90);
      await page.mouse.down();
      for (let step = 0; step < 60; step += 1)
        await page.mouse.move(middle.x - sign * (240 - step * 8), middle.y - sign * (90 - step * 3));
      await page.mouse.up();
    }
  });
  const zoom = await framesOf(page, async () => {
    await page.mouse.move(middle.x, middle.y);
    for (let step = 0; step < 160; step += 1) await page.mouse.wheel(0, step % 80 < 40 ? -25 : 25);
  });
  return { points, pan, zoom };
}
