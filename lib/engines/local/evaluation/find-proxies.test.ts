import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import type { TargetProxy } from "@/lib/domain/outcomes/target-proxies";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "../small-world.test-support";

let world: SmallWorld;
let location: string;
const ROWS = 600;
const NAMES = ["noise", "copy", "minus", "nearly", "ties", "y"] as const;
const table: (Record<(typeof NAMES)[number], number> & { late: boolean })[] = [];
const day = (n: number) => new Date(Date.UTC(2000, 0, 1 + n)).toISOString();
const part = (name: string, from: number, to: number): RowSelection => ({ part: name, split: null, window: [day(from), day(to)] }); // prettier-ignore

beforeAll(async () => {
  world = await openSmallWorld();
  const random = seededRandom(3);
  for (let i = 0; i < ROWS; i++) {
    const y = 10 * random();
    const late = y > 6;
    // `ties` has two values; one late row in 50 has the wrong one.
    table.push({ noise: random(), copy: 3 * y + 1, minus: -y, nearly: y + random(), ties: late && i % 50 > 0 ? 1 : 0, y, late }); // prettier-ignore
  }
  const rows = table.map((row, i) => `(${i}, TIMESTAMP '2000-01-01' + to_days(${i}), ${NAMES.map((name) => row[name]).join(", ")}, ${row.late})`); // prettier-ignore
  location = await world.write("rows.parquet", `SELECT id, t, ${NAMES.map((name) => `${name}::DOUBLE AS ${name}`).join(", ")}, late FROM (VALUES ${rows.join(", ")}) v(id, t, ${NAMES.join(", ")}, late)`); // prettier-ignore
});
afterAll(() => world.close());

async function proxies(task: "binary" | "regression", inputs: string[], validation: [number, number] = [300, ROWS]) {
  const label = task === "regression" ? "obs.y" : "obs.late";
  const columns = [...NAMES.map((name) => ({ name, type: "double" as const })), { name: "late", type: "boolean" as const }]; // prettier-ignore
  const { result } = await world.run({
    entities: [obsEntity(true)],
    sources: [obsSource(location, columns, true)],
    stages: [
      stage("x", { transformer: "VectorAssembler", inputs: inputs.map((name) => `obs.${name}`), outputs: [{ column: "obs.x", type: "vector" }] }), // prettier-ignore
      stage("model", { estimator: task === "binary" ? "LogisticRegression" : "LinearRegression", inputs: ["obs.x"], fitInputs: [label], outputs: [{ column: "obs.p", type: "double" }] }), // prettier-ignore
    ],
    outputs: ["obs.p"],
    evaluate: { prediction: "obs.p", label, selections: [part("train", 0, 300), part("validation", ...validation)], task, shuffle: "model" }, // prettier-ignore
  });
  return result.evaluation?.proxies ?? [];
}

const rounded = (found: TargetProxy[]) => found.map((one) => ({ ...one, value: Number(one.value.toFixed(12)) }));

/** The share of pairs of a late and another row that the values put in the right order, half of those that are equal. */
function areaUnder(name: (typeof NAMES)[number], from: number): number {
  const rows = table.slice(from);
  let right = 0;
  let pairs = 0;
  for (const one of rows.filter(({ late }) => late))
    for (const other of rows.filter(({ late }) => !late)) {
      pairs += 1;
      right += one[name] > other[name] ? 1 : one[name] === other[name] ? 0.5 : 0;
    }
  return Math.max(right / pairs, 1 - right / pairs);
}

describe("inputs that tell the label alone", () => {
  it("are named with their area under the curve, in either direction and with equal values, and no others", async () => {
    const found = await proxies("binary", ["noise", "copy", "minus", "nearly", "ties"]);
    const expected = (["copy", "minus", "nearly", "ties"] as const)
      .map((name) => ({
        feature: name,
        measure: "auc",
        value: Number(areaUnder(name, 300).toFixed(12)),
        rows: 300,
      })) // prettier-ignore
      .filter(({ value }) => value >= 0.98);
    expect(expected.length).toBeGreaterThan(2);
    expect(rounded(found)).toEqual(expected);
  });

  it("of a number are those whose correlation explains it", async () => {
    const found = await proxies("regression", ["noise", "copy", "minus", "ties"]);
    expect(rounded(found)).toEqual([
      { feature: "copy", measure: "r2", value: 1, rows: 300 },
      { feature: "minus", measure: "r2", value: 1, rows: 300 },
    ]);
  });

  it("are not told from a few rows", async () => {
    expect(await proxies("regression", ["noise", "copy"], [300, 329])).toEqual([]);
  });
});
