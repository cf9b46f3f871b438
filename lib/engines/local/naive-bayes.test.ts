import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";
import { NO_WORLD } from "./make-plan.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;

const model = (params: Record<string, unknown>, output: ColumnType) =>
  stage("model", {
    estimator: "NaiveBayes",
    inputs: ["obs.v"],
    fitInputs: ["obs.y"],
    outputs: [{ column: "obs.p", type: output }],
    params,
  });

async function fitModel(
  xs: number[][],
  ys: (number | null)[],
  params: Record<string, unknown> = {},
  output: ColumnType = "vector",
) {
  const rows = xs.map((x, i) => `(${i}, [${x.join(", ")}]::DOUBLE[], ${ys[i] ?? "NULL"})`).join(", ");
  const location = await world.write(`bayes-${++files}.parquet`, `SELECT * FROM (VALUES ${rows}) t(id, v, y)`);
  const sources = [
    obsSource(location, [
      { name: "v", type: "vector" },
      { name: "y", type: "bigint" },
    ]),
  ];
  const run = await world.run({ entities: [obsEntity()], sources, stages: [model(params, output)] });
  return { learned: run.result.fits[0]?.model.learned ?? {}, p: await run.column("obs.p") };
}

// "Chinese Beijing Chinese", "Chinese Chinese Shanghai", "Chinese Macao" are about China (1), "Tokyo Japan Chinese" is not:
// example 13.1 of Manning, Raghavan and Schütze, Introduction to Information Retrieval. The fifth is to be judged.
const BOOK = [
  [2, 1, 0, 0, 0, 0],
  [2, 0, 1, 0, 0, 0],
  [1, 0, 0, 1, 0, 0],
  [1, 0, 0, 0, 1, 1],
  [3, 0, 0, 0, 1, 1],
];
const CHINA = [1, 1, 1, 0, null];

describe("NaiveBayes", () => {
  it("gives the probabilities of the book's example, with Spark's smoothing of the classes", async () => {
    const { learned, p } = await fitModel(BOOK, CHINA);
    const theta = learned.theta as number[][];
    expect(theta[1]?.[0]).toBeCloseTo(Math.log(3 / 7), 9);
    expect(theta[1]?.[4]).toBeCloseTo(Math.log(1 / 14), 9);
    expect(theta[0]?.[0]).toBeCloseTo(Math.log(2 / 9), 9);
    expect(theta[0]?.[5]).toBeCloseTo(Math.log(2 / 9), 9);
    // The book has 3/4; Spark adds the smoothing here too: (3 + 1) / (4 + 2).
    expect((learned.pi as number[])[1]).toBeCloseTo(Math.log(4 / 6), 9);
    const yes = (4 / 6) * (3 / 7) ** 3 * (1 / 14) ** 2;
    const no = (2 / 6) * (2 / 9) ** 3 * (2 / 9) ** 2;
    expect((p as number[][])[4]?.[1]).toBeCloseTo(yes / (yes + no), 9);
    expect((p as number[][])[4]?.[0]).toBeCloseTo(no / (yes + no), 9);
  });

  it("gives the probability of class 1 when the output is a number", async () => {
    const both = (await fitModel(BOOK, CHINA)).p as number[][];
    const single = (await fitModel(BOOK, CHINA, {}, "double")).p as number[];
    single.forEach((p, i) => expect(p).toBeCloseTo(both[i]?.[1] ?? NaN, 12));
  });

  it("tells three classes apart, and adds up to 1", async () => {
    const xs = [
      [4, 0, 1],
      [3, 1, 0],
      [0, 5, 1],
      [1, 4, 0],
      [0, 1, 6],
      [1000, 0, 0],
    ];
    const ys = [0, 0, 1, 1, 2, null];
    const { learned, p } = await fitModel(xs, ys, { smoothing: 0.5 });
    expect((learned.pi as number[])[2]).toBeCloseTo(Math.log(1.5 / 6.5), 9);
    expect((learned.theta as number[][])[2]?.[2]).toBeCloseTo(Math.log(6.5 / 8.5), 9);
    const vectors = p as number[][];
    for (const vector of vectors) expect(vector.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
    expect(vectors.map((vector) => vector.indexOf(Math.max(...vector)))).toEqual([0, 0, 1, 1, 2, 0]);
    await expect(fitModel(xs, ys, {}, "double")).rejects.toThrow(/3 classes.*as a vector/);
  });

  it("refuses negative counts, labels with gaps or one value, and certainty from smoothing 0", async () => {
    await expect(fitModel([[1], [-1]], [0, 1])).rejects.toThrow(/goes down to -1/);
    await expect(fitModel([[1], [1], [-1]], [0, 1, null])).rejects.toThrow(/1 of 3 rows of obs\.v .*negative/);
    await expect(fitModel([[1], [2]], [0, 2])).rejects.toThrow(/without a gap/);
    await expect(fitModel([[1], [2]], [1, 1])).rejects.toThrow(/without a gap/);
    const apart = [
      [1, 0],
      [0, 1],
    ];
    await expect(fitModel(apart, [0, 1], { smoothing: 0 })).rejects.toThrow(/smoothing 0/);
  });

  it("says before a run which model it has", async () => {
    expect((await world.engine.unsupported([model({ modelType: "gaussian" }, "vector")], NO_WORLD))[0]?.reason).toMatch(
      /gaussian model runs on spark/,
    );
    expect(await world.engine.unsupported([model({}, "vector")], NO_WORLD)).toEqual([]);
  });
});
