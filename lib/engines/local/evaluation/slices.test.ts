import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EvaluationTask } from "@/lib/domain/outcomes/evaluation";
import type { Slice } from "@/lib/domain/outcomes/slices";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "../small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;
const ALL: RowSelection[] = [{ part: "test", split: null, window: null }];

interface Asked {
  task?: EvaluationTask;
  types: { p: ColumnType; y: ColumnType; s: ColumnType };
  /** SQL of prediction, label and slice. */
  rows: readonly (readonly [p: string, y: string, s: string])[];
  selections?: RowSelection[];
}

/** Rows of one day each, sliced by `s`. */
async function slice({ task = "binary", types, rows, selections = ALL }: Asked) {
  const values = rows.map((row, i) => `(${i}, TIMESTAMP '2024-01-01' + to_days(${i}), ${row.join(", ")})`).join(", ");
  const location = await world.write(`s-${++files}.parquet`, `SELECT * FROM (VALUES ${values}) t(id, t, p, y, s)`);
  const columns = (["p", "y", "s"] as const).map((name) => ({ name, type: types[name] }));
  const { result } = await world.run({
    entities: [obsEntity(true)],
    sources: [obsSource(location, columns, true)],
    stages: [
      stage("noop", {
        transformer: "sql",
        inputs: ["obs.p"],
        outputs: [{ column: "obs.q", type: types.p }],
        params: { statement: "SELECT *, p AS q FROM __THIS__" },
      }),
    ],
    evaluate: { prediction: "obs.q", label: "obs.y", selections, task, slices: ["obs.s"] },
  });
  const [found] = result.evaluation?.slices ?? [];
  return { found, slices: found?.parts.test ?? [], whole: result.metrics.test ?? {} };
}

const names = (slices: Slice[]) => slices.map(({ kind, name, metrics }) => [kind, name, metrics.rows]);
const text = (value: string | null) => (value === null ? "NULL::VARCHAR" : `'${value}'`);

describe("slices by value", () => {
  const types = { p: "double", y: "boolean", s: "string" } as const;

  it("are the ten most frequent, the others as one, and the rows without a value", async () => {
    const rows = Array.from({ length: 90 }, (_, i) => {
      // v0 12 times, v1 11 times, … v11 once; then twelve without a value.
      let at = 0;
      for (let left = i, size = 12; left >= size && size > 0; size -= 1, at += 1) left -= size;
      return ["0.5e0", String(i % 2 === 0), text(at < 12 ? `v${at}` : null)] as const;
    });
    const { slices, found } = await slice({ types, rows });
    expect(names(slices)).toEqual([
      ...Array.from({ length: 10 }, (_, at) => ["value", `v${at}`, 12 - at]),
      ["other", "other (2 values)", 3],
      ["missing", "missing", 12],
    ]);
    expect(found).toMatchObject({ feature: "obs.s", edges: null, edgesOf: null });
  });

  it("keep a value that is called as a group apart from the group, and leave rows without a label out", async () => {
    const { slices } = await slice({
      types,
      rows: [
        ["0.1e0", "false", "'missing'"],
        ["0.9e0", "true", "'missing'"],
        ["0.9e0", "NULL::BOOLEAN", "'missing'"],
        ["0.9e0", "true", "NULL"],
        ["0.9e0", "NULL::BOOLEAN", "'gone'"],
      ],
    });
    expect(names(slices)).toEqual([
      ["value", "missing", 2],
      ["missing", "missing", 1],
    ]);
    expect(slices[0]?.metrics).toMatchObject({ auc: 1, accuracy: 1, prAuc: 1 });
    expect(slices[1]?.metrics).not.toHaveProperty("auc");
    expect(slices[0]?.differences.accuracy).toEqual({ value: 0, interval: null });
  });

  it("take a number of few values by value, and booleans", async () => {
    const numbers = await slice({
      types: { ...types, s: "bigint" },
      rows: [["0.5e0", "true", "3"], ["0.5e0", "true", "3"], ["0.5e0", "true", "1"]], // prettier-ignore
    });
    expect(names(numbers.slices)).toEqual([["value", "3", 2], ["value", "1", 1]]); // prettier-ignore
    const booleans = await slice({
      types: { ...types, s: "boolean" },
      rows: [["0.5e0", "true", "true"], ["0.5e0", "true", "false"]], // prettier-ignore
    });
    expect(names(booleans.slices).toSorted()).toEqual([["value", "false", 1], ["value", "true", 1]]); // prettier-ignore
  });

  it("are refused of values that nobody would list", async () => {
    await expect(slice({ types: { ...types, s: "timestamp" }, rows: [["0.5e0", "true", "TIMESTAMP '2024-01-01'"]] })).rejects.toThrow("Rows cannot be sliced by obs.s, which is timestamp."); // prettier-ignore
  });
});

