import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { LmdbStore } from "@/lib/online/lmdb-store";
import type { ServedFeature, ServedView, ServingState } from "@/lib/registry/serving/state";
import vectors from "@/test/fixtures/feast-feature-server.json";
import { getOnlineFeatures } from "./get-online-features";
import { parseOnlineRequest } from "./parse-request";
import { WireError } from "./wire-error";

const directory = mkdtempSync(path.join(tmpdir(), "tributary-serving-"));
let store: LmdbStore;

const DRIVER: [string, ColumnType][] = [
  ["conv_rate", "double"],
  ["acc_rate", "double"],
  ["avg_daily_trips", "bigint"],
  ["city", "string"],
];

function feature(entity: string, name: string, type: ColumnType, position: number): ServedFeature {
  const pointers = { production: 1, staging: 2 };
  const everywhere = (setId: string) => ({
    dev: { setId, position },
    staging: { setId, position },
    production: { setId, position },
  });
  const stored = new Map([
    [1, everywhere(`${entity}-1`)],
    [2, everywhere(`${entity}-2`)],
  ]);
  return { column: `${entity}.${name}`, type, pointers, stored };
}

const view = (name: string, joinKeys: string[], columns: [string, ColumnType][], ttlSeconds: number): ServedView => ({
  name,
  entity: "driver",
  joinKeys,
  keyTypes: joinKeys.map((key) => (key === "day" ? "date" : "string")),
  ttlSeconds,
  features: new Map(columns.map(([column, type], index) => [column, feature("driver", column, type, index)])),
});

const hourly = view("driver_hourly_stats", ["driver_id"], DRIVER, 30 * 86_400);
hourly.features.set("never_promoted", { ...feature("driver", "never_promoted", "double", 0), pointers: { dev: 1 } });
hourly.features.set("not_stored", { ...feature("driver", "not_stored", "double", 0), stored: new Map() });

const state: ServingState = {
  workspaceId: "w",
  workspace: "wire",
  views: new Map([
    ["driver_hourly_stats", hourly],
    ["driver_daily_stats", view("driver_daily_stats", ["driver_id"], DRIVER, 0)],
    ["day_stats", view("day_stats", ["day"], [["conv_rate", "double"]], 0)],
    ["trip_stats", view("trip_stats", ["driver_id", "city"], [["conv_rate", "double"]], 0)],
  ]),
  models: new Map(),
  services: new Map([["svc_v1", ["driver_hourly_stats:conv_rate", "driver_hourly_stats:avg_daily_trips"]]]),
};

