import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parseSpecs } from "@/lib/contracts/spec-documents";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import type { Definition } from "@/lib/domain/definitions/definition";
import { checkSpecs } from "@/lib/domain/specs/check";
import { convertRegistry } from "./feast/convert-registry";
import { readRegistryDump } from "./feast/registry-dump";
import { main } from "./main";

/** Written by `feast registry-dump` of Feast 0.67. */
const DUMP = readFileSync("test/fixtures/feast-registry-dump.json", "utf8");
const folder = mkdtempSync(path.join(tmpdir(), "tributary-feast-"));
const at = (name: string) => path.join(folder, name);

beforeAll(() => writeFileSync(at("registry.json"), DUMP));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function tributary(...words: string[]) {
  const printed = { log: [] as string[], error: [] as string[] };
  for (const method of ["log", "error"] as const)
    vi.spyOn(console, method).mockImplementation((text: string) => void printed[method].push(text));
  const code = await main(words);
  return { code, out: printed.log.join("\n"), said: printed.error };
}

/** What is wrong with definitions as documents. */
function errorsOf(definitions: readonly Definition[]) {
  const parsed = parseSpecs(definitions.map(writeSpec).join("---\n"));
  return [...parsed.issues, ...checkSpecs(parsed.definitions, parsed.unreadable, new Map()).errors];
}

