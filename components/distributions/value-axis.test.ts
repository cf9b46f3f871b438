import { expect, it } from "vitest";
import { valueTicks } from "./value-axis";

const no = { low: false, high: false };

it.each([
  ["where they are", [0, 50, 100], no, [[0, "0"], [0.2, "20"], [0.4, "40"], [0.6, "60"], [0.8, "80"], [1, "100"]]],
  ["beside a bar for what is below", [0, 50, 100], { low: true, high: false }, [[1 / 3, "0"], [1.4 / 3, "20"], [1.8 / 3, "40"], [2.2 / 3, "60"], [2.6 / 3, "80"], [1, "100"]]],
  ["between edges that are not round", [-21.65, 483.6, 988.85], { low: true, high: true }, [[0.2607, "0"], [0.3597, "200"], [0.4586, "400"], [0.5576, "600"], [0.6566, "800"]]],
  ["nowhere for one value", [7, 7], no, []],
  ["nowhere without edges", [], no, []],
])("stand %s", (_, edges, ends, expected) => {
  const ticks = valueTicks(edges, ends);
  expect(ticks.map(({ text }) => text)).toEqual(expected.map(([, text]) => text));
  ticks.forEach(({ at }, index) => expect(at).toBeCloseTo(expected[index]?.[0] as number, 3));
}); // prettier-ignore
