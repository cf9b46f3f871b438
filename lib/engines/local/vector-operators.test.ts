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

async function over(values: string[], columns: [string, ColumnType][], stages: StageDefinition[]) {
  const names = ["id", ...columns.map(([name]) => name)].join(", ");
  const rows = values.map((row, i) => `(${i}, ${row})`).join(", ");
  const location = await world.write(`vectors-${++files}.parquet`, `SELECT * FROM (VALUES ${rows}) t(${names})`);
  const sources = [obsSource(location, columns.map(([name, type]) => ({ name, type })))]; // prettier-ignore
  return world.run({ entities: [obsEntity()], sources, stages });
}

const vector = (x: (number | string)[]) => `[${x.join(", ")}]::DOUBLE[]`;
const operatorStage = (
  name: string,
  kind: "estimator" | "transformer",
  params: Record<string, unknown> = {},
  inputs = ["obs.v"],
) => stage("form", { [kind]: name, inputs, outputs: [{ column: "obs.z", type: "vector" }], params });

async function overVectors(
  name: string,
  kind: "estimator" | "transformer",
  rows: ((number | string)[] | null)[],
  params: Record<string, unknown> = {},
) {
  const run = await over(rows.map((row) => (row ? vector(row) : "NULL")), [["v", "vector"]], [operatorStage(name, kind, params)]); // prettier-ignore
  return run.column("obs.z");
}

describe("MaxAbsScaler", () => {
  it("gives what Spark's documentation prints, and leaves a component of zeros", async () => {
    expect(
      await overVectors("MaxAbsScaler", "estimator", [[1, 0.1, -8, 0], [2, 1, -4, 0], [4, 10, 8, 0], null]),
    ).toEqual([[0.25, 0.01, -1, 0], [0.5, 0.1, -0.5, 0], [1, 1, 1, 0], null]);
  });
});

describe("RobustScaler", () => {
  const rows = [
    [0, 0, 5],
    [1, -1, 5],
    [2, -2, 5],
    [3, -3, 5],
    [4, -4, 5],
  ];

  // The rows of Spark's own test: median 2 and −2, quantiles 1 and 3.
  it.each([
    [
      {},
      [
        [0, 0, 0],
        [0.5, -0.5, 0],
        [1, -1, 0],
        [1.5, -1.5, 0],
        [2, -2, 0],
      ],
    ],
    [
      { withCentering: true },
      [
        [-1, 1, 0],
        [-0.5, 0.5, 0],
        [0, 0, 0],
        [0.5, -0.5, 0],
        [1, -1, 0],
      ],
    ],
    [
      { withCentering: true, withScaling: false },
      [
        [-2, 2, 0],
        [-1, 1, 0],
        [0, 0, 0],
        [1, -1, 0],
        [2, -2, 0],
      ],
    ],
    [
      { lower: 0, upper: 1 },
      [
        [0, 0, 0],
        [0.25, -0.25, 0],
        [0.5, -0.5, 0],
        [0.75, -0.75, 0],
        [1, -1, 0],
      ],
    ],
  ])("with %j scales by quantiles", async (params, wanted) => {
    const found = (await overVectors("RobustScaler", "estimator", rows, params)) as number[][];
    expect(found.map((row) => row.map((x) => x + 0))).toEqual(wanted);
  });

  it("refuses quantiles in the wrong order", async () => {
    await expect(overVectors("RobustScaler", "estimator", rows, { lower: 0.8 })).rejects.toThrow(
      /lower must be below upper/,
    );
  });
});

