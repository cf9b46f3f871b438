import { describe, expect, it } from "vitest";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import { planInstances } from "../local/make-plan.test-support";
import { compileVariant, sourceColumnsRead } from "./compile-variant";
import { createSparkEngine } from "./spark-engine";
import { findSpark } from "./find-spark";
import { splitSql, whyNoSplit } from "./split-sql";
import { statementsOf } from "./statements-of";

const ENTITIES: EntityDefinition[] = [
  { kind: "Entity", name: "trip", joinKeys: [{ name: "id", type: "bigint" }], eventTime: "at", relations: [{ name: "from", entity: "city", by: "origin" }] }, // prettier-ignore
  { kind: "Entity", name: "city", joinKeys: [{ name: "id", type: "string" }], eventTime: "since" },
];
const source = (name: string, entity: string, columns: Record<string, string>, timeColumn?: string) =>
  ({
    kind: "Source",
    name,
    entity,
    format: "parquet",
    location: `/${name}.parquet`,
    rowKey: ["id"],
    ...(timeColumn && { timeColumn }),
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
  }) as SourceDefinition;
const SOURCES = [
  source("trips", "trip", { id: "bigint", at: "timestamp", origin: "string", km: "double", late: "boolean", words: "strings", spot: "vector" }, "at"), // prettier-ignore
  source("cities", "city", { id: "string", since: "timestamp", size: "bigint" }, "since"),
];
const POLICY: SplitPolicyDefinition = { kind: "SplitPolicy", name: "s", type: "hash", algo: "md5-32", key: "origin", salt: "x", buckets: 10, parts: { train: [[0, 7]], test: [[7, 10]] } }; // prettier-ignore
const stage = (name: string, more: Partial<StageDefinition>): StageDefinition => ({
  kind: "Stage",
  name,
  entity: "trip",
  inputs: ["trip.km"],
  outputs: [{ column: `trip.${name}`, type: "double" }],
  ...more,
});
const sql = (name: string, expression: string, more: Partial<StageDefinition> = {}) =>
  stage(name, {
    transformer: "sql",
    params: { statement: `SELECT *, ${expression} AS ${name} FROM __THIS__` },
    ...more,
  });
const FAR = sql("far", 'km / "city.size"', { inputs: ["trip.km", "city.size"] });
const VECTOR = stage("vector", { transformer: "VectorAssembler", inputs: ["trip.far"], outputs: [{ column: "trip.vector", type: "vector" }], params: { handleInvalid: "skip" } }); // prettier-ignore
const MODEL = stage("model", { estimator: "LogisticRegression", inputs: ["trip.vector"], fitInputs: ["trip.late"] });
const STAGES = [FAR, VECTOR, MODEL];

function planOf(instances: EngineInstance[]): VariantPlan {
  return {
    entities: ENTITIES,
    sources: SOURCES.map((definition) => ({ definition, snapshot: { dataset: definition.name, version: 1, files: [], rows: 0, time: null } })), // prettier-ignore
    instances,
    materialise: [{ column: "trip.model", instance: "model", name: "model" }],
    profile: { columns: [], selections: [], every: null },
    outputDirectory: "/out",
  };
}
const INSTANCES = () =>
  planInstances({ entities: ENTITIES, sources: SOURCES, stages: STAGES, splits: [POLICY] }, ["trip.model"], {}, { split: "s", parts: ["train"] }); // prettier-ignore
const PLACES = { rowsOf: (entity: string) => `/rows/${entity}`, outputOf: (entity: string) => `/out/${entity}`, savedBy: ({ key }: EngineInstance) => `/models/${key}` }; // prettier-ignore

describe("a variant as the driver's plan", () => {
  it("reads what stages, relations and splits read, joins as of a row's time, and fits on the split's rows", async () => {
    const plan = planOf(INSTANCES());
    expect([...sourceColumnsRead(plan)].sort()).toEqual(["city.id", "city.size", "trip.id", "trip.km", "trip.late", "trip.origin"]); // prettier-ignore
    const { rows, steps, outputs, written } = compileVariant(plan, PLACES, await statementsOf(STAGES));
    const named = new Map(
      rows.flatMap(({ frame, columns }) => columns.map(({ from, as }) => [`${frame}.${from}`, as])),
    );
    const [lookup, far, vector, model] = steps;
    expect(steps.map(({ step }) => step)).toEqual(["lookup", "sql", "operator", "operator"]);
    expect(lookup).toMatchObject({
      frame: "trip",
      from: "city",
      on: [{ own: named.get("trip.origin"), other: named.get("city.id") }],
      time: { own: named.get("trip.at"), other: named.get("city.since") },
    });
    expect(far).toMatchObject({ instance: "far", columns: [{ sql: expect.stringContaining(`${named.get("trip.km")} * CAST('Infinity'`) as string }] }); // prettier-ignore
    expect(vector).toMatchObject({
      className: "pyspark.ml.feature.VectorAssembler",
      fit: null,
      saved: null,
      refused: [],
    });
    expect(model).toMatchObject({
      className: "pyspark.ml.classification.LogisticRegression",
      saved: "/models/model",
      params: { regParam: 0, maxIter: 100, family: "auto" },
      fit: { rows: `((CAST(conv(substr(md5(concat('x:', CAST(${named.get("trip.origin")} AS STRING))), 1, 8), 16, 10) AS BIGINT) % 10) BETWEEN 0 AND 6)`, classes: { column: "trip.late", binary: true } }, // prettier-ignore
    });
    expect(outputs.map(({ folder, columns }) => [folder, columns.map(({ as }) => as).slice(0, 2)])).toEqual([["/out/trip", ["id", "at"]]]); // prettier-ignore
    expect(Object.keys(written.get("model") ?? {})).toEqual(["trip.model"]);
  });

  it("needs no label of what was fitted before, and reads what it saved", async () => {
    const fitted = { operator: "LogisticRegression", learned: {}, expressions: {}, summary: {} };
    const plan = planOf(INSTANCES().map((one) => (one.fit ? { ...one, fit: { ...one.fit, fitted } } : one)));
    expect([...sourceColumnsRead(plan)]).not.toContain("trip.late");
    const { steps } = compileVariant(plan, PLACES, await statementsOf(STAGES));
    expect(steps.at(-1)).toMatchObject({ fit: null, saved: "/models/model" });
  });

  it("reads values of an earlier run where a stage needs them, by what tells rows apart", async () => {
    const values = { file: "/earlier", columns: { "trip.vector": "vector" } };
    const plan = planOf(INSTANCES().flatMap((one) => (one.key === "far" ? [] : [one.key === "vector" ? { ...one, values } : one]))); // prettier-ignore
    const { rows, steps } = compileVariant(plan, PLACES, await statementsOf(STAGES));
    expect(rows.find(({ file }) => file === "/earlier")?.columns.map(({ from }) => from)).toEqual([
      "id",
      "at",
      "vector",
    ]);
    expect(steps[0]).toMatchObject({ step: "lookup", time: null, columns: [{ ok: expect.stringMatching(/^c\d+$/) as string }] }); // prettier-ignore
  });
});