beforeAll(async () => {
  store = LmdbStore.open(directory);
  const types = DRIVER.map(([, type]) => type);
  const at = "2026-09-01T12:00:00.000Z";
  const rows = [
    { key: "1001", values: [0.5, 0.9, 10, "a"], eventTime: at },
    { key: "1002", values: [null, 0.9, 11, "b"], eventTime: at },
    { key: "1003", values: [0.25, 0.9, 12, null], eventTime: "2025-07-28T12:00:00.000Z" },
    { key: "9223372036854775807", values: [1, 1, 9007199254740993n, "big"], eventTime: at },
    // A day, as engines write the keys of rows.
    { key: "2024-01-31T00:00:00.000Z", values: [0.75, 1, 1, "d"], eventTime: null },
  ];
  await store.writeSet("driver-1", types, (async function* () { yield rows; })()); // prettier-ignore
  const staged = [{ key: "1001", values: [2, 0.9, 10, "a"], eventTime: at }];
  await store.writeSet("driver-2", types, (async function* () { yield staged; })()); // prettier-ignore
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const NOW = new Date("2026-09-02T00:00:00Z");

async function answer(
  body: unknown,
  options: { environment?: "dev" | "staging" | "production"; ignoreMaxAge?: boolean } = {},
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  try {
    const result = await getOnlineFeatures(state, store, parseOnlineRequest(text), {
      environment: options.environment ?? "production",
      ignoreMaxAge: options.ignoreMaxAge ?? false,
      now: NOW,
    });
    return { status: 200, text: result.body, response: JSON.parse(result.body), reasons: result.reasons };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { status: error.status, text: error.body, response: JSON.parse(error.body), reasons: [] };
  }
}

describe("a key that is a day", () => {
  it("is found however the day is written", async () => {
    const days = ["2024-01-31", "2024-01-31T00:00:00Z", "2024-02-01", null];
    const { response } = await answer({ features: ["day_stats:conv_rate"], entities: { day: days } });
    expect(response.results.at(-1)).toMatchObject({ values: [0.75, 0.75, null, null], statuses: ["PRESENT", "PRESENT", "NOT_FOUND", "NOT_FOUND"] }); // prettier-ignore
  });
});

describe("what Feast's own server answered", () => {
  const exchanges = vectors.exchanges.filter((exchange) => exchange.path === "/get-online-features");
  it.each(exchanges.map((exchange, index) => [index, exchange] as const))("exchange %i", async (_, exchange) => {
    const raw = exchange.body && "_raw" in exchange.body ? exchange.body._raw : exchange.body;
    const { status, response } = await answer(raw, { ignoreMaxAge: true });
    expect(status).toBe(exchange.status);
    const expected = exchange.response as { detail?: { type: string }[] } | null;
    // The two parsers name the position and the fault of broken JSON differently; its form is what clients read.
    if (expected?.detail?.[0]?.type === "json_invalid")
      expect(response.detail[0]).toMatchObject({
        type: "json_invalid",
        msg: "JSON decode error",
        loc: ["body", 1],
        input: {},
      });
    else expect(response).toEqual(expected);
  });
});

describe("getOnlineFeatures", () => {
  const one = { entities: { driver_id: [1001] } };

  it("writes a whole float with a decimal point and a 64-bit integer with all digits", async () => {
    const { text } = await answer(
      '{"features":["driver_hourly_stats:conv_rate","driver_hourly_stats:avg_daily_trips"],"entities":{"driver_id":[9223372036854775807]}}',
    );
    expect(text).toContain('"values":[9223372036854775807]');
    expect(text).toContain('"values":[1.0]');
    expect(text).toContain('"values":[9007199254740993]');
  });

  it("enforces the view's TTL and says so", async () => {
    const { response } = await answer({
      features: ["driver_hourly_stats:conv_rate"],
      entities: { driver_id: [1003, 1001] },
    });
    expect(response.results[1]).toEqual({
      values: [null, 0.5],
      statuses: ["OUTSIDE_MAX_AGE", "PRESENT"],
      event_timestamps: ["2025-07-28T12:00:00Z", "2026-09-01T12:00:00Z"],
    });
  });

  it.each([
    ["driver_hourly_stats:conv_rate", "production", 0.5],
    ["driver_hourly_stats:conv_rate", "staging", 2],
    ["driver_hourly_stats@staging:conv_rate", "production", 2],
    ["driver_hourly_stats@v2:conv_rate", "production", 2],
    ["driver_hourly_stats:driver.conv_rate", "production", 0.5],
  ] as const)("%s in %s is %s", async (reference, environment, value) => {
    const { response } = await answer({ ...one, features: [reference] }, { environment });
    expect(response.results[1].values).toEqual([value]);
  });

  it.each([
    ["never_promoted", "driver.never_promoted was never promoted to production"],
    ["not_stored", "driver.not_stored v1 has no values in the online store"],
  ])("%s is NOT_FOUND with a reason", async (name, reason) => {
    const { response, reasons } = await answer({ ...one, features: [`driver_hourly_stats:${name}`] });
    expect(response.results[1]).toMatchObject({ values: [null], statuses: ["NOT_FOUND"] });
    expect(reasons).toEqual([reason]);
  });

  it("keeps the request's order and duplicates, of features and of rows", async () => {
    const { response } = await answer({
      features: ["driver_hourly_stats:city", "driver_hourly_stats:conv_rate", "driver_hourly_stats:city"],
      entities: { driver_id: [1002, 1001, 1002] },
    });
    expect(response.metadata.feature_names).toEqual(["driver_id", "city", "conv_rate", "city"]);
    expect(response.results[1].values).toEqual(["b", "a", "b"]);
    expect(response.results[3].values).toEqual(["b", "a", "b"]);
  });

  it.each([
    [{ ...one, features: ["driver_hourly_stats:nope"] }, 404, "FeatureDoesNotExistException"],
    [{ ...one, features: ["driver_hourly_stats@moon:conv_rate"] }, 404, "FeatureViewNotFoundException"],
    [{ ...one, features: ["nonsense"] }, 404, "FeatureViewNotFoundException"],
    [{ ...one, features: ["driver_hourly_stats:city", "driver_daily_stats:city"] }, 400, "FeatureNameCollisionError"],
  ])("%j is Feast's %i %s", async (body, status, className) => {
    const result = await answer(body);
    expect(result.status).toBe(status);
    expect(JSON.parse(result.response).class).toBe(className);
  });

  it.each([
    [
      { features: ["trip_stats:conv_rate"], entities: { driver_id: [1] } },
      ["body", "entities", "city"],
      /joined by driver_id, city/,
    ],
    [{ features: [], entities: { driver_id: [1, 2], city: ["a"] } }, ["body", "entities", "city"], /same length/],
    [{ features: "x", entities: { driver_id: [1] } }, ["body", "features"], /expected array/],
  ])("%j is 422 with where and why", async (body, loc, message) => {
    const result = await answer(body);
    expect(result.status).toBe(422);
    expect(result.response.detail[0].loc).toEqual(loc);
    expect(result.response.detail[0].msg).toMatch(message);
  });
});