describe("Normalizer", () => {
  it.each<[number | string, number[]]>([
    [1, [0.25, 0.125, -0.5, 0.125]],
    [2, [0.4264014327112209, 0.21320071635561044, -0.8528028654224418, 0.21320071635561044]],
    [3, [2 / 586 ** (1 / 3), 1 / 586 ** (1 / 3), -4 / 586 ** (1 / 3), 1 / 586 ** (1 / 3)]],
    ["Infinity", [0.5, 0.25, -1, 0.25]],
  ])("divides by the norm %s", async (p, wanted) => {
    const x = p === 3 ? [2, 1, -4, 1] : [2, 1, -4, 1];
    const [found, zeros] = (await overVectors("Normalizer", "transformer", [x, [0, 0, 0, 0], null], {
      p,
    })) as number[][];
    const norm = p === 3 ? (8 + 1 + 64 + 1) ** (1 / 3) : null;
    found?.forEach((value, i) =>
      expect(value).toBeCloseTo(norm === null ? (wanted[i] ?? NaN) : (x[i] ?? NaN) / norm, 12),
    );
    expect(zeros).toEqual([0, 0, 0, 0]);
  });
});

describe("PolynomialExpansion", () => {
  it("gives the products that Spark's documentation prints, in its order", async () => {
    expect(
      await overVectors("PolynomialExpansion", "transformer", [[2, 1], [0, 0], [3, -1], null], { degree: 3 }),
    ).toEqual([[2, 4, 8, 1, 2, 4, 1, 2, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0], [3, 9, 27, -1, -3, -9, 1, 3, -1], null]);
  });

  it("refuses more components than there can be columns", async () => {
    const wide = Array.from({ length: 100 }, (_, i) => i);
    await expect(overVectors("PolynomialExpansion", "transformer", [wide], { degree: 3 })).rejects.toThrow(
      /176,850 components/,
    );
  });
});

describe("Interaction", () => {
  it("gives the products that Spark's documentation prints, in its order", async () => {
    const rows = ["1, [1, 2, 3]::DOUBLE[], [8, 4, 5]::DOUBLE[]", "2, [4, 3, 8]::DOUBLE[], [7, 9, 8]::DOUBLE[]", "NULL, [1, 1, 1]::DOUBLE[], [1, 1, 1]::DOUBLE[]"]; // prettier-ignore
    const run = await over(rows, [["n", "bigint"], ["a", "vector"], ["b", "vector"]], [operatorStage("Interaction", "transformer", {}, ["obs.n", "obs.a", "obs.b"])]); // prettier-ignore
    expect(await run.column("obs.z")).toEqual([
      [8, 4, 5, 16, 8, 10, 24, 12, 15],
      [56, 72, 64, 42, 54, 48, 112, 144, 128],
      null,
    ]);
  });
});

describe("VectorSlicer", () => {
  it("keeps components in the order given", async () => {
    expect(
      await overVectors("VectorSlicer", "transformer", [[-2, 2.3, 0], ["'NaN'::DOUBLE", 1, 2], null], {
        indices: [2, 1],
      }),
    ).toEqual([[0, 2.3], [2, 1], null]);
  });

  it("refuses a position that there is not", async () => {
    await expect(overVectors("VectorSlicer", "transformer", [[1, 2]], { indices: [0, 2] })).rejects.toThrow(
      /obs\.v has 2 components, from 0 to 1, and none at 2/,
    );
  });
});

