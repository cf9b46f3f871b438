import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright/test";
import { hostilePages } from "./hostile-pages";
import { ApiClient } from "./support/api-client";
import { becomeAdministrator } from "./support/measure-lineage";
import { OwnServer } from "./support/own-server";
import { expect, test } from "./support/test";

/** A workspace whose every text is written by somebody who means harm, looked at on every page by who may see all and who may not. */
const WORKSPACE = "hostile";
const EVIL = `<img src=x data-evil onerror=window.evil=1>"><script data-evil>window.evil=1</script><a data-evil href="javascript:window.evil=1">x</a> [x](javascript:window.evil=1) {{7*7}} \u202egnp.exe`;
const FORMULA = `=HYPERLINK("http://evil.example/","${EVIL.slice(0, 20)}")`;
const COMMAND = "+cmd|' /C calc'!A0";
const SHOWN = "<img src=x data-evil onerror=window.evil=1>";
const SHORT = `${SHOWN}"><script data-evil>window.evil=1</script>`;
/** What only the steward and the administrator may see. */
const SECRET = /secret-\d+@private\.example|condition-\d+-of-a-person/;

const folder = mkdtempSync(path.join(tmpdir(), "tributary-hostile-"));
const server = new OwnServer("hostile-text");
let url: string;
let api: ApiClient;
let stop: () => Promise<number | null>;
type State = Awaited<ReturnType<BrowserContext["storageState"]>>;
const states: { admin?: State; viewer?: State } = {};
const numbers = { experiment: 0, change: 0, run: "" };

test.describe.configure({ mode: "serial" });
test.setTimeout(300_000);

function writeData(): void {
  const categories = [EVIL, FORMULA, COMMAND, "@SUM(1)", "-2+3", "plain"];
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = Array.from({ length: 600 }, (_, id) => {
    const at = new Date(Date.UTC(2024, Math.floor(id / 200), 1 + (id % 28))).toISOString();
    const category = categories[id % categories.length] as string;
    return [id, at, quote(category), (id * 7919) % 100, id % 2, quote(`secret-${id % 5}@private.example`), quote(`condition-${id % 3}-of-a-person`)].join(","); // prettier-ignore
  });
  writeFileSync(path.join(folder, "rows.csv"), ["id,at,category,amount,label,email,health", ...rows].join("\n"));
}

const text = { description: EVIL, tags: [EVIL, FORMULA], owner: EVIL };
const feature = (name: string, type: string, more: object = {}) => ({ kind: "Feature", name: `row.${name}`, type, ...text, ...more }); // prettier-ignore
const documents = [
  { kind: "Workspace", name: WORKSPACE, title: EVIL, description: EVIL, defaultSplit: "halves" },
  { kind: "Entity", name: "row", joinKeys: [{ name: "id", type: "bigint" }], eventTime: "at", description: EVIL },
  {
    kind: "Source",
    name: "rows",
    entity: "row",
    format: "csv",
    location: "rows.csv",
    columns: [
      { name: "id", type: "bigint", description: EVIL },
      { name: "at", type: "timestamp", description: EVIL },
      { name: "category", type: "string", description: FORMULA },
      { name: "amount", type: "double", description: COMMAND },
      { name: "label", type: "bigint", description: EVIL },
      { name: "email", type: "string", description: EVIL },
      { name: "health", type: "string", description: EVIL },
    ],
    rowKey: ["id"],
    timeColumn: "at",
    rules: [
      { type: "expect_column_values_to_be_in_set", kwargs: { column: "category", value_set: [EVIL, FORMULA] }, severity: "warning" }, // prettier-ignore
    ],
    ...text,
  },
  { kind: "SplitPolicy", name: "halves", type: "hash", algo: "md5-32", key: "id", salt: EVIL, buckets: 100, parts: { train: [[0, 60]], test: [[60, 100]] }, description: EVIL }, // prettier-ignore
  feature("category", "string"),
  feature("amount", "double", { description: FORMULA }),
  feature("twice", "double", { description: COMMAND }),
  feature("guess", "double"),
  feature("email", "string", { sensitivity: "personal" }),
  feature("health", "string", { sensitivity: "special" }),
  { kind: "Stage", name: "double_it", entity: "row", transformer: "sql", inputs: ["row.amount"], params: { statement: `SELECT *, 2 * amount AS twice FROM __THIS__ /* ${EVIL.replaceAll("*/", "")} */` }, outputs: [{ column: "row.twice", type: "double" }], ...text }, // prettier-ignore
  { kind: "Stage", name: "number_it", entity: "row", estimator: "StringIndexer", class: "statistic", inputs: ["row.category"], outputs: [{ column: "row.number", type: "double" }], ...text }, // prettier-ignore
  { kind: "Stage", name: "put_together", entity: "row", transformer: "VectorAssembler", inputs: ["row.twice", "row.number"], outputs: [{ column: "row.vector", type: "vector" }], ...text }, // prettier-ignore
  { kind: "Stage", name: "guess_it", entity: "row", estimator: "LogisticRegression", class: "supervised", inputs: ["row.vector"], fitInputs: ["row.label"], outputs: [{ column: "row.guess", type: "double" }], ...text }, // prettier-ignore
  { kind: "Pipeline", name: "guesses", outputs: ["row.guess", "row.twice", "row.category", "row.email", "row.health"], fit: { split: "halves", parts: ["train"] }, evaluate: { split: "halves", test: ["test"], label: "row.label", prediction: "row.guess", model: "guesser", unit: ["id"], slices: ["row.category", "row.email"] }, ...text }, // prettier-ignore
  { kind: "Pipeline", name: "guesses_other", outputs: ["row.guess"], fit: { split: "halves", parts: ["train"] }, evaluate: { split: "halves", test: ["test"], label: "row.label", prediction: "row.guess", model: "guesser_other", unit: ["id"] }, ...text }, // prettier-ignore
  { kind: "FeatureView", name: "facts", entity: "row", features: ["row.category", "row.twice", "row.email", "row.health"], ttl: 0, online: true, ...text }, // prettier-ignore
  { kind: "FeatureService", name: "facts_service", features: ["facts:category"], ...text },
  {
    kind: "Monitor",
    name: "watch",
    view: "facts",
    reference: { window: ["2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"] },
    metric: "natural",
    ...text,
  },
];

