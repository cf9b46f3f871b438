import { existsSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright/test";
import type { Overview, OverviewFeature } from "@/lib/contracts/overviews";
import { ApiClient, type RunAnswer } from "./support/api-client";
import { becomeAdministrator } from "./support/measure-lineage";
import { OwnServer } from "./support/own-server";
import { expect, test } from "./support/test";

/** Four workspaces over real data, declared, run and judged by the API, and then read by a person. */
const DATA = "../shared/data";
/** By folder of test/workspaces; without a file, on data of a package. */
const WORKSPACES = {
  bike: { workspace: "bike", pipeline: "busy_hours", dataset: "rentals", file: "bike_sharing_hour.csv" },
  adult: { workspace: "adult", pipeline: "income", dataset: "census", file: "adult.parquet" },
  flights: { workspace: "seasons", pipeline: "late_in_june", dataset: "departures", file: null },
  reviews: {
    workspace: "reviews",
    pipeline: "sentiment_elsewhere",
    dataset: "review@sentiment_elsewhere",
    file: "review_sentences.csv",
  },
} as const;
const runs = new Map<string, RunAnswer>();
const server = new OwnServer("real-data");
let url: string;
let api: ApiClient;
let stop: () => Promise<number | null>;
let state: Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

test.setTimeout(240_000);

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000);
  // A column is counted in the buckets of its first profile. Runs are queued while nothing works them off, so that what is done when
  // there are none, the profiles of sources, never comes first.
  const before = await server.start({ demo: false, sources: [DATA], role: "web" });
  const page = await browser.newPage();
  await becomeAdministrator(page, before.url);
  state = await page.context().storageState();
  await page.close();
  api = new ApiClient({ url: before.url, token: server.token });
  for (const [folder, { workspace, pipeline, file }] of Object.entries(WORKSPACES)) {
    if (file && !existsSync(path.join(DATA, file))) continue;
    await api.applyFolder(folder);
    runs.set(folder, await api.startRun(workspace, pipeline));
  }
  expect(await before.stop()).toBe(0);
  ({ url, stop } = await server.start({ demo: false, sources: [DATA] }));
  api = new ApiClient({ url, token: server.token });
});

test.afterAll(async () => {
  expect(await stop()).toBe(0);
  await server.remove();
});

/** Waits for the run of a workspace's pipeline and answers the overview of a dataset by part, by column. */
async function overviewOf(folder: keyof typeof WORKSPACES) {
  const { workspace, dataset } = WORKSPACES[folder];
  const run = await api.endOf(runs.get(folder) as RunAnswer);
  expect(run, JSON.stringify(run.error)).toMatchObject({ state: "succeeded" });
  const overview = await api.get<Overview>(
    `/api/v1/datasets/${encodeURIComponent(dataset)}/overview?workspace=${workspace}`,
  );
  const features = new Map(overview.items.map((feature) => [feature.name, feature]));
  return {
    run,
    overview,
    of(name: string): OverviewFeature {
      const feature = features.get(name);
      if (!feature) throw new Error(`${dataset} has no ${name}, but ${[...features.keys()].join(", ")}.`);
      return feature;
    },
  };
}

async function open(page: Page, address: string): Promise<void> {
  await page.context().addCookies(state.cookies);
  await page.goto(`${url}${address}`);
  await expect(page.locator("h1").first()).toBeVisible();
}

/** A column's row of the overview. */
function rowOf(page: Page, name: string) {
  return page
    .getByRole("list", { name: "Features" })
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { name, exact: true }) });
}

