import type { Page } from "playwright/test";
import type { Mesh } from "./mesh";

/** What a browser measured on the lineage page of one mesh. Milliseconds and frames per second. */
export interface LineageFigures {
  /** From the request of the page until the graph is laid out, drawn and can be walked. */
  usableMs: number;
  pan: Frames;
  zoom: Frames;
  /** The line above the graph that counts everything. */
  counts: string;
  /** Nodes of the graph, drawn in full or as placeholders. */
  nodes: number;
  /** Full nodes that were mounted at any moment of the measurement, at most. */
  mostMounted: number;
}

export interface Frames {
  perSecond: number;
  /** The frame that 95 of 100 were faster than. */
  p95Ms: number;
}

/** The first administrator of an empty portal, through its set-up page. */
export async function becomeAdministrator(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/setup`);
  await page.getByLabel("Name", { exact: true }).fill("Mesh Tester");
  await page.getByLabel("E-mail").fill("mesh@tester.example");
  await page.getByLabel("Password", { exact: true }).fill("a-long-password-for-the-mesh");
  await page.getByLabel("First workspace").fill("lab");
  await page.getByRole("button", { name: "Create the administrator" }).click();
  await page.waitForURL(`${url}/`);
}

/** Opens the lineage of everything around the middle of a mesh, pans and zooms. */
export async function measureLineage(page: Page, url: string, { workspace, focus }: Mesh): Promise<LineageFigures> {
  await page.goto(`${url}/lineage?workspace=${workspace}&focus=${focus}&up=6&down=6&limit=5000`, {
    waitUntil: "commit",
  });
  const graph = page.locator("[data-ready][data-nodes]");
  await graph.waitFor();
  const usableMs = await page.evaluate(
    () =>
      new Promise<number>((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now()))),
      ),
  );
  const counts = (await graph.getByRole("status").textContent()) ?? "";
  const nodes = Number(await graph.getAttribute("data-nodes"));
  const box = await graph.boundingBox();
  if (!box) throw new Error("The graph has no place on the page.");
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  let mostMounted = 0;
  const count = async () => {
    mostMounted = Math.max(mostMounted, await page.locator("[data-node]").count());
  };
  await count();
  const pan = await framesOf(page, async () => {
    for (let drag = 0; drag < 4; drag += 1) {
      const sign = drag % 2 === 0 ? -1 : 1;
      await page.mouse.move(middle.x - sign * 300, middle.y - sign * 150);
      await page.mouse.down();
      for (let step = 0; step < 60; step += 1)
        await page.mouse.move(middle.x - sign * (300 - step * 10), middle.y - sign * (150 - step * 5));
      await page.mouse.up();
      await count();
    }
  });
  const zoom = await framesOf(page, async () => {
    await page.mouse.move(middle.x, middle.y);
    await page.keyboard.down("Control");
    for (let step = 0; step < 160; step += 1) await page.mouse.wheel(0, step % 80 < 40 ? 20 : -20);
    await page.keyboard.up("Control");
  });
  await count();
  return { usableMs, pan, zoom, counts, nodes, mostMounted };
}

interface Recorder {
  frames: number[];
  last: number | null;
  isOn: boolean;
  tick(at: number): void;
}
type Recording = { recorder: Recorder };

/** Times between frames while something is done to the page. */
export async function framesOf(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const here = window as unknown as Recording;
    // A function that is the value of a member: transpilers leave it as it is, and it runs in the browser by itself.
    here.recorder = { frames: [], last: null, isOn: true } as unknown as Recorder;
    here.recorder.tick = (at) => {
      const { recorder } = here;
      if (recorder.last !== null) recorder.frames.push(at - recorder.last);
      recorder.last = at;
      if (recorder.isOn) requestAnimationFrame(recorder.tick);
    };
    requestAnimationFrame(here.recorder.tick);
  });
  await act();
  const frames = await page.evaluate(() => {
    const { recorder } = window as unknown as Recording;
    recorder.isOn = false;
    return recorder.frames;
  });
  const sorted = [...frames].sort((one, other) => one - other);
  const total = frames.reduce((sum, frame) => sum + frame, 0);
  return { perSecond: (1000 * frames.length) / total, p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0 };
}