async function accept(browser: Browser, link: string): Promise<State> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => void (dialogs.push(dialog.message()), dialog.dismiss()));
  await page.goto(link);
  await page.getByLabel("Password", { exact: true }).fill("a long password of hers");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(/workspace=hostile/);
  expect(dialogs).toEqual([]);
  const state = await context.storageState();
  await context.close();
  return state;
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000);
  writeData();
  ({ url, stop } = await server.start({ demo: false, sources: [folder] }));
  api = new ApiClient({ url, token: server.token });
  const page = await browser.newPage();
  await becomeAdministrator(page, url);
  await page.close();
  await api.post("/api/v1/specs/apply", { documents });
  const invite = (email: string, roles: string[]) =>
    api.post<{ link: string }>("/api/v1/people", { workspace: WORKSPACE, email, name: EVIL, roles });
  states.admin = await accept(browser, (await invite("mallory@evil.example", ["admin", "author"])).link);
  states.viewer = await accept(browser, (await invite("vera@good.example", ["viewer"])).link);
  const run = await api.run(WORKSPACE, "guesses");
  expect(run, JSON.stringify(run.error)).toMatchObject({ state: "succeeded" });
  numbers.run = run.id;

  const admin = await browser.newContext({ baseURL: url, storageState: states.admin });
  const post = async <Body>(address: string, data: unknown): Promise<Body> => {
    const answer = await admin.request.post(address, { data });
    expect(answer.status(), `${address}: ${await answer.text()}`).toBeLessThan(300);
    return (await answer.json()) as Body;
  };
  const made = await post<{ number: number }>("/api/v1/experiments", { workspace: WORKSPACE, title: SHORT, hypothesis: `${EVIL} helps`, metric: FORMULA, tags: [SHOWN, COMMAND], features: ["row.category"] }); // prettier-ignore
  numbers.experiment = made.number;
  await post("/api/v1/deployments", { workspace: WORKSPACE, pipeline: "guesses", description: EVIL });
  const change = await post<{ id: string; number: number }>("/api/v1/changes", { workspace: WORKSPACE, feature: "row.twice", environment: "staging", description: EVIL }); // prettier-ignore
  numbers.change = change.number;
  await post(`/api/v1/changes/${change.id}/reviews`, { decision: "comment", comment: EVIL });
  await post("/api/v1/notification-channels", { workspace: WORKSPACE, name: "hook", kind: "webhook", target: "https://hooks.example/<img src=x data-evil>?a=%22%3E", events: ["alert.opened"] }); // prettier-ignore
  await post("/api/v1/tokens", { workspace: WORKSPACE, name: SHOWN, roles: ["viewer"] });
  await post("/api/v1/groups", { workspace: WORKSPACE, name: "makers", description: EVIL });
  await post("/api/v1/deployments", { workspace: WORKSPACE, pipeline: "guesses_other", description: EVIL });
  const arm = (name: string, deployment: string, part: string) => ({ name, deployment, parts: [part] });
  await post("/api/v1/ab-tests", { workspace: WORKSPACE, name: "halves_test", splitPolicy: "halves", metric: "squaredError", arms: [arm("one", "guesses", "train"), arm("other", "guesses_other", "test")] }); // prettier-ignore
  await post("/api/v1/training-datasets", { workspace: WORKSPACE, name: "frozen", description: EVIL, features: ["facts:category", "facts:email"], environment: "dev", spine: { source: "rows", keep: ["amount"] } }); // prettier-ignore
  await post(`/api/v1/runs/${numbers.run}/reproductions`, {});
  await post("/api/v1/training-datasets/frozen/reproductions?workspace=hostile", {});
  await post("/api/v1/models/guesser/versions/1/evaluations?workspace=hostile", { slices: ["row.category", "row.health"] }); // prettier-ignore
  await admin.close();
});

