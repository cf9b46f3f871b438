import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Page } from "playwright/test";
import type { Overview, OverviewFigures } from "@/lib/contracts/overviews";
import { ApiClient } from "./support/api-client";
import { becomeAdministrator } from "./support/measure-lineage";
import { OwnServer } from "./support/own-server";
import { expect, test } from "./support/test";

/** Data as nobody wants them, from the file to the page: defined answers, no figure that is none, and nothing that falls over. */
const WORKSPACE = "bad_input";
const DATASETS = ["bad", "lone", "nobody", "bytes", "words", "bad@bad_run", "lone@lone_run", "nobody@nobody_run"];
const folder = mkdtempSync(path.join(tmpdir(), "tributary-bad-input-"));
const server = new OwnServer("bad-input");
let url: string;
let api: ApiClient;
let stop: () => Promise<number | null>;
let state: Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

test.setTimeout(240_000);

async function write(file: string, query: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`COPY (${query}) TO '${path.join(folder, file)}' (FORMAT parquet)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A thousand rows over three months. */
function badRows(changed: Partial<Record<"at" | "category" | "leaves" | "changes", string>> = {}): string {
  const columns = {
    id: "i",
    at: "TIMESTAMP '2020-01-01' + to_hours(CAST(i * 2 AS INTEGER))",
    all_null: "CAST(NULL AS DOUBLE)",
    all_null_text: "CAST(NULL AS VARCHAR)",
    empty_text: "''",
    constant: "7e0",
    not_numbers: "'NaN'::DOUBLE",
    infinite: "CASE WHEN i % 2 = 0 THEN 'Infinity'::DOUBLE ELSE '-Infinity'::DOUBLE END",
    mixed: "CASE i % 5 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN 'Infinity'::DOUBLE WHEN 2 THEN '-Infinity'::DOUBLE WHEN 3 THEN NULL ELSE i / 7e0 END", // prettier-ignore
    huge: "CASE i % 3 WHEN 0 THEN 9223372036854775807 WHEN 1 THEN -9223372036854775807 - 1 ELSE i END",
    tiny: "CASE i % 4 WHEN 0 THEN 5e-324 WHEN 1 THEN 1.7976931348623157e308 WHEN 2 THEN -1.7976931348623157e308 ELSE 0e0 END",
    category: "['a', 'b', 'c'][CAST(i % 3 AS INTEGER) + 1]",
    flag: "CASE WHEN i < 500 THEN NULL ELSE TRUE END",
    leaves: "i / 3e0",
    changes: "i",
    ...changed,
  };
  const said = Object.entries(columns).filter(([, sql]) => sql !== "");
  return `SELECT ${said.map(([name, sql]) => `${sql} AS ${name}`).join(", ")} FROM range(1000) AS rows(i)`;
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000);
  await write("bad.parquet", badRows());
  await write("lone.parquet", "SELECT 1 AS id, 0.1 AS value, 'only' AS text");
  await write("nobody.parquet", "SELECT 1 AS id, 0.1 AS value, 'only' AS text LIMIT 0");
  await write("words.parquet", "SELECT i AS id, 'word ' || i AS word FROM range(1000000) AS rows(i)");
  writeFileSync(path.join(folder, "bytes.csv"), "id,text\n1,fine\n2,\uFFFD\uFFFD(\n3,caf\uFFFD\n4,café\n");
  ({ url, stop } = await server.start({ demo: false, sources: [folder] }));
  api = new ApiClient({ url, token: server.token });
  const page = await browser.newPage();
  await becomeAdministrator(page, url);
  state = await page.context().storageState();
  await page.close();
  await api.applyFolder("bad-input");
  for (const pipeline of ["bad_run", "lone_run", "nobody_run", "line_run", "word_run"]) {
    const run = await api.run(WORKSPACE, pipeline);
    expect(run, `${pipeline}: ${JSON.stringify(run.error)}`).toMatchObject({ state: "succeeded" });
  }
});

test.afterAll(async () => {
  expect(await stop()).toBe(0);
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

const overviewOf = (dataset: string, groups = "all") =>
  api.get<Overview>(`/api/v1/datasets/${encodeURIComponent(dataset)}/overview?workspace=${WORKSPACE}&groups=${groups}`);

test("bad columns are profiled, every figure defined or left out", async () => {
  const { items } = await overviewOf("bad");
  const figuresOf = (name: string) => items.find((item) => item.name === name)?.groups[0] as OverviewFigures;
  expect(figuresOf("all_null")).toMatchObject({ rows: 1000, missing: 1000 });
  expect(figuresOf("all_null").mean).toBeUndefined();
  expect(figuresOf("all_null_text")).toMatchObject({ rows: 1000, missing: 1000 });
  expect(figuresOf("empty_text")).toMatchObject({ missing: 0, empty: 1000 });
  expect(figuresOf("constant")).toMatchObject({ min: 7, max: 7, mean: 7, std: 0 });
  expect(figuresOf("not_numbers")).toMatchObject({ nan: 1000 });
  expect(figuresOf("not_numbers").mean).toBeUndefined();
  expect(figuresOf("infinite")).toMatchObject({ infinite: [500, 500] });
  expect(figuresOf("mixed")).toMatchObject({ rows: 1000, missing: 200, nan: 200, infinite: [200, 200] });
  expect(figuresOf("huge")).toMatchObject({ min: "-9223372036854775808", max: "9223372036854775807" });
  expect(figuresOf("flag")).toMatchObject({ missing: 500 });

  const lone = (await overviewOf("lone")).items.find(({ name }) => name === "value")?.groups[0];
  expect(lone).toMatchObject({ rows: 1, min: 0.1, max: 0.1, mean: 0.1 });
  expect((await overviewOf("words")).items.find(({ name }) => name === "word")?.groups[0]?.distinct).toBeGreaterThan(
    900_000,
  );
  const bytes = (await overviewOf("bytes")).items.find(({ name }) => name === "text")?.groups[0];
  expect(bytes).toMatchObject({ rows: 4, invalid: 2 });
});

test("a column that disappears or changes its type stops the run and says which", async () => {
  await write("bad.parquet", badRows({ leaves: "" }));
  const without = await api.run(WORKSPACE, "bad_run").catch((error: unknown) => String(error));
  expect(JSON.stringify(without)).toMatch(/no column leaves/);
  await write("bad.parquet", badRows({ changes: "'many ' || i" }));
  const other = await api.run(WORKSPACE, "bad_run").catch((error: unknown) => String(error));
  expect(JSON.stringify(other)).toMatch(/changes.* holds VARCHAR, not bigint/);
});

test("text that is not of its encoding stops the run and says where", async () => {
  const lines = [Buffer.from("id,text\n1,fine\n2,"), Buffer.from([0xff, 0xfe, 0xc3, 0x28]), Buffer.from("\n3,caf"), Buffer.from([0xe9]), Buffer.from("\n4,café\n")]; // prettier-ignore
  const file = path.join(folder, "bytes.csv");
  const before = readFileSync(file);
  writeFileSync(file, Buffer.concat(lines));
  const run = await api.run(WORKSPACE, "line_run").catch((error: unknown) => String(error));
  expect(JSON.stringify(run)).toMatch(
    /column text has 2 texts with bytes that are not utf-8: .* in row 2, .* in row 3/,
  );
  writeFileSync(file, before);
});

test("a category never seen and a clock that goes backwards are a new version that is compared", async () => {
  await write(
    "bad.parquet",
    badRows({
      category: "['a', 'never seen'][CAST(i % 2 AS INTEGER) + 1]",
      at: "TIMESTAMP '2020-03-01' - to_hours(CAST(i * 3 AS INTEGER))",
    }),
  );
  const run = await api.run(WORKSPACE, "bad_run");
  expect(run, JSON.stringify(run.error)).toMatchObject({ state: "succeeded" });
  const { items, groups } = await overviewOf("bad", "v1,v2");
  expect(groups.map(({ key }) => key)).toEqual(["v1", "v2"]);
  const category = items.find(({ name }) => name === "category");
  expect(category?.severity).toBeGreaterThan(1);
  for (const { name, severity } of items)
    expect(severity === null || Number.isFinite(severity), `the severity of ${name}`).toBe(true);
});

test("every question has an answer that is JSON, or a problem that says what is wrong", async () => {
  const features = await api.get<{ items: { name: string }[] }>(`/api/v1/features?workspace=${WORKSPACE}&limit=100`);
  expect(features.items.length).toBeGreaterThan(15);
  const questions = [
    ...DATASETS.flatMap((dataset) => {
      const address = `/api/v1/datasets/${encodeURIComponent(dataset)}`;
      return [
        `${address}/overview?workspace=${WORKSPACE}`,
        `${address}/overview?workspace=${WORKSPACE}&groups=all,v1,2020-01,serving,nonsense`,
        `${address}/overview?workspace=${WORKSPACE}&version=99`,
        `${address}/sample?workspace=${WORKSPACE}&rows=100`,
        `${address}/sample?workspace=${WORKSPACE}&slice=value~range~NaN~Infinity`,
        `${address}/sample?workspace=${WORKSPACE}&slice=mixed~nan`,
      ];
    }),
    ...features.items.flatMap(({ name }) => [
      `/api/v1/features/${name}?workspace=${WORKSPACE}`,
      `/api/v1/features/${name}/profiles?workspace=${WORKSPACE}`,
      `/api/v1/drift/compare?workspace=${WORKSPACE}&feature=${name}&window=2020-02`,
      `/api/v1/drift/compare?workspace=${WORKSPACE}&feature=${name}&window=1969-13`,
    ]),
    ...["natural", "psi", "js_distance", "normed_wasserstein", "ks", "chi_square", "l_infinity", "missing_rate"].map(
      (metric) => `/api/v1/drift?workspace=${WORKSPACE}&metric=${metric}`,
    ),
    `/api/v1/drift?workspace=${WORKSPACE}&reference=before`,
    `/api/v1/drift?workspace=${WORKSPACE}&reference=part:train`,
    `/api/v1/views/bad_view/overview?workspace=${WORKSPACE}`,
    `/api/v1/monitors/bad_monitor?workspace=${WORKSPACE}`,
    `/api/v1/alerts?workspace=${WORKSPACE}`,
    `/api/v1/home?workspace=${WORKSPACE}`,
  ];
  for (const question of questions) {
    const { status, body } = await api.call<Record<string, unknown>>("GET", question);
    if (status < 400) continue;
    expect([400, 404, 422], `${question}: ${JSON.stringify(body)}`).toContain(status);
    expect(String(body.detail).length, question).toBeGreaterThan(10);
  }
  const unseen = await api.call("POST", "/api/v1/drift/preview", { metric: "psi", reference: [], current: ["NaN"] });
  expect([200, 400, 422]).toContain(unseen.status);
});

/** Figures that are none. What a column holds may well be called so: in the name of a figure, or of a bucket. */
const NO_FIGURE =
  /(?<![\w“"]|\bor )(NaN|-?Infinity|undefined)(?!, ∞|[\w”"])|\[object |Invalid Date|Something went wrong/;

test("no page shows a figure that is none, or an error", async ({ page }) => {
  test.setTimeout(600_000);
  await page.context().addCookies(state.cookies);
  const tabs = ["overview", "dive", "versions", "rules"];
  const features = ["all_null", "not_numbers", "infinite", "mixed", "huge", "tiny", "category", "flag", "doubled"];
  const pages = [
    "/",
    "/datasets",
    ...tabs.map((tab) => `/datasets/bad?tab=${tab}`),
    "/datasets/bad?parts=v1,v2&chart=quantiles",
    "/datasets/bad?parts=all,2020-01&table=true&expand=true",
    "/datasets/bad?chart=cumulative&log=true&percent=false",
    ...["lone", "nobody", "bytes", "words"].flatMap((name) => [`/datasets/${name}`, `/datasets/${name}?tab=dive`]),
    "/datasets/bad%40bad_run",
    "/datasets/nobody%40nobody_run",
    "/views/bad_view",
    ...features.map((name) => `/features/bad.${name}?tab=distribution`),
    "/features/nobody.value?tab=distribution",
    "/drift",
    "/drift?feature=bad.mixed&window=2020-02",
    "/drift?view=monitors&monitor=bad_monitor",
    "/drift?view=alerts&alerts=all",
    "/runs",
  ];
  const found: string[] = [];
  for (const address of pages) {
    const response = await page.goto(`${url}${address}${address.includes("?") ? "&" : "?"}workspace=${WORKSPACE}`);
    await expect(page.locator("h1").first()).toBeVisible();
    await expect(page.locator(".mantine-Skeleton-root:visible")).toHaveCount(0);
    await expect(page.getByText(/^(Loading|Drawing)/)).toHaveCount(0);
    if (!response || response.status() >= 400) found.push(`${address} answered ${response?.status()}`);
    const text = await page.locator("main").innerText();
    // What is drawn has no text: a figure that is none is in an attribute.
    const drawn = await page.locator("main svg").evaluateAll((pictures) => pictures.map(({ innerHTML }) => innerHTML));
    for (const [where, content] of [
      ["text", text],
      ["picture", drawn.join("\n")],
    ] as const) {
      const match = NO_FIGURE.exec(content);
      if (match)
        found.push(`${address}, ${where}: …${content.slice(Math.max(0, match.index - 60), match.index + 60)}…`);
    }
    await page.screenshot({
      path: `test-results/bad-input/${address.replace(/[^\w]+/g, "-").replace(/^-|-$/g, "") || "home"}.png`,
      fullPage: true,
    });
  }
  expect(found).toEqual([]);
});