describe("slices of numbers", () => {
  const rows = [
    ...Array.from({ length: 21 }, (_, i) => ["1e0", `${i}e0`, `${i}e0`] as const),
    ["1e0", "1e0", "NULL"] as const,
    ["1e0", "1e0", "'nan'::DOUBLE"] as const,
    ["1e0", "1e0", "1000e0"] as const,
  ];
  const types = { p: "double", y: "double", s: "double" } as const;
  const day = (n: number) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString();

  it("are cut at the quartiles of the training rows", async () => {
    const selections = [
      { part: "train", split: null, window: [day(0), day(21)] as [string, string] },
      { part: "test", split: null, window: null },
    ];
    const { found, slices } = await slice({ task: "regression", types, rows, selections });
    expect(found).toMatchObject({ edges: [5, 10, 15], edgesOf: "train" });
    expect(names(slices)).toEqual([
      ["range", "up to 5", 6],
      ["range", "above 5 to 10", 5],
      ["range", "above 10 to 15", 5],
      ["range", "above 15", 6],
      ["missing", "missing", 2],
    ]);
    expect(found?.parts.train?.map(({ metrics }) => metrics.rows)).toEqual([6, 5, 5, 5]);
    // Labels 0 to 5 against 1.
    expect(slices[0]?.metrics.mae).toBeCloseTo((1 + 0 + 1 + 2 + 3 + 4) / 6, 12);
    expect(slices[0]?.metrics.rmse).toBeCloseTo(Math.sqrt((1 + 0 + 1 + 4 + 9 + 16) / 6), 12);
    expect(slices[0]?.differences).toHaveProperty("rmse");
  });

  it("are cut at those of the judged rows where nothing is trained", async () => {
    const { found } = await slice({ task: "regression", types, rows: rows.slice(0, 21) });
    expect(found).toMatchObject({ edges: [5, 10, 15], edgesOf: "judged" });
  });
});

it("classes are judged slice by slice", async () => {
  const row = (said: string, truth: string, s: string) => [`'${said}'`, `'${truth}'`, `'${s}'`] as const;
  const { slices } = await slice({
    task: "multiclass",
    types: { p: "string", y: "string", s: "string" },
    rows: [row("a", "a", "x"), row("b", "b", "x"), row("b", "c", "x"), row("c", "c", "y"), row("c", "c", "y")],
  });
  expect(slices.map(({ name, metrics }) => [name, metrics.rows, metrics.accuracy, metrics.classes])).toEqual([
    ["x", 3, expect.closeTo(2 / 3, 12), 3],
    ["y", 2, 1, 1],
  ]);
});

it("the area of a slice is as far from the whole as leaving out each row in turn tells", async () => {
  const random = seededRandom(3);
  const drawn = Array.from({ length: 240 }, (_, i) => {
    const y = random() < 0.4;
    const s = i % 3 === 0;
    return { p: Math.round((random() + (y ? (s ? 0.2 : 0.5) : 0)) * 20) / 40, y, s };
  });
  const { slices, whole } = await slice({
    types: { p: "double", y: "boolean", s: "boolean" },
    rows: drawn.map(({ p, y, s }) => [`${p}e0`, String(y), String(s)] as const),
  });
  const area = (rows: typeof drawn) => {
    const [yes, no] = [rows.filter(({ y }) => y), rows.filter(({ y }) => !y)];
    const won = yes.flatMap((a) => no.map((b): number => (a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0)));
    return won.reduce((sum, one) => sum + one, 0) / won.length;
  };
  const difference = (rows: typeof drawn) => area(rows.filter(({ s }) => s)) - area(rows);
  const found = slices.find(({ name }) => name === "true");
  expect(whole.auc).toBeCloseTo(area(drawn), 12);
  expect(found?.differences.auc?.value).toBeCloseTo(difference(drawn), 12);
  const left = drawn.map((_, out) => difference(drawn.filter((__, at) => at !== out)));
  const mean = left.reduce((sum, one) => sum + one, 0) / left.length;
  const jackknife = ((left.length - 1) / left.length) * left.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const [low, high] = found?.differences.auc?.interval ?? [0, 0];
  expect(((high - low) / 2 / 1.959964) ** 2 / jackknife).toBeCloseTo(1, 1);
});
