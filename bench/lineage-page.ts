import { existsSync } from "node:fs";
import { chromium } from "playwright";
import type { BenchRow } from "./bench-row";
import { becomeAdministrator, measureLineage, type LineageFigures } from "../e2e/support/measure-lineage";
import { applyMesh } from "../e2e/support/mesh";
import { OwnServer } from "../e2e/support/own-server";

const ROUNDS = 5;
const TIMES_SMALL = 2;
const FRAMES = 50;

/**
 * The lineage page of 2,000 nodes against the same page of 50, in a real browser on the production build: in turn, medians of
 * five. A frame's bar is a time: the median of the frames while panning and zooming may not take longer than 1/50 s on average.
 */
export async function benchLineagePage(): Promise<BenchRow[]> {
  const server = new OwnServer("the-lineage-bench");
  const { url, stop } = await server.start({ demo: false });
  const browser = await chromium.launch({
    executablePath: ["/usr/bin/chromium"].find(existsSync),
    args: ["--no-sandbox", "--disable-background-networking", "--disable-quic"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
    await becomeAdministrator(page, url);
    const portal = { url, token: server.token };
    const sizes = [await applyMesh(portal, "mesh_50", 2), await applyMesh(portal, "mesh_500", 24), await applyMesh(portal, "mesh_2000", 100)]; // prettier-ignore
    const figures = sizes.map((): LineageFigures[] => []);
    // The first visit of a page fetches its code; what is measured is the page.
    for (const { mesh } of sizes) await measureLineage(page, url, mesh);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [at, { mesh }] of sizes.entries()) figures[at]?.push(await measureLineage(page, url, mesh));
    const median = (at: number, of: (figure: LineageFigures) => number) => {
      const values = (figures[at] ?? []).map(of).sort((one, other) => one - other);
      return values[values.length >> 1] ?? NaN;
    };
    return sizes.flatMap(({ mesh }, at): BenchRow[] => {
      const size = `${mesh.nodes.toLocaleString("en")} nodes, ${mesh.edges.toLocaleString("en")} flows`;
      const [usable, least] = [median(at, ({ usableMs }) => usableMs), median(0, ({ usableMs }) => usableMs)];
      const frame = (name: string, of: (figure: LineageFigures) => number): BenchRow => {
        const measured = 1000 / median(at, of);
        const limit = 1000 / FRAMES;
        return {
          name: `lineage page: a frame of ${name}`,
          size,
          measured,
          against: `${FRAMES} frames a second`,
          limit,
          ratio: measured / limit,
          bar: "≤ 1 ×",
          ok: measured <= limit,
        };
      };
      return [
        {
          name: "lineage page: time to usable",
          size,
          measured: usable,
          against: `the same page of ${sizes[0]?.mesh.nodes} nodes`,
          limit: least,
          ratio: usable / least,
          bar: `≤ ${TIMES_SMALL} ×`,
          ok: usable <= TIMES_SMALL * least,
        },
        frame("panning", ({ pan }) => pan.perSecond),
        frame("zooming", ({ zoom }) => zoom.perSecond),
      ];
    });
  } finally {
    await browser.close();
    await stop();
    await server.remove();
  }
}