describe("import feast", () => {
  it("takes entities, file sources, features, views and services as they are", () => {
    const { definitions } = convertRegistry(readRegistryDump(DUMP));
    expect(errorsOf(definitions)).toEqual([]);
    const find = (kind: string, name: string) => definitions.find((one) => one.kind === kind && one.name === name);
    expect(definitions[0]).toEqual({ kind: "Workspace", name: "ride_hailing" });
    expect(find("Entity", "driver")).toEqual({ kind: "Entity", name: "driver", joinKeys: [{ name: "driver_id", type: "bigint" }], eventTime: "event_timestamp", description: "Who drives.", owner: "fleet@example.com", tags: ["core", "team=fleet"] }); // prettier-ignore
    expect(find("Entity", "driver_customer_account")).toMatchObject({ joinKeys: [{ name: "driver_id", type: "bigint" }, { name: "customer_id", type: "string" }], eventTime: "ts" }); // prettier-ignore
    // Two views of one data source are one source, and its columns are there once.
    expect(find("Source", "driver_hourly_stats_source")).toMatchObject({
      format: "parquet", location: "data/driver_stats.parquet", timeColumn: "event_timestamp", createdColumn: "created",
      rowKey: ["driver_id", "event_timestamp"], meta: { tier: "gold" }, owner: "fleet@example.com",
      columns: [
        { name: "driver_id", type: "bigint" }, { name: "event_timestamp", type: "timestamp" }, { name: "created", type: "timestamp" },
        { name: "conv_rate", type: "double" }, { name: "acc_rate", type: "double" }, { name: "avg_daily_trips", type: "bigint" },
      ],
    }); // prettier-ignore
    // A field mapping is what a column is read from, and an entity has one name for its time.
    expect(find("Source", "trips")).toMatchObject({ columns: expect.arrayContaining([{ name: "fare", from: "Total Fare", type: "double" }, { name: "embedding", type: "vector" }, { name: "tags", type: "strings" }]) as unknown }); // prettier-ignore
    expect(find("Source", "quick")).toMatchObject({ columns: expect.arrayContaining([{ name: "event_timestamp", from: "ts", type: "timestamp" }]) as unknown }); // prettier-ignore
    expect(find("FeatureView", "driver_hourly_stats")).toMatchObject({ features: ["driver.conv_rate", "driver.acc_rate", "driver.avg_daily_trips"], ttlSeconds: 86_400, online: true, tags: ["team=fleet"] }); // prettier-ignore
    expect(find("FeatureView", "driver_hourly_stats_fresh")).toMatchObject({ ttlSeconds: 0, online: false });
    expect(find("Feature", "driver.conv_rate")).toMatchObject({ description: "Share of trips that came about.", owner: "fleet@example.com", meta: { pii: "no" } }); // prettier-ignore
    expect(find("FeatureService", "driver_activity_v1")).toMatchObject({ features: ["driver_hourly_stats:conv_rate", "driver_hourly_stats:avg_daily_trips"], owner: "models@example.com" }); // prettier-ignore
  });

  it("says of every other object by name why it was not taken", () => {
    const dump = readRegistryDump(DUMP);
    const { definitions, changed, leftOut } = convertRegistry(dump);
    expect(leftOut).toEqual([
      "Stream or push source stats_push of feature view driver_hourly_stats_fresh: values come from its batch source alone.",
      "Feature view driver_orders: it is a table of Postgres; make a connection and name it with --connection NAME (data source orders).",
      "Feature view remote_view: s3://bucket/remote.parquet is not on this machine; copy it to a folder that the server reads (data source remote_source).",
      "Feature trip_pairs:photo: it has type BYTES, which no column has here.",
      "Feature service driver_activity_v2: it reads transformed_conv_rate:conv_rate_plus, which was not taken.",
      "Feature service pairs_v1: it reads trip_pairs:photo, which was not taken.",
      "On-demand feature view transformed_conv_rate: it is computed by code when it is asked for; write a stage.",
      "Data source vals_to_add: no feature view reads its rows.",
    ]);
    expect(changed).toContain("Feature driver_trips:conv_rate is driver_trips:driver_trips_conv_rate, because driver.conv_rate is another view's."); // prettier-ignore
    expect(changed).toContain("Entity Customer-Account is called customer_account.");
    // Every name of the dump is a document's, or in a sentence.
    const names = [...dump.entities, ...dump.featureViews, ...dump.featureServices].map(({ spec }) => spec.name);
    const said = [...changed, ...leftOut, ...definitions.map(({ name }) => name)].join("\n");
    for (const name of names.filter((one) => one !== "__dummy")) expect(said).toContain(name);
  });

  it("reads Feast's Postgres tables by a connection that is named", () => {
    const { definitions, leftOut } = convertRegistry(readRegistryDump(DUMP), { connection: "warehouse" });
    expect(errorsOf(definitions)).toEqual([]);
    expect(definitions.find(({ name }) => name === "orders")).toMatchObject({ format: "postgres", connection: "warehouse", sql: "SELECT * FROM orders" }); // prettier-ignore
    expect(leftOut.join()).not.toContain("driver_orders");
  });

  it.each([
    ["not json", /no JSON/],
    ["{}[", /no JSON/],
    ['{"feature_views": []}', /preserving_proto_field_name/],
    ['{"entities": [{"spec": {}}]}', /no dump of a Feast registry/],
    ['{"entities": [{"spec": {"name": "a", "project": "p"}}, {"spec": {"name": "b", "project": "q"}}]}', /several projects: p, q/], // prettier-ignore
  ])("refuses %j", (text, said) => {
    expect(() => convertRegistry(readRegistryDump(text))).toThrow(said);
  });

  it("answers documents that validate, whatever objects are called and made of", () => {
    const word = fc.oneof(fc.constantFrom("driver", "Driver", "driver-1", "ts", "driver_id", "a"), fc.string({ minLength: 1, maxLength: 12 })); // prettier-ignore
    const field = fc.record({ name: word, valueType: fc.constantFrom("STRING", "INT64", "FLOAT", "BYTES", "STRING_LIST", 7) }); // prettier-ignore
    const tags = fc.dictionary(word, fc.string({ maxLength: 8 }), { maxKeys: 2 });
    const dumps = fc
      .record({
        entities: fc.uniqueArray(fc.record({ name: word, joinKey: word, valueType: fc.constantFrom("INT64", "STRING", "BYTES"), tags }), { selector: ({ name }) => name, minLength: 1, maxLength: 4 }), // prettier-ignore
        sources: fc.uniqueArray(fc.record({ name: word, timestampField: fc.constantFrom("", "ts", "event time"), createdTimestampColumn: fc.constantFrom("", "created", "ts2"), fileOptions: fc.record({ uri: word }), tags }), { selector: ({ name }) => name, minLength: 1, maxLength: 3 }), // prettier-ignore
        views: fc.uniqueArray(fc.record({ name: word, features: fc.uniqueArray(field, { selector: ({ name }) => name, maxLength: 4 }), of: fc.nat(), and: fc.nat(), from: fc.nat(), both: fc.boolean(), tags }), { selector: ({ name }) => name, maxLength: 5 }), // prettier-ignore
      })
      .map(({ entities, sources, views }) => ({
        project: "p",
        entities: entities.map((spec) => ({ spec })),
        dataSources: sources,
        featureViews: views.map(({ of, and, from, both, ...view }) => {
          const names = [entities[of % entities.length], entities[and % entities.length]].map((one) => one?.name);
          return { spec: { ...view, entities: [...new Set(both ? names : names.slice(0, 1))], batchSource: sources[from % sources.length] } }; // prettier-ignore
        }),
        featureServices: views.map(({ name, features }) => ({ spec: { name, features: [{ featureViewName: name, featureColumns: features }] } })), // prettier-ignore
      }));
    fc.assert(
      fc.property(dumps, (dump) => {
        const { definitions } = convertRegistry(readRegistryDump(JSON.stringify(dump)));
        expect(errorsOf(definitions)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("does what the page for users of Feast says", async () => {
    const page = readFileSync("docs/feast.md", "utf8");
    const commands = [...page.matchAll(/^tributary (.*)$/gm)].map(([, words = ""]) => words.split(" "));
    const here = commands.filter(([command]) => command === "import" || command === "validate");
    expect(here.map(([command]) => command)).toEqual(["import", "validate"]);
    const outcomes = [];
    for (const words of here)
      outcomes.push(await tributary(...words.map((word) => (["registry.json", "specs"].includes(word) ? at(word) : word)))); // prettier-ignore
    expect(outcomes[0]).toMatchObject({ code: 0, out: expect.stringContaining("sources.yaml") as string });
    expect(outcomes[0]?.said.filter((line) => line.startsWith("left out"))).toHaveLength(8);
    expect(outcomes[1]).toMatchObject({ code: 0, out: "15 documents are valid." });
    expect(await tributary("import", "spark", at("registry.json"))).toMatchObject({ code: 2 });
    expect(await tributary("import", "feast", at("gone.json"))).toMatchObject({ code: 1, said: [expect.stringContaining("feast registry-dump")] }); // prettier-ignore
  });
});
