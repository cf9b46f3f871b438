import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ApiClient } from "./support/api-client";
import { becomeAdministrator } from "./support/measure-lineage";
import { OwnServer } from "./support/own-server";
import { expect, test } from "./support/test";

const server = new OwnServer("reproduction");
const folder = mkdtempSync(path.join(tmpdir(), "tributary-reproduced-"));

test.afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
});

const PARCELS = `
{ kind: Workspace, name: lab, title: Lab }
---
{ kind: Entity, name: parcel, joinKeys: [{ name: id, type: bigint }] }
---
{ kind: Source, name: parcels, entity: parcel, format: csv, location: parcels.csv, columns: [{ name: id, type: bigint }, { name: weight, type: double }], rowKey: [id] }
---
{ kind: Stage, name: bands, entity: parcel, estimator: QuantileDiscretizer, inputs: [parcel.weight], outputs: [{ column: parcel.band, type: double }], params: { numBuckets: 3 } }
---
{ kind: Pipeline, name: banded, outputs: [parcel.band] }
`;

const parcels = (rows: number) =>
  ["id,weight", ...Array.from({ length: rows }, (_, id) => `${id},${((id * 37) % 100) / 7}`)].join("\n");

test("a run is reproduced after its source changed, and its data are pinned", async ({ page }) => {
  test.setTimeout(240_000);
  writeFileSync(path.join(folder, "parcels.csv"), parcels(60));
  const { url, stop } = await server.start({ demo: false, sources: [folder] });
  await becomeAdministrator(page, url);
  const client = new ApiClient({ url, token: server.token });
  await client.post("/api/v1/specs/apply", { documents: PARCELS });
  const run = async () => (await client.run("lab", "banded")).id;
  const first = await run();
  writeFileSync(path.join(folder, "parcels.csv"), parcels(80));
  await run();

  await page.goto(`${url}/runs/${first}`);
  await page.getByRole("button", { name: "Reproduce" }).click();
  await expect(page.getByText("It came out the same, to the last bit.")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("row", { name: /^Artefacts identical/ })).toContainText("bands learned in run 1");

  await page.getByRole("link", { name: "What is kept, and until when" }).click();
  await expect(page.getByText("Versions are kept for 90 days after a newer one. 2 files")).toBeVisible();
  await page.getByRole("button", { name: "Pin parcels v1" }).click();
  await page.getByLabel("Reason").fill("The first run is quoted.");
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await expect(page.getByRole("row", { name: /parcels v1/ })).toContainText("The first run is quoted.");
  await page.goto("about:blank");
  expect(await stop()).toBe(0);
});
