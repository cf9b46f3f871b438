import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;

/** Runs stages over rows given as SQL VALUES (id first) and answers the run. */
async function over(values: string, columns: [string, ColumnType][], stages: StageDefinition[], outputs?: string[]) {
  const names = ["id", ...columns.map(([name]) => name)].join(", ");
  const location = await world.write(`rows-${++files}.parquet`, `SELECT * FROM (VALUES ${values}) t(${names})`);
  const sources = [
    obsSource(
      location,
      columns.map(([name, type]) => ({ name, type })),
    ),
  ];
  return world.run({ entities: [obsEntity()], sources, stages, ...(outputs ? { outputs } : {}) });
}

const indexer = (params: Record<string, unknown> = {}) =>
  stage("indexer", {
    estimator: "StringIndexer",
    inputs: ["obs.category"],
    outputs: [{ column: "obs.index", type: "double" }],
    params,
  });

describe("StringIndexer", () => {
  // The example of Spark's documentation: a, b, c, a, a, c.
  const spark = "(0, 'a'), (1, 'b'), (2, 'c'), (3, 'a'), (4, 'a'), (5, 'c')";

  it.each([
    ["frequencyDesc", [0, 2, 1, 0, 0, 1]],
    ["frequencyAsc", [2, 0, 1, 2, 2, 1]],
    ["alphabetAsc", [0, 1, 2, 0, 0, 2]],
    ["alphabetDesc", [2, 1, 0, 2, 2, 0]],
  ])("orders by %s", async (stringOrderType, expected) => {
    const run = await over(spark, [["category", "string"]], [indexer({ stringOrderType })]);
    expect(await run.column("obs.index")).toEqual(expected);
  });

  it("orders equally frequent values by alphabet", async () => {
    const run = await over("(0, 'z'), (1, 'y'), (2, 'y'), (3, 'z'), (4, 'x')", [["category", "string"]], [indexer()]);
    expect(await run.column("obs.index")).toEqual([1, 0, 0, 1, 2]);
  });

  it("keeps missing values as a number of their own, or skips them, or fails and says how many", async () => {
    const rows = "(0, 'a'), (1, NULL), (2, 'b'), (3, 'a')";
    expect(
      await (await over(rows, [["category", "string"]], [indexer({ handleInvalid: "keep" })])).column("obs.index"),
    ).toEqual([0, 2, 1, 0]);
    expect(
      await (await over(rows, [["category", "string"]], [indexer({ handleInvalid: "skip" })])).column("obs.index"),
    ).toEqual([0, null, 1, 0]);
    await expect(over(rows, [["category", "string"]], [indexer()])).rejects.toThrow(
      /Stage indexer: 1 of 4 rows of obs\.category .*handleInvalid to keep/,
    );
  });

  it("numbers hundreds of values alike by comparison and by hash", async () => {
    const values = Array.from({ length: 300 }, (_, i) => `(${i}, 'v${String(i).padStart(3, "0")}''x')`).join(", ");
    const run = await over(values, [["category", "string"]], [indexer()]);
    expect(await run.column("obs.index")).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  it("fails on a column without values", async () => {
    await expect(over("(0, NULL::VARCHAR), (1, NULL)", [["category", "string"]], [indexer()])).rejects.toThrow(
      /obs\.category has no value/,
    );
  });
});

describe("OneHotEncoder", () => {
  const encoder = (params: Record<string, unknown> = {}) =>
    stage("encoder", {
      estimator: "OneHotEncoder",
      inputs: ["obs.x"],
      outputs: [{ column: "obs.v", type: "vector" }],
      params,
    });

  it.each<[Record<string, unknown>, number[][]]>([
    [
      {},
      [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    ],
    [
      { dropLast: false },
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    ],
    [
      { handleInvalid: "keep" },
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    ],
    [
      { handleInvalid: "keep", dropLast: false },
      [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
      ],
    ],
  ])("with %j", async (params, expected) => {
    const run = await over("(0, 0e0), (1, 1e0), (2, 2e0)", [["x", "double"]], [encoder(params)]);
    expect(await run.column("obs.v")).toEqual(expected);
  });

  it.each([
    // The unknown category is there though no row of the fit holds it; dropLast leaves it out, so that no label is the baseline.
    ["keep", {}, [[1, 0], [0, 1], [1, 0]]], // prettier-ignore
    ["keep", { dropLast: false }, [[1, 0, 0], [0, 1, 0], [1, 0, 0]]], // prettier-ignore
    ["skip", {}, [[1], [0], [1]]],
    ["error", { dropLast: false }, [[1, 0], [0, 1], [1, 0]]], // prettier-ignore
  ])(
    "counts what a StringIndexer with handleInvalid %s can write, with %j",
    async (handleInvalid, params, expected) => {
      const encode = { ...encoder(params), inputs: ["obs.index"] };
      const run = await over(
        "(0, 'a'), (1, 'b'), (2, 'a')",
        [["category", "string"]],
        [indexer({ handleInvalid }), encode],
        ["obs.v"],
      );
      expect(await run.column("obs.v")).toEqual(expected);
    },
  );

  it.each([
    ["a Bucketizer", { transformer: "Bucketizer", params: { splits: [0, 10, 20, 30] } }],
    ["a QuantileDiscretizer", { estimator: "QuantileDiscretizer", params: { numBuckets: 3 } }],
  ])("counts the buckets of %s, through a VectorAssembler too", async (_, operator) => {
    const bucket = stage("bucket", { ...operator, inputs: ["obs.x"], outputs: [{ column: "obs.b", type: "double" }] });
    const encode = { ...encoder({ dropLast: false }), inputs: ["obs.b"] };
    const assemble = stage("assemble", {
      transformer: "VectorAssembler",
      inputs: ["obs.x", "obs.v"],
      outputs: [{ column: "obs.all", type: "vector" }],
    });
    const fits = "transformer" in operator ? "(0, 1e0), (1, 12e0)" : "(0, 1e0), (1, 12e0), (2, 25e0)";
    const run = await over(fits, [["x", "double"]], [bucket, encode, assemble], ["obs.v", "obs.all"]);
    const [first] = (await run.column("obs.v")) as number[][];
    expect(first).toHaveLength(3);
    const [whole] = (await run.column("obs.all")) as number[][];
    expect(whole).toEqual([1, ...(first as number[])]);
  });

  it("gives values that were not there at the fit a category of their own", async () => {
    const stages = [indexer({ handleInvalid: "keep" }), { ...encoder(), inputs: ["obs.index"] }];
    const fitted = await over("(0, 'a'), (1, 'b'), (2, 'a')", [["category", "string"]], stages, ["obs.v"]);
    const models = new Map(fitted.result.fits.map((fit) => [fit.instance, fit.model]));
    const location = await world.write(
      "unseen.parquet",
      "SELECT * FROM (VALUES (0, 'new'), (1, NULL), (2, 'b')) t(id, category)",
    );
    const keys = [...models.keys()];
    const scored = await world.run({
      entities: [obsEntity()],
      sources: [obsSource(location, [{ name: "category", type: "string" }])],
      outputs: ["obs.v"],
      instances: stages.map((one, at) => ({
        key: keys[at] as string,
        stage: one,
        inputs: { [one.inputs[0] as string]: at === 0 ? null : (keys[0] as string) },
        fit: {
          fingerprint: keys[at] as string,
          rowSet: [],
          split: null,
          fitted: models.get(keys[at] as string) as NonNullable<ReturnType<typeof models.get>>,
        },
      })),
    });
    expect(await scored.column("obs.v")).toEqual([[0, 0], [0, 0], [0, 1]]); // prettier-ignore
  });

  it("encodes a missing number as all zeros when kept with dropLast, and refuses it otherwise", async () => {
    const rows = "(0, 0e0), (1, 1e0), (2, NULL)";
    expect(await (await over(rows, [["x", "double"]], [encoder({ handleInvalid: "keep" })])).column("obs.v")).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    await expect(over(rows, [["x", "double"]], [encoder()])).rejects.toThrow(/1 of 3 rows of obs\.x/);
  });

  it.each(["(0, -1e0), (1, 1e0)", "(0, 0.5e0), (1, 1e0)"])(
    "refuses numbers that are not categories: %s",
    async (rows) => {
      await expect(over(rows, [["x", "double"]], [encoder()])).rejects.toThrow(/category numbers/);
    },
  );
});

describe("VectorAssembler", () => {
  const assembler = (params: Record<string, unknown> = {}) =>
    stage("assembler", {
      transformer: "VectorAssembler",
      inputs: ["obs.a", "obs.b", "obs.c"],
      outputs: [{ column: "obs.v", type: "vector" }],
      params,
    });
  const columns: [string, ColumnType][] = [
    ["a", "bigint"],
    ["b", "boolean"],
    ["c", "vector"],
  ];

  it("puts numbers, true/false values and vectors side by side", async () => {
    const run = await over("(0, 18, true, [0.5e0, 10e0]), (1, 19, false, [1e0, 2e0])", columns, [assembler()]);
    expect(await run.column("obs.v")).toEqual([
      [18, 1, 0.5, 10],
      [19, 0, 1, 2],
    ]);
  });

  it.each<[string, unknown[]]>([
    ["skip", [[18, 1, 0.5, 10], null, null]],
    [
      "keep",
      [
        [18, 1, 0.5, 10],
        [NaN, 0, 1, 2],
        [20, 1, NaN, 2],
      ],
    ],
  ])("handles invalid rows by %s", async (handleInvalid, expected) => {
    const rows = "(0, 18, true, [0.5e0, 10e0]), (1, NULL, false, [1e0, 2e0]), (2, 20, true, ['nan'::DOUBLE, 2e0])";
    expect(await (await over(rows, columns, [assembler({ handleInvalid })])).column("obs.v")).toEqual(expected);
  });

  it("fails on missing values and names the column, the count and what to do", async () => {
    const rows = "(0, 18, true, [0.5e0]), (1, NULL, false, [1e0]), (2, NULL, true, [2e0])";
    await expect(over(rows, columns, [assembler()])).rejects.toThrow(
      /Stage assembler: 2 of 3 rows of obs\.a hold missing values\. Fill them with an Imputer/,
    );
  });

  it("refuses vectors of different lengths", async () => {
    await expect(over("(0, 1, true, [1e0]), (1, 1, true, [1e0, 2e0])", columns, [assembler()])).rejects.toThrow(
      /1 to 2 components/,
    );
  });
});

describe("scalers", () => {
  const scaler = (estimator: string, params: Record<string, unknown> = {}) =>
    stage("scaler", { estimator, inputs: ["obs.v"], outputs: [{ column: "obs.s", type: "vector" }], params });
  // Rows of Spark's MinMaxScaler example.
  const spark = "(0, [1e0, 0.1e0, -1e0]), (1, [2e0, 1.1e0, 1e0]), (2, [3e0, 10.1e0, 3e0])";

  it("MinMaxScaler gives the values that Spark's documentation prints", async () => {
    const found = (await (
      await over(spark, [["v", "vector"]], [scaler("MinMaxScaler")])
    ).column("obs.s")) as number[][];
    expect(found.flat().map((x) => Number(x.toPrecision(12)))).toEqual([0, 0, 0, 0.5, 0.1, 0.5, 1, 1, 1]);
  });

  it("MinMaxScaler puts a constant in the middle of the wanted range", async () => {
    const run = await over("(0, [5e0]), (1, [5e0])", [["v", "vector"]], [scaler("MinMaxScaler", { min: 2, max: 6 })]);
    expect(await run.column("obs.s")).toEqual([[4], [4]]);
  });

  it("StandardScaler divides by the sample deviation and can centre; a constant becomes 0", async () => {
    const rows = "(0, [1e0, 7e0]), (1, [2e0, 7e0]), (2, [3e0, 7e0])";
    expect(await (await over(rows, [["v", "vector"]], [scaler("StandardScaler")])).column("obs.s")).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(
      await (await over(rows, [["v", "vector"]], [scaler("StandardScaler", { withMean: true })])).column("obs.s"),
    ).toEqual([
      [-1, 0],
      [0, 0],
      [1, 0],
    ]);
  });

  it.each(["'nan'::DOUBLE", "'inf'::DOUBLE"])("refuses %s", async (bad) => {
    await expect(over(`(0, [1e0]), (1, [${bad}])`, [["v", "vector"]], [scaler("StandardScaler")])).rejects.toThrow(
      /1 rows of obs\.v hold NaN or infinite values/,
    );
  });
});

describe("Imputer", () => {
  const filler = (params: Record<string, unknown> = {}) =>
    stage("filler", {
      estimator: "Imputer",
      inputs: ["obs.a", "obs.b"],
      outputs: [
        { column: "obs.af", type: "double" },
        { column: "obs.bf", type: "double" },
      ],
      params,
    });
  // The example of Spark's documentation: NaN in both columns.
  const spark =
    "(0, 1e0, 'nan'::DOUBLE), (1, 2e0, 'nan'::DOUBLE), (2, 'nan'::DOUBLE, 3e0), (3, 4e0, 4e0), (4, 5e0, 5e0)";

  it.each<[Record<string, unknown>, number, number]>([
    [{}, 3, 4],
    [{ strategy: "median" }, 2, 4],
    [{ strategy: "mode" }, 1, 3],
    [{ missingValue: 5 }, 7 / 3, 3.5],
  ])("fills with %j", async (params, a, b) => {
    const run = await over(
      spark,
      [
        ["a", "double"],
        ["b", "double"],
      ],
      [filler(params)],
    );
    const found = (await run.column("obs.af")) as number[];
    expect(found[2]).toBeCloseTo(a, 9);
    expect(((await run.column("obs.bf")) as number[])[0]).toBeCloseTo(b, 9);
    expect(found[1]).toBe(2);
  });

  it("fails on a column that has nothing but missing values", async () => {
    await expect(
      over(
        "(0, 1e0, NULL::DOUBLE), (1, 2e0, NULL)",
        [
          ["a", "double"],
          ["b", "double"],
        ],
        [filler()],
      ),
    ).rejects.toThrow(/lacks obs\.b/);
  });
});

describe("Bucketizer and QuantileDiscretizer", () => {
  const bucketizer = (type: ColumnType, params: Record<string, unknown>) =>
    stage("buckets", { transformer: "Bucketizer", inputs: ["obs.x"], outputs: [{ column: "obs.b", type }], params });
  const quantiles = (type: ColumnType, params: Record<string, unknown>) =>
    stage("bands", {
      estimator: "QuantileDiscretizer",
      inputs: ["obs.x"],
      outputs: [{ column: "obs.b", type }],
      params,
    });
  const rows = (...values: string[]) => values.map((value, i) => `(${i}, ${value}::DOUBLE)`).join(", ");

  it("Bucketizer gives the values that Spark's documentation prints", async () => {
    const params = { splits: ["-Infinity", -0.5, 0, 0.5, Infinity] };
    const run = await over(
      rows("-999.9", "-0.5", "-0.3", "0.0", "0.2", "999.9"),
      [["x", "double"]],
      [bucketizer("double", params)],
    );
    expect(await run.column("obs.b")).toEqual([0, 1, 1, 2, 2, 3]);
  });

  it("closes the last interval and refuses values outside", async () => {
    const params = { splits: [0, 1, 2] };
    expect(
      await (await over(rows("0", "1", "2"), [["x", "double"]], [bucketizer("bigint", params)])).column("obs.b"),
    ).toEqual([0, 1, 1]);
    await expect(over(rows("0", "2.1"), [["x", "double"]], [bucketizer("bigint", params)])).rejects.toThrow(
      /values outside 0 to 2/,
    );
  });

  it.each<[string, unknown[]]>([
    ["skip", ["bucket_0", null, null]],
    ["keep", ["bucket_0", "bucket_2", "bucket_2"]],
  ])("handles missing and NaN by %s", async (handleInvalid, expected) => {
    const run = await over(
      rows("0", "NULL", "'nan'"),
      [["x", "double"]],
      [bucketizer("string", { splits: [0, 1, 2], handleInvalid })],
    );
    expect(await run.column("obs.b")).toEqual(expected);
  });

  it("QuantileDiscretizer gives the values that Spark's documentation prints", async () => {
    const run = await over(
      rows("18", "19", "8", "5", "2.2"),
      [["x", "double"]],
      [quantiles("double", { numBuckets: 3 })],
    );
    expect(await run.column("obs.b")).toEqual([2, 2, 1, 1, 0]);
  });

  it("collapses equal quantiles, warns, and labels with the prefix", async () => {
    const run = await over(
      rows("1", "1", "1", "1", "9"),
      [["x", "double"]],
      [quantiles("string", { numBuckets: 4, labelPrefix: "band_" })],
    );
    expect(await run.column("obs.b")).toEqual(["band_1", "band_1", "band_1", "band_1", "band_1"]);
    expect(run.messages.some((message) => /makes 2 of 4 bands/.test(message))).toBe(true);
  });
});

describe("KMeans", () => {
  // Spark's sample_kmeans_data: two groups of three.
  const spark = ["0, 0, 0", "0.1, 0.1, 0.1", "0.2, 0.2, 0.2", "9, 9, 9", "9.1, 9.1, 9.1", "9.2, 9.2, 9.2"]
    .map((v, i) => `(${i}, [${v}]::DOUBLE[])`)
    .join(", ");
  const kmeans = (type: ColumnType, params: Record<string, unknown>) =>
    stage("groups", { estimator: "KMeans", inputs: ["obs.v"], outputs: [{ column: "obs.g", type }], params });

  it("finds the centres that Spark's documentation prints, numbered by their first coordinate whatever the seed", async () => {
    for (const seed of [1, 2, 3, -5]) {
      const run = await over(spark, [["v", "vector"]], [kmeans("bigint", { k: 2, seed })]);
      const centres = run.result.fits[0]?.model.learned.centres as number[][];
      centres.flat().forEach((x, i) => expect(x).toBeCloseTo(i < 3 ? 0.1 : 9.1, 9));
      expect(await run.column("obs.g")).toEqual([0, 0, 0, 1, 1, 1]);
      // Each group has two rows at 3 · 0.1² from its centre.
      expect(run.result.fits[0]?.model.summary.cost).toBeCloseTo(0.12, 9);
    }
  });

  it("makes fewer groups when there are fewer different rows, and says so", async () => {
    const run = await over(
      "(0, [1e0]), (1, [1e0]), (2, [5e0])",
      [["v", "vector"]],
      [kmeans("string", { k: 3, labelPrefix: "segment_" })],
    );
    expect(await run.column("obs.g")).toEqual(["segment_0", "segment_0", "segment_1"]);
    expect(run.messages.some((message) => /makes 2 of 3 groups/.test(message))).toBe(true);
  });

  it("agrees with a brute-force assignment on many rows", async () => {
    const values = Array.from({ length: 400 }, (_, i) => [Math.sin(i) * 10, Math.cos(i * 1.7) * 10, (i % 7) - 3]);
    const run = await over(
      values.map((v, i) => `(${i}, [${v.join(", ")}]::DOUBLE[])`).join(", "),
      [["v", "vector"]],
      [kmeans("bigint", { k: 6, seed: 7, maxIter: 100 })],
    );
    const centres = run.result.fits[0]?.model.learned.centres as number[][];
    const nearest = values.map((v) => {
      const d = centres.map((centre) => centre.reduce((sum, c, i) => sum + (c - (v[i] ?? 0)) ** 2, 0));
      return d.indexOf(Math.min(...d));
    });
    expect(await run.column("obs.g")).toEqual(nearest);
    // Converged: every centre is the mean of its rows.
    centres.forEach((centre, c) => {
      const own = values.filter((_, i) => nearest[i] === c);
      centre.forEach((x, i) => expect(x).toBeCloseTo(own.reduce((sum, v) => sum + (v[i] ?? 0), 0) / own.length, 3));
    });
  });
});
