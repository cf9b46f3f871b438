import { expect, it } from "vitest";
import { mergeLineages } from "./merge-lineages";
import { feature, flow } from "./test-graph.test-support";

// a → b → c, b → d, x → c
const near = { nodes: [feature("a", 3, 1), feature("b", 1, 2), feature("c", 2), feature("d", 1)], edges: [flow("a", "b"), flow("b", "c"), flow("b", "d")] }; // prettier-ignore
const more = { nodes: [feature("c", 2), feature("x", 0, 1)], edges: [flow("x", "c")] };

it("counts what is not shown and shows what was added", () => {
  const before = mergeLineages([near]);
  expect(before.hidden.get("feature:a")).toEqual({ up: 3, down: 0 });
  expect(before.hidden.get("feature:c")).toEqual({ up: 1, down: 0 });
  const after = mergeLineages([near, more]);
  expect(after.nodes.size).toBe(5);
  expect(after.edges).toHaveLength(4);
  expect(after.hidden.get("feature:c")).toEqual({ up: 0, down: 0 });
});

it("has no edge twice and none that ends nowhere", () => {
  const { edges } = mergeLineages([near, near, { nodes: [], edges: [flow("d", "nowhere")] }]);
  expect(edges).toHaveLength(3);
});
