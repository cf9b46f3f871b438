import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { OutcomeRequest } from "@/lib/domain/outcomes/outcomes";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld } from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

type HashPolicy = Extract<SplitPolicyDefinition, { type: "hash" }>;
const policy: HashPolicy = {
  kind: "SplitPolicy",
  name: "halves",
  type: "hash",
  algo: "md5-32",
  key: "id",
  salt: "outcome",
  buckets: 10,
  parts: { a: [[0, 5]], b: [[5, 10]], all: [[0, 10]] },
};

/** The policy's definition, in another language than the engine's. */
const bucket = (id: number) =>
  parseInt(createHash("md5").update(`outcome:${id}`).digest("hex").slice(0, 8), 16) % policy.buckets;

let files = 0;
type Cell = number | boolean | null;

/** A file of `id` and `v`. */
async function write(cells: (readonly [id: number, value: Cell])[], time?: (id: number) => string) {
  const rows = cells.map(([id, value]) => `(${id}${time ? `, TIMESTAMP '${time(id)}'` : ""}, ${value ?? "NULL"})`);
  return world.write(
    `cells-${++files}.parquet`,
    `SELECT * FROM (VALUES ${rows.join(", ")}) t(id${time ? ", t" : ""}, v)`,
  );
}

async function compare(
  labels: (readonly [number, Cell])[],
  predictions: (readonly [number, Cell])[][],
  rest: Partial<OutcomeRequest> = {},
) {
  const label = { files: [await write(labels)], column: "v" };
  const chunks = await Promise.all(predictions.map((cells) => write(cells)));
  const [found] = await world.engine.compareOutcomes({
    entity: obsEntity(),
    task: "classification",
    label,
    policy,
    arms: [{ name: "one", files: chunks, column: "v", parts: ["all"] }],
    window: null,
    ...rest,
  });
  if (!found) throw new Error("no arm");
  return found;
}

