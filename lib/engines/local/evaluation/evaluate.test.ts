import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EvaluationTask } from "@/lib/domain/outcomes/evaluation";
import golden from "@/test/fixtures/evaluation/scikit-learn-metrics.json";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "../small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;

/** Rows of SQL values under the prediction `q` and the label `y`, judged as a task. */
async function judgeAs(
  task: EvaluationTask,
  types: { q: ColumnType; y: ColumnType },
  pairs: readonly (readonly [q: string, y: string])[],
  threshold = 0.5,
) {
  const rows = pairs.map(([q, y], i) => `(${i}, ${q}, ${y})`).join(", ");
  const location = await world.write(`pairs-${++files}.parquet`, `SELECT * FROM (VALUES ${rows}) t(id, p, y)`);
  const run = await world.run({
    entities: [obsEntity()],
    sources: [
      obsSource(location, [
        { name: "p", type: types.q },
        { name: "y", type: types.y },
      ]),
    ],
    stages: [
      stage("noop", {
        transformer: "sql",
        inputs: ["obs.p"],
        outputs: [{ column: "obs.q", type: types.q }],
        params: { statement: "SELECT *, p AS q FROM __THIS__" },
      }),
    ],
    evaluate: {
      prediction: "obs.q",
      label: "obs.y",
      selections: [{ part: "all", split: null, window: null }],
      task,
      threshold,
    },
  });
  const all = run.result.evaluation?.parts.all;
  return { metrics: run.result.metrics.all ?? {}, task: run.result.evaluation?.task, detail: all };
}

async function judge(
  pairs: [p: number | null, y: boolean | null][],
  selections: RowSelection[] = [{ part: "all", split: null, window: null }],
) {
  const rows = pairs
    .map(
      ([p, y], i) => `(${i}, TIMESTAMP '2024-01-01' + to_days(${i}), ${p ?? "NULL"}::DOUBLE, ${y ?? "NULL"}::BOOLEAN)`,
    )
    .join(", ");
  const location = await world.write(`pairs-${++files}.parquet`, `SELECT * FROM (VALUES ${rows}) t(id, t, p, y)`);
  const noop = stage("noop", {
    transformer: "sql",
    inputs: ["obs.p"],
    outputs: [{ column: "obs.q", type: "double" }],
    params: { statement: "SELECT *, p AS q FROM __THIS__" },
  });
  const run = await world.run({
    entities: [obsEntity(true)],
    sources: [
      obsSource(
        location,
        [
          { name: "p", type: "double" },
          { name: "y", type: "boolean" },
        ],
        true,
      ),
    ],
    stages: [noop],
    evaluate: { prediction: "obs.q", label: "obs.y", selections },
  });
  return run.result.metrics;
}

describe("metrics", () => {
  it("of a hand-computed case, with ties", async () => {
    const { all } = await judge([
      [0.1, false],
      [0.4, false],
      [0.4, true],
      [0.8, true],
    ]);
    // Pairs: 0.4 beats 0.1, ties with 0.4 (half), 0.8 beats both: 3.5 of 4.
    expect(all).toMatchObject({ rows: 4, auc: 0.875, accuracy: 0.75, positives: 0.5 });
    expect(all?.brier).toBeCloseTo((0.01 + 0.16 + 0.36 + 0.04) / 4, 12);
    expect(all?.logLoss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.6) + Math.log(0.4) + Math.log(0.8)) / 4, 12);
  });

  it("agree with counting every pair", async () => {
    const random = seededRandom(9);
    const pairs = Array.from({ length: 300 }, (): [number, boolean] => {
      const p = Math.round(random() * 20) / 20;
      return [p, random() < p * 0.7 + 0.1];
    });
    const positives = pairs.filter(([, y]) => y);
    const negatives = pairs.filter(([, y]) => !y);
    const won = positives
      .flatMap(([p]) => negatives.map(([q]): number => (p > q ? 1 : p === q ? 0.5 : 0)))
      .reduce((sum, w) => sum + w, 0);
    expect((await judge(pairs)).all?.auc).toBeCloseTo(won / positives.length / negatives.length, 12);
  });

  it("stay finite for certain mistakes, one class, missing values and no rows", async () => {
    expect(
      (
        await judge([
          [0, true],
          [1, false],
        ])
      ).all?.logLoss,
    ).toBeCloseTo(-Math.log(1e-15), 6);
    const single = (
      await judge([
        [0.2, true],
        [0.3, true],
      ])
    ).all;
    expect(single).not.toHaveProperty("auc");
    expect(single?.positives).toBe(1);
    expect(
      (
        await judge([
          [0.2, true],
          [null, false],
          [0.4, null],
          [0.1, false],
        ])
      ).all,
    ).toMatchObject({ rows: 2, unjudged: 2, auc: 1 });
    expect((await judge([[null, true]])).all).toEqual({ rows: 0, unjudged: 1 });
  });

  it("are computed for each selection", async () => {
    const found = await judge(
      [
        [0.1, false],
        [0.9, true],
        [0.9, false],
        [0.1, true],
      ],
      [
        { part: "early", split: null, window: ["2024-01-01", "2024-01-03"] },
        { part: "late", split: null, window: ["2024-01-03", "2025-01-01"] },
      ],
    );
    expect([found.early?.auc, found.late?.auc]).toEqual([1, 0]);
  });
});