/** Expects that the page shows no figure that is none, and keeps a picture of it. */
async function expectReadable(page: Page, name: string): Promise<void> {
  await expect(page.locator("main")).not.toContainText(/\bNaN\b|\bundefined\b|\[object/);
  await page.screenshot({ path: `test-results/real-data/${name}.png` });
}

const severityOf = (feature: OverviewFeature) => feature.severity ?? Number.NaN;

test.describe(`bike sharing (${DATA}/bike_sharing_hour.csv)`, () => {
  test.skip(!existsSync(path.join(DATA, "bike_sharing_hour.csv")), `needs ${DATA}/bike_sharing_hour.csv`);

  test("2012 has other numbers of riders than 2011, and the same weather", async ({ page }) => {
    const { overview, of, run } = await overviewOf("bike");
    expect(overview.groups.map(({ key }) => key)).toEqual(["train", "test"]);
    // PSI on deciles of 2011 is 0.31 and 0.24; warning from 0.1, critical from 0.25.
    expect(severityOf(of("registered"))).toBeGreaterThan(2.5);
    expect(severityOf(of("registered"))).toBeLessThan(4);
    expect(of("registered").drift).toMatch(/^PSI is 0\.3\d+, at or above the critical threshold 0\.25/);
    expect(severityOf(of("cnt"))).toBeGreaterThan(2);
    for (const weather of ["temp", "hum", "windspeed", "hr"]) expect(severityOf(of(weather)), weather).toBeLessThan(1);
    const [before, after] = of("registered").groups;
    expect((after?.mean ?? 0) / (before?.mean ?? 1)).toBeCloseTo(1.667, 2);
    // What was learned from a year of few riders is worth less in a year of many.
    expect(run.metrics.test?.logLoss).toBeGreaterThan(1.5 * (run.metrics.train?.logLoss ?? Infinity));

    const alerts = await api.get<{ items: { feature: string; severity: number }[] }>("/api/v1/alerts?workspace=bike");
    expect(alerts.items.map(({ feature }) => feature)).toContain("hour.registered");

    await open(page, "/datasets/rentals?workspace=bike&sort=drift");
    // The most drifted is the first, and both say that they are.
    const first = rowOf(page, "registered");
    await expect(page.getByRole("list", { name: "Features" }).getByRole("listitem").first()).toContainText(
      "registered",
    );
    await expect(first).toContainText(/drift severity\s*▲ 3\.\d+/);
    await expect(first.getByRole("group", { name: "Figures of registered" })).toContainText(
      /train.*115\.2.*test.*192/s,
    );
    await expect(rowOf(page, "temp")).not.toContainText("▲");
    await expectReadable(page, "bike");
  });
});

test.describe(`census (${DATA}/adult.parquet)`, () => {
  test.skip(!existsSync(path.join(DATA, "adult.parquet")), `needs ${DATA}/adult.parquet`);

  test("missing values are red where there are many, and parts by hash are alike", async ({ page }) => {
    const { overview, of } = await overviewOf("adult");
    expect(overview.groups.map(({ key }) => key)).toEqual(["train", "validation", "test"]);
    const missingOf = (name: string) => of(name).groups.reduce((sum, side) => sum + (side?.missing ?? 0), 0);
    expect([missingOf("workclass"), missingOf("occupation"), missingOf("native_country")]).toEqual([2799, 2809, 857]);
    for (const feature of overview.items)
      if (feature.severity !== null) expect(feature.severity, feature.name).toBeLessThan(1);

    await open(page, "/datasets/census?workspace=adult&sort=missing");
    for (const name of ["workclass", "occupation"]) {
      const alarms = rowOf(page, name).getByRole("img", { name: /^Alarm: .*missing/i });
      await expect(alarms).toHaveCount(3);
      const [red = 0, green = 0, blue = 0] = await alarms
        .first()
        .evaluate((icon) => (getComputedStyle(icon).color.match(/\d+/g) ?? []).map(Number));
      expect(red, `the colour of ${name}'s alarm`).toBeGreaterThan(1.5 * Math.max(green, blue));
    }
    // 1.8 % are missing there, which is below the 2 % that alarm; and nobody misses an age.
    for (const name of ["native_country", "age"])
      await expect(rowOf(page, name).getByRole("img", { name: /^Alarm: .*missing/i })).toHaveCount(0);
    await expect(rowOf(page, "native_country")).toContainText("1.8 %");
    await expect(rowOf(page, "capital_gain").getByRole("img", { name: /^Alarm: .*zero/i })).toHaveCount(3);
    await expectReadable(page, "census");
  });
});

test("flights of June are not those of January: late days, later flights, the same routes", async ({ page }) => {
  const { of } = await overviewOf("flights");
  // Two and a half minutes are little beside a standard deviation of thirty: the picture moves, and it is no alarm.
  const [january, june] = of("delay").groups;
  expect((june?.mean ?? 0) - (january?.mean ?? 0)).toBeCloseTo(2.7, 1);
  expect(severityOf(of("delay"))).toBeGreaterThan(0);
  expect(severityOf(of("delay"))).toBeLessThan(1);
  expect(severityOf(of("distance"))).toBeLessThan(severityOf(of("delay")));

  const output = await api.get<Overview>("/api/v1/datasets/flight@late_in_june/overview?workspace=seasons");
  const late = output.items.find(({ name }) => name === "day_late_share");
  expect(late?.severity).toBeGreaterThan(2.5);
  expect(late?.drift).toMatch(/^PSI is \d.*at or above the critical threshold 0\.25/);

  const map = await api.get<{ items: { feature: string; cells: { window: string; state: string }[] }[] }>(
    "/api/v1/drift?workspace=seasons&reference=2001-01",
  );
  const june2001 = (feature: string) =>
    map.items.find((row) => row.feature === feature)?.cells.find(({ window }) => window === "2001-06")?.state;
  expect(june2001("flight.day_late_share")).toBe("critical");
  expect(june2001("flight.distance")).toBe("fine");

  await open(page, "/datasets/flight%40late_in_june?workspace=seasons&sort=drift");
  await expect(page.getByRole("list", { name: "Features" }).getByRole("listitem").first()).toContainText(
    "day_late_share",
  );
  await expect(rowOf(page, "day_late_share")).toContainText("▲");
  await expectReadable(page, "flights");

  await open(page, "/drift?workspace=seasons&reference=2001-01");
  const row = page
    .getByRole("grid", { name: "Drift of flight by feature and window" })
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader", { name: /day_late_share/ }) });
  await expect(row.getByRole("button", { name: /2001-06.*critical/i })).toBeVisible();
  await expectReadable(page, "flights-drift");
});

test.describe(`review sentences (${DATA}/review_sentences.csv)`, () => {
  test.skip(!existsSync(path.join(DATA, "review_sentences.csv")), `needs ${DATA}/review_sentences.csv`);

  test("sites differ in the length and the words of their sentences", async ({ page }) => {
    const { of, run } = await overviewOf("reviews");
    const [amazon, imdb, yelp] = of("characters").groups;
    expect([amazon?.rows, imdb?.rows, yelp?.rows]).toEqual([1000, 1000, 1000]);
    expect([amazon?.mean, imdb?.mean, yelp?.mean]).toEqual([55.226, 80.271, 58.316]);
    for (const feature of ["characters", "words", "known_share"])
      expect(severityOf(of(feature)), feature).toBeGreaterThan(2);
    const [own = 0, films = 0, places = 0] = of("known_share").groups.map((side) => side?.mean ?? 0);
    expect(films).toBeLessThan(0.6 * own);
    expect(places).toBeLessThan(0.7 * own);
    // A shift of what a model reads costs what it says.
    expect(run.metrics.test?.auc).toBeLessThan((run.metrics.train?.auc ?? 0) - 0.1);

    await open(page, "/datasets/review%40sentiment_elsewhere?workspace=reviews");
    for (const feature of ["characters", "words", "known_share"]) await expect(rowOf(page, feature)).toContainText("▲");
    await expectReadable(page, "reviews");
  });
});
