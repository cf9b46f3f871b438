import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "../small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;
type Features = [a: number | null, b: number | null];

/** Rows of one day each: the first `train` of them train, the others test. */
async function count(rows: Features[], train: number, selections?: RowSelection[]) {
  const values = rows
    .map(
      ([a, b], i) =>
        `(${i}, TIMESTAMP '2024-01-01' + to_days(${i}), ${a ?? "NULL"}::DOUBLE, ${b ?? "NULL"}::DOUBLE, ${i % 2 === 0})`,
    )
    .join(", ");
  const location = await world.write(`rows-${++files}.parquet`, `SELECT * FROM (VALUES ${values}) t(id, t, a, b, y)`);
  const cut = new Date(Date.UTC(2024, 0, 1 + train)).toISOString();
  const run = await world.run({
    entities: [obsEntity(true)],
    sources: [
      obsSource(
        location,
        [
          { name: "a", type: "double" },
          { name: "b", type: "double" },
          { name: "y", type: "boolean" },
        ],
        true,
      ),
    ],
    stages: [
      stage("vector", {
        transformer: "VectorAssembler",
        inputs: ["obs.a", "obs.b"],
        outputs: [{ column: "obs.x", type: "vector" }],
        params: { handleInvalid: "keep" },
      }),
      stage("tree", {
        estimator: "DecisionTreeClassifier",
        inputs: ["obs.x"],
        fitInputs: ["obs.y"],
        outputs: [{ column: "obs.p", type: "double" }],
      }),
    ],
    evaluate: {
      prediction: "obs.p",
      label: "obs.y",
      features: "tree",
      selections: selections ?? [
        { part: "train", split: null, window: ["2000-01-01", cut] },
        { part: "test", split: null, window: [cut, "2100-01-01"] },
      ],
    },
  });
  return run.result.metrics.test?.duplicates;
}

describe("duplicates", () => {
  it.each<[string, Features[], number, number]>([
    [
      "none",
      [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ],
      2,
      0,
    ],
    [
      "one of two",
      [
        [1, 2],
        [3, 4],
        [1, 2],
        [7, 8],
      ],
      2,
      1,
    ],
    [
      "every test row, though they have one value between them",
      [
        [1, 2],
        [3, 4],
        [1, 2],
        [1, 2],
      ],
      2,
      2,
    ],
    [
      "not what agrees in one feature only",
      [
        [1, 2],
        [3, 4],
        [1, 4],
        [3, 2],
      ],
      2,
      0,
    ],
    [
      "not what occurs in the test only",
      [
        [1, 2],
        [3, 4],
        [7, 8],
        [7, 8],
      ],
      2,
      0,
    ],
    [
      "values that differ in their last bit",
      [
        [0.1, 2],
        [3, 4],
        [0.1 + 2 ** -56, 2],
        [7, 8],
      ],
      2,
      0,
    ],
  ])("are %s", async (_, rows, train, expected) => {
    expect(await count(rows, train)).toBe(expected);
  });

  it("are not the test rows themselves, where they are trained on as well", async () => {
    const all: RowSelection["window"] = null;
    const test: RowSelection["window"] = ["2024-01-03", "2100-01-01"];
    const rows: Features[] = [[1, 2], [3, 4], [1, 2], [7, 8]]; // prettier-ignore
    expect(
      await count(rows, 2, [
        { part: "train", split: null, window: all },
        { part: "test", split: null, window: test },
      ]),
    ).toBe(1);
  });

  it("are not counted without rows to train and to test on", async () => {
    const rows: Features[] = [[1, 2], [1, 2]]; // prettier-ignore
    expect(await count(rows, 2, [{ part: "all", split: null, window: null }])).toBeUndefined();
  });
});
