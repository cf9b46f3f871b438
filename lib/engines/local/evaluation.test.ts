import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import { seededRandom } from "./seeded-random";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;

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