const mean = (list: number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
const variance = (list: number[]) => list.reduce((sum, x) => sum + (x - mean(list)) ** 2, 0) / (list.length - 1);

describe("figures of one arm", () => {
  it("of four predictions, computed by hand", async () => {
    const found = await compare(
      [
        [1, false],
        [2, false],
        [3, true],
        [4, true],
      ],
      [
        [
          [1, 0.1],
          [2, 0.6],
          [3, 0.6],
          [4, 0.8],
        ],
      ],
    );
    expect(found).toMatchObject({ name: "one", n: 4, missingPredictions: 0, missingLabels: 0, positives: 2 });
    const squares = [0.01, 0.36, 0.16, 0.04];
    expect(found.metrics.brier?.mean).toBeCloseTo(0.1425, 12);
    expect(found.metrics.brier?.variance).toBeCloseTo(variance(squares), 12);
    const losses = [0.9, 0.4, 0.6, 0.8].map((q) => -Math.log(q));
    expect(found.metrics.logLoss?.mean).toBeCloseTo(mean(losses), 12);
    expect(found.metrics.logLoss?.variance).toBeCloseTo(variance(losses), 12);
    // One of four is wrong: mean 1/4, variance (3 (1/4)² + (3/4)²) / 3 = 1/4.
    expect(found.metrics.error?.mean).toBe(0.25);
    expect(found.metrics.error?.variance).toBeCloseTo(0.25, 12);
    // 0.6 beats 0.1 and ties with 0.6, 0.8 beats both: 3.5 of 4. V10 = (3/4, 1), V01 = (1, 3/4), s² = 1/32 each.
    expect(found.auc?.value).toBeCloseTo(0.875, 12);
    expect(found.auc?.variance).toBeCloseTo(1 / 32 / 2 + 1 / 32 / 2, 12);
    expect(found.metrics).not.toHaveProperty("squaredError");
  });

  it("has the area and the variance that comparing all pairs gives", async () => {
    const random = seededRandom(5);
    const rows = Array.from({ length: 400 }, (_, id) => {
      const p = Math.round(random() * 25) / 25;
      return { id, p, y: random() < 0.15 + 0.6 * p };
    });
    const found = await compare(
      rows.map(({ id, y }) => [id, y] as const),
      [rows.map(({ id, p }) => [id, p] as const)],
    );
    const yes = rows.filter(({ y }) => y).map(({ p }) => p);
    const no = rows.filter(({ y }) => !y).map(({ p }) => p);
    const beats = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
    const v10 = yes.map((x) => mean(no.map((y) => beats(x, y))));
    const v01 = no.map((y) => mean(yes.map((x) => beats(x, y))));
    expect(found.auc?.value).toBeCloseTo(mean(v10), 12);
    expect(found.auc?.variance).toBeCloseTo(variance(v10) / yes.length + variance(v01) / no.length, 12);
  });

  it("of a regression", async () => {
    const found = await compare(
      [
        [1, 10],
        [2, 20],
        [3, -5],
      ],
      [
        [
          [1, 12],
          [2, 19],
          [3, -9],
        ],
      ],
      { task: "regression" },
    );
    expect(found).toMatchObject({ n: 3, auc: null, positives: null });
    expect(found.metrics.squaredError).toEqual({ mean: 7, variance: variance([4, 1, 16]) });
    expect(found.metrics.absoluteError?.mean).toBeCloseTo(7 / 3, 12);
    expect(found.metrics.absoluteError?.variance).toBeCloseTo(variance([2, 1, 4]), 12);
    expect(Object.keys(found.metrics)).toEqual(["squaredError", "absoluteError"]);
  });

  it("stays finite for certain mistakes, and says nothing that its rows do not tell", async () => {
    const wrong = await compare([[1, true]], [[[1, 0]]]);
    expect(wrong.metrics.logLoss?.mean).toBeCloseTo(-Math.log(1e-15), 9);
    expect(wrong).toMatchObject({ n: 1, auc: null, positives: 1 });
    expect(wrong.metrics.brier).toEqual({ mean: 1, variance: null });
    const pair = await compare(
      [
        [1, true],
        [2, false],
      ],
      [
        [
          [1, 0.9],
          [2, 0.1],
        ],
      ],
    );
    expect(pair.auc).toEqual({ value: 1, variance: null });
    expect(await compare([[1, true]], [[[2, 0.4]]])).toEqual({
      name: "one",
      n: 0,
      missingPredictions: 1,
      missingLabels: 1,
      metrics: {},
      auc: null,
      positives: 0,
    });
  });

  it("counts what is missing on either side", async () => {
    const found = await compare(
      [
        [1, true],
        [2, false],
        [3, null],
        [4, true],
        [6, null],
      ],
      [
        [
          [1, 0.9],
          [2, null],
          [3, 0.5],
          [5, 0.1],
          [6, null],
        ],
      ],
    );
    expect(found).toMatchObject({ n: 1, missingPredictions: 2, missingLabels: 2 });
  });

  it("takes a row that two chunks hold from the later one", async () => {
    const labels = [
      [1, true],
      [2, true],
      [3, true],
    ] as const;
    const found = await compare(
      [...labels],
      [
        [
          [1, 0.1],
          [2, 0.1],
        ],
        [
          [2, 0.9],
          [3, 0.9],
        ],
      ],
    );
    expect(found.n).toBe(3);
    expect(found.metrics.error?.mean).toBeCloseTo(1 / 3, 12);
  });
});

describe("arms", () => {
  const ids = Array.from({ length: 200 }, (_, id) => id);
  const arms = async (rest: Partial<OutcomeRequest> = {}) =>
    world.engine.compareOutcomes({
      entity: obsEntity(),
      task: "classification",
      label: { files: [await write(ids.map((id) => [id, id % 3 === 0]))], column: "v" },
      policy,
      arms: [
        { name: "plain", files: [await write(ids.map((id) => [id, 0.5]))], column: "v", parts: ["a"] },
        {
          name: "sharp",
          files: [await write(ids.map((id) => [id, id % 3 === 0 ? 0.9 : 0.2]))],
          column: "v",
          parts: ["b"],
        },
      ],
      window: null,
      ...rest,
    });

  it("are judged on the rows of their own parts alone", async () => {
    const inPart = (from: number, to: number) => ids.filter((id) => bucket(id) >= from && bucket(id) < to);
    const [plain, sharp] = await arms();
    expect([plain?.n, sharp?.n]).toEqual([inPart(0, 5).length, inPart(5, 10).length]);
    expect(sharp?.positives).toBe(inPart(5, 10).filter((id) => id % 3 === 0).length);
    expect([plain?.auc?.value, sharp?.auc?.value]).toEqual([0.5, 1]);
    expect([plain?.missingPredictions, plain?.missingLabels]).toEqual([0, 0]);
  });

  it("have labels of a source, assigned by a column that only the source has, within a window", async () => {
    const time = (id: number) => `2024-01-${String((id % 20) + 1).padStart(2, "0")} 12:00`;
    const location = await world.write(
      "labels.csv",
      `SELECT id, t, v, id % 7 AS shop FROM '${await write(
        ids.map((id) => [id, id % 2]),
        time,
      )}'`,
    );
    const source = obsSource(
      location,
      [
        { name: "truth", type: "bigint", from: "v" },
        { name: "shop", type: "bigint" },
      ],
      true,
    );
    const predictions = await write(
      ids.map((id) => [id, id % 2 === 1]),
      time,
    );
    const byShop = { ...policy, key: "shop" };
    const [only] = await world.engine.compareOutcomes({
      entity: obsEntity(true),
      task: "classification",
      label: { files: [location], column: "truth", source: { ...source, format: "csv" } },
      policy: byShop,
      arms: [{ name: "only", files: [predictions], column: "v", parts: ["a"] }],
      window: ["2024-01-05", "2024-01-10T12:00:00Z"],
    });
    const expected = ids.filter((id) => bucket(id % 7) < 5 && (id % 20) + 1 >= 5 && (id % 20) + 1 < 10);
    expect(only).toMatchObject({ n: expected.length, missingPredictions: 0, missingLabels: 0 });
    expect(only?.metrics.error?.mean).toBe(0);
  });

  it("that cannot be compared say why", async () => {
    const base = { name: "plain", column: "v", parts: ["a"] };
    const file = await write([[1, 0.5]]);
    await expect(arms({ arms: [{ ...base, files: [file], parts: ["c"] }] })).rejects.toThrow(
      /Arm plain is judged on part c of split policy halves, which only has a, b, all/,
    );
    await expect(arms({ arms: [{ ...base, files: [] }] })).rejects.toThrow(/no predictions yet/);
    await expect(arms({ arms: [{ ...base, files: [file], column: "w" }] })).rejects.toThrow(/arm plain lack w/);
    await expect(arms({ arms: [{ ...base, files: [`${file}.gone`] }] })).rejects.toThrow(/cannot be read/);
    await expect(arms({ policy: { ...policy, key: "shop" } })).rejects.toThrow(
      /goes by shop, which is no join key of obs/,
    );
    const twice = await write([
      [1, 0.5],
      [1, 0.6],
    ]);
    await expect(arms({ arms: [{ ...base, files: [twice] }] })).rejects.toThrow(/2 rows for obs 1/);
    const text = await world.write("text.parquet", "SELECT 1 AS id, 'x' AS v");
    await expect(arms({ arms: [{ ...base, files: [text] }] })).rejects.toThrow(/holds v as VARCHAR/);
    const large = await write(ids.map((id) => [id, 3]));
    await expect(arms({ arms: [{ ...base, files: [large] }] })).rejects.toThrow(/no probabilities/);
    await expect(arms({ label: { files: [large], column: "v" } })).rejects.toThrow(/must be true or false/);
  });
});
