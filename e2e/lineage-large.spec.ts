import { becomeAdministrator, measureLineage, type LineageFigures } from "./support/measure-lineage";
import { applyMesh } from "./support/mesh";
import { OwnServer } from "./support/own-server";
import { expect, test } from "./support/test";

const server = new OwnServer("the-mesh");

test.afterAll(() => server.remove());

test("a mesh of two thousand nodes is opened, panned and zoomed, and nothing of it is dropped", async ({ page }) => {
  test.setTimeout(300_000);
  const { url, stop } = await server.start({ demo: false });
  await becomeAdministrator(page, url);
  for (const [workspace, width] of [
    ["mesh_of_fifty", 2],
    ["mesh_of_two_thousand", 100],
  ] as const) {
    const { mesh, appliedMs } = await applyMesh({ url, token: server.token }, workspace, width);
    const figures = await measureLineage(page, url, mesh);
    console.log(
      `${mesh.nodes} nodes, ${mesh.edges} flows, applied in ${(appliedMs / 1000).toFixed(1)} s: ${wordsOf(figures)}`,
    );
    expect(figures.nodes).toBe(mesh.nodes);
    expect(figures.mostMounted).toBeLessThanOrEqual(300);
    expect(figures.counts).toContain(`${mesh.nodes} nodes`);
    expect(figures.counts).toContain(`${mesh.edges} of `);

    // The far end of the graph is a placeholder until the keyboard goes there.
    const find = page.getByLabel("Find in the graph (/)");
    await find.fill("fourth1_3");
    await find.press("Enter");
    await expect(page.locator('[data-node="feature:item.fourth1_3"] > button[aria-pressed]')).toBeFocused();
    expect(await page.locator("[data-node]").count()).toBeLessThanOrEqual(300);
  }
  await page.goto("about:blank");
  expect(await stop()).toBe(0);
});

const wordsOf = ({ usableMs, pan, zoom, mostMounted }: LineageFigures) =>
  `usable after ${usableMs.toFixed(0)} ms, panning ${pan.perSecond.toFixed(0)} frames a second (95 % within ${pan.p95Ms.toFixed(0)} ms), ` +
  `zooming ${zoom.perSecond.toFixed(0)} (${zoom.p95Ms.toFixed(0)} ms), at most ${mostMounted} full nodes mounted`;
