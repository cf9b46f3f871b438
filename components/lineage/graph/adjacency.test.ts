import { expect, it } from "vitest";
import { adjacencyOf, traceOf } from "./adjacency";
import { neighbourOf } from "./neighbour-of";
import { flow } from "./test-graph.test-support";

const EDGES = [flow("a", "b"), flow("b", "c"), flow("b", "d"), flow("x", "c")];
const names = (ids: Iterable<string>) => [...ids].map((id) => id.slice("feature:".length)).sort().join(""); // prettier-ignore

it.each([
  ["b", "both", "abcd"],
  ["b", "up", "ab"],
  ["b", "down", "bcd"],
  ["x", "both", "cx"],
  ["c", "up", "abcx"],
] as const)("the trace of %s, %s, is %s: a sibling's other input is not part of it", (id, direction, expected) => {
  expect(names(traceOf(EDGES, `feature:${id}`, direction))).toBe(expected);
});

it("a trace ends in a cycle, and goes through a view's service only from the view itself", () => {
  expect(names(traceOf([flow("a", "b"), flow("b", "a")], "feature:a", "both"))).toBe("ab");
  const service = [flow("column", "view", "contains"), flow("view", "service", "through")];
  expect(names(traceOf(service, "feature:column", "down"))).toBe(
    "columnview"
      .match(/column|view/g)
      ?.sort()
      .join(""),
  );
  expect(traceOf(service, "feature:view", "down").has("feature:service")).toBe(true);
  expect(traceOf(service, "feature:service", "up").has("feature:view")).toBe(true);
});

it("the keyboard walks along edges and within a column", () => {
  const positions = new Map([
    ["feature:a", { x: 0, y: 0 }],
    ["feature:b", { x: 300, y: 0 }],
    ["feature:c", { x: 600, y: -40 }],
    ["feature:d", { x: 600, y: 80 }],
  ]);
  const adjacency = adjacencyOf(EDGES);
  const from = (id: string, key: string) => neighbourOf(adjacency, positions, `feature:${id}`, key);
  expect(from("a", "ArrowRight")).toBe("feature:b");
  expect(from("b", "ArrowRight")).toBe("feature:c");
  expect(from("c", "ArrowDown")).toBe("feature:d");
  expect(from("c", "ArrowUp")).toBeNull();
  // x is not laid out.
  expect(from("c", "ArrowLeft")).toBe("feature:b");
  expect(from("a", "ArrowLeft")).toBeNull();
  expect(from("a", "x")).toBeNull();
});
