import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import type { EvaluationTask } from "@/lib/domain/outcomes/evaluation";
import type { PermutationImportance } from "@/lib/domain/outcomes/permutation-importance";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "../small-world.test-support";

let world: SmallWorld;
let location: string;
/** What each column adds to the label, row by row. */
const added: Record<"a" | "b" | "hot", number[]> = { a: [], b: [], hot: [] };
const ROWS = 4000;
const day = (n: number) => new Date(Date.UTC(2000, 0, 1 + n)).toISOString();
const part = (name: string, from: number, to: number): RowSelection => ({ part: name, split: null, window: [day(from), day(to)] }); // prettier-ignore
const PARTS = [part("train", 0, 2000), part("validation", 2000, ROWS)];

beforeAll(async () => {
  world = await openSmallWorld();
  const random = seededRandom(8);
  // a and b are uniform; c says nothing; k is one of three, which the label adds 0, 1 or 4 for.
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const [a, b, c] = [random(), random(), random()];
    const k = Math.floor(random() * 3);
    const parts = { a: 8 * a, b: -2 * b, hot: k === 2 ? 4 : k };
    for (const name of ["a", "b", "hot"] as const) added[name].push(parts[name]);
    const y = parts.a + parts.b + parts.hot + (random() - 0.5) * 0.5;
    return `(${i}, TIMESTAMP '2000-01-01' + to_days(${i}), ${a}, ${b}, ${c}, ${k}, ${y}, ${y > 4})`;
  });
  location = await world.write("rows.parquet", `SELECT id, t, a::DOUBLE AS a, b::DOUBLE AS b, c::DOUBLE AS c, k::DOUBLE AS k, y::DOUBLE AS y, late FROM (VALUES ${rows.join(", ")}) v(id, t, a, b, c, k, y, late)`); // prettier-ignore
});
afterAll(() => world.close());

async function shuffle(
  task: EvaluationTask,
  estimator: string,
  selections = PARTS,
): Promise<PermutationImportance | undefined> {
  const label = task === "regression" ? "obs.y" : "obs.late";
  const { result } = await world.run({
    entities: [obsEntity(true)],
    sources: [
      obsSource(
        location,
        [
          ...["a", "b", "c", "k", "y"].map((name) => ({ name, type: "double" as const })),
          { name: "late", type: "boolean" },
        ],
        true,
      ),
    ],
    stages: [
      stage("hot", {
        estimator: "OneHotEncoder",
        inputs: ["obs.k"],
        outputs: [{ column: "obs.hot", type: "vector" }],
        params: { dropLast: false },
      }),
      stage("x", {
        transformer: "VectorAssembler",
        inputs: ["obs.a", "obs.b", "obs.c", "obs.hot"],
        outputs: [{ column: "obs.x", type: "vector" }],
      }),
      stage("model", {
        estimator,
        inputs: ["obs.x"],
        fitInputs: [label],
        outputs: [{ column: "obs.p", type: "double" }],
      }),
    ],
    outputs: ["obs.p"],
    evaluate: { prediction: "obs.p", label, selections, task, shuffle: "model" },
  });
  return result.evaluation?.importance;
}

const inputsOf = (found: PermutationImportance | undefined) => {
  if (!found || "reason" in found) throw new Error(JSON.stringify(found));
  return found;
};

describe("shuffled inputs", () => {
  it("of a linear model lose what their variance explains", async () => {
    const {
      metric,
      part: of,
      rows,
      repeats,
      score,
      inputs,
    } = inputsOf(await shuffle("regression", "LinearRegression"));
    expect([metric, of, rows, repeats]).toEqual(["rmse", "validation", 2000, 5]);
    const by = new Map(inputs.map((one) => [one.feature, one]));
    expect([...by.keys()]).toEqual(["a", "hot", "b", "c"]);
    // Two independent draws of what a column adds differ by twice its variance.
    for (const feature of ["a", "b", "hot"] as const) {
      const own = added[feature].slice(2000);
      const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
      const variance = own.reduce((sum, one) => sum + (one - mean) ** 2, 0) / own.length;
      const loss = Math.sqrt(score ** 2 + 2 * variance) - score;
      expect([feature, by.get(feature)?.value]).toEqual([feature, expect.closeTo(loss, 1)]);
    }
    expect(Math.abs(by.get("c")?.value ?? 1)).toBeLessThan(0.002);
    expect(by.get("a")?.deviation).toBeGreaterThan(0);
    expect(by.get("a")?.deviation).toBeLessThan(0.1);
  });

  it("are the same when they are shuffled again, and leave the score of the part as it is", async () => {
    const [one, other] = [await shuffle("binary", "DecisionTreeClassifier"), await shuffle("binary", "DecisionTreeClassifier")]; // prettier-ignore
    expect(one).toEqual(other);
    const { metric, score, inputs } = inputsOf(one);
    expect([metric, inputs[0]?.feature, inputs.at(-1)?.value]).toEqual(["auc", "a", expect.closeTo(0, 2)]);
    expect(score).toBeGreaterThan(0.9);
    expect(inputs[0]?.value).toBeGreaterThan(0.1);
  });

  it("are never those of test rows: without a validation part there are none, and a sentence says so", async () => {
    const found = await shuffle("regression", "LinearRegression", [part("train", 0, 2000), part("test", 2000, ROWS)]);
    expect(found).toEqual({ reason: expect.stringContaining("names no validation part") as string });
  });
});