test.afterAll(async () => {
  expect(await stop()).toBe(0);
  server.remove();
  rmSync(folder, { recursive: true, force: true });
});

const pages = () => hostilePages({ workspace: WORKSPACE, text: EVIL, ...numbers });

interface Visit {
  /** What no page may do. */
  wrong: string[];
  /** Whether the hostile text is there, as text. */
  shown: string[];
  /** Pages and answers of the API that show what is withheld. */
  leaked: string[];
}

async function visitAll(page: Page): Promise<Visit> {
  const visit: Visit = { wrong: [], shown: [], leaked: [] };
  let address = "";
  page.on("dialog", (dialog) => {
    visit.wrong.push(`${address}: a dialog, ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const asked = new URL(request.url());
    if (asked.host !== new URL(url).host || asked.pathname.endsWith("/x")) visit.wrong.push(`${address}: asked for ${asked.href}`); // prettier-ignore
  });
  const bodies: Promise<void>[] = [];
  page.on("response", (response) => {
    if (!/json|html|component|csv|stream/.test(response.headers()["content-type"] ?? "")) return;
    const from = `${address}: ${response.url()}`;
    bodies.push(
      response.text().then(
        (body) => void (SECRET.test(body) && visit.leaked.push(from)),
        () => undefined,
      ),
    );
  });
  for (address of pages()) {
    const answer = await page.goto(`${url}${address}${address.includes("?") ? "&" : "?"}workspace=${WORKSPACE}`);
    if (!answer || answer.status() >= 500) visit.wrong.push(`${address} answered ${answer?.status()}`);
    await expect(page.locator("h1").first(), address).toBeVisible();
    // A machine that builds and computes besides takes its time.
    await expect(page.locator(".mantine-Skeleton-root:visible"), address).toHaveCount(0, { timeout: 90_000 });
    // What is fetched when somebody asks: curves, slices, terms and evaluations of a model version.
    for (const button of await page.getByRole("button", { name: /^Show the evaluation of version/ }).all()) {
      await button.click();
      await expect(page.locator(".mantine-Skeleton-root:visible"), address).toHaveCount(0, { timeout: 90_000 });
    }
    const { evil, injected, body } = await page.evaluate(() => ({
      evil: "evil" in window,
      injected: [...document.querySelectorAll('[data-evil], img[src="x"], a[href^="javascript:" i], a[href]')].filter((element) => !(element instanceof HTMLAnchorElement && element.origin === location.origin)).map((element) => element.outerHTML.slice(0, 200)), // prettier-ignore
      body: document.body.innerText,
    }));
    if (evil) visit.wrong.push(`${address}: a script ran`);
    visit.wrong.push(...injected.map((html) => `${address}: ${html}`));
    if (body.includes(SHOWN)) visit.shown.push(address);
    if (SECRET.test(body)) visit.leaked.push(`${address}: the page`);
  }
  await Promise.all(bodies);
  return visit;
}

async function open(browser: Browser, storageState: State | undefined): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, storageState, reducedMotion: "reduce" });
  return context.newPage();
}

test("no text becomes more than text, on any page, for who sees everything", async ({ browser }) => {
  test.setTimeout(1_500_000);
  const page = await open(browser, states.admin);
  const { wrong, shown, leaked } = await visitAll(page);
  expect(wrong).toEqual([]);
  // Otherwise nothing was shown at all, and this proves nothing.
  for (const address of [
    "/features/row.category?tab=overview",
    "/stages/double_it",
    `/experiments/${numbers.experiment}`,
    `/changes/${numbers.change}`,
    "/settings?tab=people",
    "/deployments/guesses",
  ])
    // prettier-ignore
    expect(shown).toContain(address);
  expect(leaked.length, "who may see the values sees them somewhere").toBeGreaterThan(0);
  await page.context().close();
});

test("values about persons are on no page and in no answer for who may not see them", async ({ browser }) => {
  test.setTimeout(1_500_000);
  const page = await open(browser, states.viewer);
  const { wrong, leaked } = await visitAll(page);
  expect({ wrong, leaked }).toEqual({ wrong: [], leaked: [] });
  const asked = [
    ...["email", "health"].flatMap((name) => [
      `/api/v1/features/row.${name}?workspace=${WORKSPACE}`,
      `/api/v1/features/row.${name}/profiles?workspace=${WORKSPACE}`,
      `/api/v1/features/row.${name}/rules/proposal?workspace=${WORKSPACE}`,
      `/api/v1/drift/compare?workspace=${WORKSPACE}&feature=row.${name}&window=2024-02`,
    ]),
    ...["rows", "row%40guesses"].flatMap((name) => [
      `/api/v1/datasets/${name}?workspace=${WORKSPACE}`,
      `/api/v1/datasets/${name}/overview?workspace=${WORKSPACE}&sides=all,2024-02`,
      `/api/v1/datasets/${name}/sample?workspace=${WORKSPACE}&rows=500`,
      `/api/v1/datasets/${name}/sample?workspace=${WORKSPACE}&slice=email~is~secret-1%40private.example`,
      `/api/v1/datasets/${name}/rules?workspace=${WORKSPACE}`,
    ]),
    `/api/v1/models/guesser/versions/1/evaluation?workspace=${WORKSPACE}`,
    `/api/v1/models/guesser/versions/1/evaluations?workspace=${WORKSPACE}`,
    `/api/v1/runs/${numbers.run}`,
    `/api/v1/runs/${numbers.run}/reproductions`,
    `/api/v1/training-datasets/frozen?workspace=${WORKSPACE}`,
    `/api/v1/training-datasets/frozen/reproductions?workspace=${WORKSPACE}`,
    `/api/v1/sources/rows?workspace=${WORKSPACE}`,
    `/api/v1/sources/rows/rules/proposal?workspace=${WORKSPACE}`,
    `/api/v1/views/facts/overview?workspace=${WORKSPACE}`,
    `/api/v1/search?workspace=${WORKSPACE}&q=secret`,
    `/api/v1/features?workspace=${WORKSPACE}&q=private.example`,
    `/api/v1/features/export?workspace=${WORKSPACE}&format=json`,
    `/api/v1/monitors/watch?workspace=${WORKSPACE}`,
    `/api/v1/models/guesser?workspace=${WORKSPACE}`,
    `/api/v1/runs/${numbers.run}/openlineage`,
    `/api/v1/specs/export?workspace=${WORKSPACE}`,
    `/api/v1/audit?workspace=${WORKSPACE}`,
  ];
  const shows: string[] = [];
  for (const address of asked) {
    const answer = await page.request.get(address);
    expect(answer.status(), address).toBeLessThan(500);
    // A slice names what the caller asked for.
    if (SECRET.test((await answer.text()).replaceAll("secret-1@private.example", ""))) shows.push(address);
  }
  const online = await page.request.post("/api/serving/get-online-features", {
    data: { features: ["facts:email", "facts:health"], entities: { id: [1, 2, 3] } },
  });
  if (SECRET.test(await online.text())) shows.push("get-online-features");
  expect(shows).toEqual([]);
  await page.context().close();
});

/** Fields of RFC 4180. */
function fieldsOf(csv: string): string[] {
  return [...csv.matchAll(/(?:^|,|\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? ""); // prettier-ignore
}

test("no CSV begins a field like a formula", async ({ browser }) => {
  const page = await open(browser, states.admin);
  for (const address of [
    `/api/v1/features/export?workspace=${WORKSPACE}&format=csv`,
    `/api/v1/usage/export?workspace=${WORKSPACE}&format=csv`,
    `/api/v1/experiments/export?workspace=${WORKSPACE}&format=csv`,
    `/api/v1/drift/export?workspace=${WORKSPACE}`,
    `/api/v1/lineage/impact/export?workspace=${WORKSPACE}&node=source:rows`,
  ]) {
    const answer = await page.request.get(address);
    const csv = await answer.text();
    expect([answer.status(), answer.headers()["content-type"]], csv).toEqual([200, "text/csv; charset=utf-8"]);
    expect(answer.headers()["content-disposition"]).toMatch(/^attachment; /);
    const bad = fieldsOf(csv).filter((field) => /^[=+\-@\t\r]/.test(field) && !/^-?[\d.e+-]+$/.test(field));
    expect(bad, address).toEqual([]);
  }
  // What is defused is there all the same.
  const features = await (await page.request.get(`/api/v1/features/export?workspace=${WORKSPACE}&format=csv`)).text();
  expect(fieldsOf(features)).toContain(`'${FORMULA}`);
  await page.context().close();
});