describe("metrics as scikit-learn has them", () => {
  const same = (found: Record<string, number>, wanted: Record<string, unknown>, names: string[]) => {
    for (const name of names) expect([name, found[name]]).toEqual([name, expect.closeTo(wanted[name] as number, 10)]);
  };

  it("of two classes, at a threshold of one's own", async () => {
    const { p, y, threshold, ...wanted } = golden.binary;
    const { metrics, detail, task } = await judgeAs(
      "binary",
      { q: "double", y: "boolean" },
      p.map((value, at) => [`${value}e0`, y[at] === 1 ? "true" : "false"]),
      threshold,
    );
    expect(task).toBe("binary");
    same(metrics, wanted, Object.keys(wanted));
    expect(detail?.confusion?.counts.flat().reduce((sum, n) => sum + n, 0)).toBe(p.length);
    for (const [name, [low, high]] of Object.entries(detail?.intervals ?? {})) {
      expect(low).toBeLessThanOrEqual(metrics[name] as number);
      expect(high).toBeGreaterThanOrEqual(metrics[name] as number);
    }
    // The area under the points, by trapezia, is the AUC: with few rows no point is left out.
    const points = [{ falsePositiveRate: 0, truePositiveRate: 0 }, ...(detail?.curve ?? [])];
    const area = points.slice(1).reduce((sum, point, at) => {
      const before = points[at] as (typeof points)[0];
      const width = point.falsePositiveRate - before.falsePositiveRate;
      return sum + (width * (point.truePositiveRate + before.truePositiveRate)) / 2;
    }, 0);
    expect(area).toBeCloseTo(wanted.auc, 10);
    const groups = detail?.calibration ?? [];
    expect(groups.reduce((sum, { rows }) => sum + rows, 0)).toBe(p.length);
    expect(groups.reduce((sum, { rows, observed }) => sum + rows * observed, 0)).toBeCloseTo(
      y.filter((one) => one === 1).length,
      10,
    );
  });

  it("of three classes, from their probabilities", async () => {
    const { p, y, confusion, ...wanted } = golden.multi;
    const { metrics, detail, task } = await judgeAs(
      "multiclass",
      { q: "vector", y: "bigint" },
      p.map((row, at) => [`[${row.map((one) => `${one}::DOUBLE`).join(", ")}]`, String(y[at])]),
    );
    expect(task).toBe("multiclass");
    same(metrics, wanted, Object.keys(wanted));
    expect(detail?.confusion).toEqual({ classes: ["0", "1", "2"], counts: confusion });
    expect(metrics.classes).toBe(3);
  });

  it("of predicted classes, without probabilities", async () => {
    const { p, y, confusion, ...wanted } = golden.multi;
    const said = p.map((row) => row.indexOf(Math.max(...row)));
    const { metrics, detail } = await judgeAs(
      "multiclass",
      { q: "string", y: "string" },
      said.map((one, at) => [`'c${one}'`, `'c${y[at]}'`]),
    );
    same(metrics, wanted, ["accuracy", "macroF1", "weightedF1"]);
    expect(metrics).not.toHaveProperty("logLoss");
    expect(detail?.confusion).toEqual({ classes: ["c0", "c1", "c2"], counts: confusion });
  });

  it("of numbers", async () => {
    const { p, y, ...wanted } = golden.numbers;
    const { metrics, detail, task } = await judgeAs(
      "regression",
      { q: "double", y: "double" },
      p.map((value, at) => [`${value}::DOUBLE`, `${y[at]}::DOUBLE`]),
    );
    expect(task).toBe("regression");
    same(metrics, wanted, Object.keys(wanted));
    expect(detail?.residuals?.reduce((sum, { rows }) => sum + rows, 0)).toBe(p.length);
    expect(detail?.intervals.rmse?.[0]).toBeLessThan(wanted.rmse);
  });
});

describe("an evaluation", () => {
  it("takes a vector of two probabilities as one of a yes", async () => {
    const { metrics, task } = await judgeAs("multiclass", { q: "vector", y: "bigint" }, [
      ["[0.9, 0.1]::DOUBLE[]", "0"],
      ["[0.2, 0.8]::DOUBLE[]", "1"],
    ]);
    expect([task, metrics.auc]).toEqual(["binary", 1]);
  });

  it("counts a class that the model does not know as a mistake, and refuses labels that are no class numbers", async () => {
    const three = "[0.2, 0.2, 0.6]::DOUBLE[]";
    const { metrics, detail } = await judgeAs("multiclass", { q: "vector", y: "double" }, [
      [three, "2e0"],
      [three, "5e0"],
      [three, "NULL::DOUBLE"],
    ]);
    expect(metrics).toMatchObject({ rows: 2, unjudged: 1, accuracy: 0.5, classes: 2 });
    expect(metrics.logLoss).toBeGreaterThan(15);
    expect(detail?.confusion).toEqual({ classes: ["2", "5"], counts: [[1, 0], [1, 0]] }); // prettier-ignore
    await expect(judgeAs("multiclass", { q: "vector", y: "double" }, [[three, "1.5e0"]])).rejects.toThrow(
      "The label obs.y must be class numbers 0, 1, 2 …; 1 rows of all hold something else.",
    );
  });

  it("says nothing that a number cannot tell: no MAPE with a label of 0, no R² of one row", async () => {
    const { metrics } = await judgeAs("regression", { q: "double", y: "bigint" }, [["1e0", "0"]]);
    expect(metrics).toEqual({ rows: 1, rmse: 1, mae: 1, medianAe: 1 });
    const constant = await judgeAs("regression", { q: "double", y: "bigint" }, [
      ["3e0", "3"],
      ["4e0", "3"],
      ["'nan'::DOUBLE", "3"],
    ]);
    expect(constant.metrics).toMatchObject({ rows: 2, unjudged: 1, r2: 0 });
  });
});