describe("before anything runs, the spark engine refuses", () => {
  const unsupported = (stages: StageDefinition[]) =>
    createSparkEngine({ local: {} as never, submitter: {} as never, dataDirectory: "" }, "4.2.0").unsupported(stages, {
      entities: ENTITIES,
      sources: SOURCES,
      splits: [
        POLICY,
        { kind: "SplitPolicy", name: "drawn", type: "random", source: "trips", seed: 1, parts: { train: 1 } },
      ],
      fit: { split: "s", parts: ["train"] },
    });

  it("nothing that it runs", async () => {
    expect(await unsupported(STAGES)).toEqual([]);
  });

  it.each([
    [
      stage("words", { estimator: "KMeans", inputs: ["trip.vector"] }),
      /does not run KMeans yet; it runs sql, StringIndexer, /,
    ],
    [sql("o", "km", { from: "city" }), /aggregates rows of city/],
    [sql("o", "median(km) OVER ()"), /uses window, which has no form on the spark engine/],
    [
      sql("o", "late", { inputs: ["trip.late"] }),
      /gives trip\.o as boolean on the spark engine, and it declares double/,
    ],
    [stage("o", { transformer: "VectorAssembler", inputs: ["trip.spot"], outputs: [{ column: "trip.o", type: "vector" }] }), /reads trip\.spot, a list/], // prettier-ignore
    [stage("o", { transformer: "VectorAssembler", outputs: [{ column: "trip.o", type: "vector" }], params: { handleInvalid: "keep" } }), /keeps rows with NaN in their vectors/], // prettier-ignore
    [stage("o", { estimator: "StringIndexer" }), /numbers the doubles of trip\.km, whose text differs between engines/],
    [stage("o", { estimator: "OneHotEncoder", outputs: [{ column: "trip.o", type: "vector" }] }), /encodes trip\.km, which no StringIndexer numbers/], // prettier-ignore
    [stage("o", { estimator: "Imputer", outputs: [{ column: "trip.o", type: "bigint" }] }), /fills doubles only/],
    [stage("o", { estimator: "Imputer", fit: { split: "drawn", parts: ["train"] } }), /draws rows at random/],
    [stage("o", { entity: "city", estimator: "Imputer", inputs: ["city.size"], outputs: [{ column: "city.o", type: "double" }], fit: { split: "s", parts: ["train"] } }), null], // prettier-ignore
  ])("%#", async (refused, reason) => {
    const found = await unsupported([VECTOR, refused]);
    if (reason === null) expect(found).toEqual([]);
    else expect(found).toMatchObject([{ stage: refused.name, reason: expect.stringMatching(reason) as string }]);
  });
});

it("selects by hash as everywhere, and by time", () => {
  const place = { time: "t", column: (name: string) => `c_${name}` };
  expect(splitSql(null, place)).toBe("true");
  expect(splitSql({ policy: POLICY, parts: ["none"] }, place)).toBe("false");
  const byTime: SplitPolicyDefinition = { kind: "SplitPolicy", name: "m", type: "time", column: "at", parts: { early: [null, "2024-01-01T00:00:00Z"] } }; // prettier-ignore
  expect(splitSql({ policy: byTime, parts: ["early"] }, place)).toMatch(/^\(\(t < TIMESTAMP_NTZ '2024-01-01 00:00:00(\.\d+)?'\)\)$/); // prettier-ignore
  expect(whyNoSplit(POLICY, () => "double")).toMatch(/whose key origin is a double: its text differs/);
  expect(whyNoSplit(POLICY, () => "date")).toBeNull();
});

it("is offered where there is a Spark, and says why where there is none", () => {
  const whyNot = (settings: object) => findSpark({ master: "local", ...settings });
  expect(whyNot({})).toEqual({ whyNot: expect.stringContaining("Set SPARK_HOME") as string });
  expect(whyNot({ home: "/nowhere" })).toEqual({ whyNot: expect.stringContaining("There is no /nowhere/bin/spark-submit") as string }); // prettier-ignore
  expect(whyNot({ python: "/nowhere/python" })).toEqual({
    whyNot: expect.stringContaining("has no pyspark") as string,
  });
});