describe("TargetEncoder", () => {
  const encode = (rows: string[], params: Record<string, unknown> = {}, label: ColumnType = "boolean") =>
    over(rows, [["c", "double"], ["y", label]], [
      stage("encoder", { estimator: "TargetEncoder", inputs: ["obs.c"], fitInputs: ["obs.y"], outputs: [{ column: "obs.z", type: "double" }], params }),
    ]); // prettier-ignore

  it("gives the mean of the label in each category, with rows of the mean of all mixed in", async () => {
    const rows = ["0, true", "0, false", "1, true", "1, true", "1, true", "2, false", "2, NULL"];
    const plain = await encode(rows);
    expect(await plain.column("obs.z")).toEqual([0.5, 0.5, 1, 1, 1, 0, 0]);
    expect(plain.messages.join()).toMatch(/6 of 7 rows; the others lack the label/);
    // (2 · 0.5 + 1 · 2/3) / 3, (3 · 1 + 2/3) / 4, (0 + 2/3) / 2.
    const mixed = (await (await encode(rows, { smoothing: 1 })).column("obs.z")) as number[];
    [5 / 9, 5 / 9, 11 / 12, 11 / 12, 11 / 12, 1 / 3, 1 / 3].forEach((value, i) =>
      expect(mixed[i]).toBeCloseTo(value, 9),
    );
  });

  it("encodes numbers, hundreds of categories, and rows without a category as one of their own", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `${i % 100}, ${i % 100 === 7 ? "NULL" : i}`);
    const run = await encode(
      [...rows, "NULL, 4", "NULL, 6"],
      { targetType: "continuous", handleInvalid: "keep" },
      "double",
    );
    const found = (await run.column("obs.z")) as number[];
    expect(found[0]).toBe(100);
    expect(found[99]).toBe(199);
    expect(found[300]).toBe(5);
    // Category 7 has no label, so it was not seen: the mean of all.
    const labels = rows.flatMap((_, i) => (i % 100 === 7 ? [] : [i])).concat(4, 6);
    expect(found[7]).toBeCloseTo(labels.reduce((sum, y) => sum + y, 0) / labels.length, 6);
  });

  it("finds categories by position and, where numbers have gaps, by hash, and nothing else for them", async () => {
    const fitted = (step: number) => Array.from({ length: 40 }, (_, i) => `${i * step}, ${i}`);
    for (const step of [1, 3, 1000]) {
      // Without a label they are not fitted: between two categories, below, beyond, and what is no number of a category.
      const others = ["0.5", "-1", `${40 * step}`, "1e300", "'NaN'::DOUBLE", "2"].map((x) => `${x}, NULL`);
      const run = await encode(
        [...fitted(step), ...others],
        { targetType: "continuous", handleInvalid: "keep" },
        "double",
      );
      const mean = 19.5;
      expect(await run.column("obs.z")).toEqual([
        ...Array.from({ length: 40 }, (_, i) => i),
        ...[mean, mean, mean, mean, mean, step === 1 ? 2 : mean],
      ]);
    }
  });

  it.each([
    [["0, 2", "1, 0"], {}, /obs\.y must be true or false, or 1 or 0, for targetType binary/],
    [["0.5, 1", "1, 0"], {}, /obs\.c must hold category numbers/],
    [["0, NULL", "1, NULL"], {}, /obs\.y has no value at all in the 2 rows/],
    [["0, 1", "NULL, 0"], {}, /1 of 2 rows of obs\.c .*handleInvalid to keep/],
    [["0, 'NaN'::DOUBLE", "1, 0::DOUBLE"], { targetType: "continuous" }, /1 rows of the label obs\.y are NaN/],
  ])("refuses %j with %j", async (rows, params, message) => {
    await expect(encode(rows, params, "double")).rejects.toThrow(message);
  });
});

it("names a model's inputs by the columns that they come from", async () => {
  const stages = [
    stage("all", {
      transformer: "VectorAssembler",
      inputs: ["obs.a", "obs.v"],
      outputs: [{ column: "obs.xs", type: "vector" }],
    }),
    stage("scaled", {
      estimator: "StandardScaler",
      inputs: ["obs.xs"],
      outputs: [{ column: "obs.s", type: "vector" }],
    }),
    stage("model", {
      estimator: "LinearRegression",
      inputs: ["obs.s"],
      fitInputs: ["obs.y"],
      outputs: [{ column: "obs.p", type: "double" }],
    }),
  ];
  const rows = Array.from(
    { length: 12 },
    (_, i) => `${i % 4}::DOUBLE, ${vector([i % 3, i])}, ${(i % 4) * 2 + (i % 3) * 3 - i}`,
  );
  const run = await over(rows, [["a", "double"], ["v", "vector"], ["y", "bigint"]], stages); // prettier-ignore
  const terms = run.result.fits.find((fit) => fit.model.operator === "LinearRegression")?.model.terms;
  expect(terms?.terms.map(({ feature }) => feature)).toEqual(["a", "v[0]", "v[1]"]);
});
