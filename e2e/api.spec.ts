import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "playwright/test";

/** What programs ask of a freshly started portal: the promises of the API on the demo's three million flights. */
const headers = { authorization: `Bearer ${process.env.TRIBUTARY_BOOTSTRAP_TOKEN}` };

const FLIGHTS = path.resolve("node_modules/vega-datasets/data/flights-3m.parquet");

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test("the catalogue lists the demo's features and forgives a typo", async ({ request }) => {
  const all = await (await request.get("/api/v1/features?workspace=flights&limit=100", { headers })).json();
  const names = all.items.map((item: { name: string }) => item.name);
  expect(names.length).toBeGreaterThanOrEqual(12);
  expect(names).toContain("airport.segment");
  expect(all.total).toBe(names.length);

  const typo = await (await request.get("/api/v1/features?workspace=flights&q=deley%20mean", { headers })).json();
  expect(typo.items[0].name).toMatch(/delay_mean/);
});

test("pages of a list follow each other without gap or repetition", async ({ request }) => {
  const all = await (await request.get("/api/v1/features?workspace=flights&limit=100", { headers })).json();
  const walked: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = await (
      await request.get(`/api/v1/features?workspace=flights&limit=7&cursor=${cursor}`, { headers })
    ).json();
    walked.push(...page.items.map((item: { name: string }) => item.name));
    cursor = page.nextCursor;
  }
  expect(walked).toEqual(all.items.map((item: { name: string }) => item.name));
});

test("the planner finds at least four ways to a late probability", async ({ request }) => {
  const answer = await request.post("/api/v1/plans/preview", {
    headers,
    data: { workspace: "flights", outputs: ["flight.late_probability"] },
  });
  const plan = await answer.json();
  expect(Number(plan.total)).toBeGreaterThanOrEqual(4);
  expect(plan.variants).toHaveLength(Number(plan.total));
});

test("online features are those of a query written by hand", async ({ request }) => {
  const answer = await request.post("/api/serving/get-online-features", {
    headers,
    data: {
      features: ["airport_stats:departures_7d", "airport_stats:delay_mean_7d", "airport_stats:segment"],
      entities: { iata: ["ATL", "ORD", "ZZZZ"] },
    },
  });
  expect(answer.status()).toBe(200);
  const { metadata, results } = await answer.json();
  expect(metadata.feature_names).toEqual(["iata", "departures_7d", "delay_mean_7d", "segment"]);
  const truth = await query(`
    SELECT count(*)::INTEGER AS departures, avg(delay)::DOUBLE AS delay FROM '${FLIGHTS}'
    WHERE origin IN ('ATL', 'ORD') AND date >= TIMESTAMP '2001-06-24' AND date < TIMESTAMP '2001-07-01'
    GROUP BY origin ORDER BY origin`);
  expect(results[1].values).toEqual([truth[0]?.departures, truth[1]?.departures, null]);
  expect(results[1].statuses).toEqual(["PRESENT", "PRESENT", "NOT_FOUND"]);
  expect(results[2].values[0]).toBeCloseTo(Number(truth[0]?.delay), 9);
  expect(results[2].values[1]).toBeCloseTo(Number(truth[1]?.delay), 9);
  expect(results[3].values[0]).toMatch(/^(segment|band)_\d$/);
  expect(results[1].event_timestamps).toEqual(["2001-07-01T00:00:00Z", "2001-07-01T00:00:00Z", "1970-01-01T00:00:00Z"]);
});

test("a value older than its view allows is OUTSIDE_MAX_AGE", async ({ request }) => {
  const data = { features: ["airport_recent:departures_7d"], entities: { iata: ["ATL"] } };
  const post = (options: string) => request.post(`/api/serving/get-online-features${options}`, { headers, data });
  const strict = await (await post("?environment=dev")).json();
  expect(strict.results[1]).toMatchObject({ statuses: ["OUTSIDE_MAX_AGE"], values: [null] });
  const lenient = await (await post("?environment=dev&max_age=off")).json();
  expect(lenient.results[1].statuses).toEqual(["PRESENT"]);
});

test.describe("what is wrong is said in one form", () => {
  const preview = "/api/v1/plans/preview";

  test("a stranger is 401, of the API and of serving", async ({ playwright, baseURL }) => {
    const stranger = await playwright.request.newContext({ baseURL });
    const answer = await stranger.get("/api/v1/features?workspace=flights");
    expect(answer.status()).toBe(401);
    expect(answer.headers()["content-type"]).toContain("application/problem+json");
    expect(await answer.json()).toMatchObject({ status: 401, code: "unauthenticated" });
    const serving = await stranger.post("/api/serving/get-online-features", { data: { features: [], entities: {} } });
    expect(serving.status()).toBe(401);
    expect(await serving.json()).toHaveProperty("detail");
    const forged = await stranger.get("/api/v1/features?workspace=flights", {
      headers: { authorization: "Bearer nonsense" },
    });
    expect(forged.status()).toBe(401);
    await stranger.dispose();
  });

  test("malformed JSON is 400", async ({ request }) => {
    const answer = await request.post(preview, {
      headers: { ...headers, "content-type": "application/json" },
      data: Buffer.from("{bad"),
    });
    expect(answer.status()).toBe(400);
    expect(await answer.json()).toMatchObject({ status: 400, code: "bad_request" });
  });

  test("wrong fields are 422 with issues", async ({ request }) => {
    const answer = await request.post(preview, {
      headers,
      data: { stages: [{ name: 7 }], sources: "text", outputs: ["a"] },
    });
    expect(answer.status()).toBe(422);
    const problem = await answer.json();
    expect(problem.issues.length).toBeGreaterThan(0);
    for (const issue of problem.issues)
      expect(issue).toMatchObject({ path: expect.any(Array), message: expect.any(String) });
  });

  test("an unknown workspace is 404, an unknown feature too", async ({ request }) => {
    expect((await request.get("/api/v1/features?workspace=nowhere", { headers })).status()).toBe(404);
    expect((await request.get("/api/v1/features/airport.nothing?workspace=flights", { headers })).status()).toBe(404);
  });

  test("the planner's errors keep their code and members", async ({ request }) => {
    const answer = await request.post(preview, {
      headers,
      data: { workspace: "flights", outputs: ["airport.segmentt"] },
    });
    expect(answer.status()).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: "MISSING_PRODUCER",
      missing: [{ column: "airport.segmentt", requiredBy: ["<output>"], suggestions: ["airport.segment"] }],
    });
  });
});

test("the OpenAPI document describes what is served", async ({ request }) => {
  const document = await (await request.get("/api/openapi.json")).json();
  expect(document.openapi).toMatch(/^3\.1/);
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      "/api/v1/features",
      "/api/v1/plans/preview",
      "/api/serving/get-online-features",
      "/api/v1/leakage/preview",
    ]),
  );
});

test("the workspace says that it is filled", async ({ request }) => {
  const workspace = await (await request.get("/api/v1/workspaces/flights", { headers })).json();
  expect(workspace.seeding).toMatchObject({ state: "ready", progress: 1 });
});
