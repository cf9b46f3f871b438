import { describe, expect, it } from "vitest";
import type { Lineage, LineageNode } from "@/lib/contracts/lineage";
import { drawSvg } from "./draw-svg";
import { mergeLineages, neighbourOf, traceOf } from "./graph";
import { anchorAt } from "./lay-out";

const node = (id: string, upstream: number, downstream: number): LineageNode => ({
  id,
  kind: "feature",
  name: id.slice(8),
  entity: null,
  detail: "",
  owner: "",
  environments: [],
  drift: null,
  leak: null,
  upstream,
  downstream,
  distance: 0,
});
const flow = (from: string, to: string) => ({ from: `feature:${from}`, to: `feature:${to}`, role: "reads" as const });
const lineage = (names: [string, number, number][], edges: [string, string][]): Lineage => ({
  focus: "feature:b",
  nodes: names.map(([name, up, down]) => node(`feature:${name}`, up, down)),
  edges: edges.map(([from, to]) => flow(from, to)),
  truncated: false,
});

// a → b → c, b → d, x → c
const near = lineage([["a", 3, 1], ["b", 1, 2], ["c", 2, 0], ["d", 1, 0]], [["a", "b"], ["b", "c"], ["b", "d"]]); // prettier-ignore
const more = lineage([["c", 2, 0], ["x", 0, 1]], [["x", "c"]]); // prettier-ignore

describe("mergeLineages", () => {
  it("counts what is not shown and shows what was expanded", () => {
    const before = mergeLineages([near]);
    expect(before.hidden.get("feature:a")).toEqual({ up: 3, down: 0 });
    expect(before.hidden.get("feature:c")).toEqual({ up: 1, down: 0 });
    const after = mergeLineages([near, more]);
    expect(after.nodes.size).toBe(5);
    expect(after.hidden.get("feature:c")).toEqual({ up: 0, down: 0 });
  });
});

it("traceOf follows the direction: a sibling's other input is not part of it", () => {
  const { edges } = mergeLineages([near, more]);
  expect([...traceOf(edges, "feature:b")].sort()).toEqual(["feature:a", "feature:b", "feature:c", "feature:d"]);
  expect([...traceOf(edges, "feature:x")].sort()).toEqual(["feature:c", "feature:x"]);
});

it("neighbourOf walks along edges and within a column", () => {
  const graph = mergeLineages([near]);
  const positions = new Map([
    ["feature:a", { x: 0, y: 0 }],
    ["feature:b", { x: 300, y: 0 }],
    ["feature:c", { x: 600, y: -40 }],
    ["feature:d", { x: 600, y: 80 }],
  ]);
  const from = (id: string, key: string) => neighbourOf(graph, positions, `feature:${id}`, key);
  expect(from("a", "ArrowRight")).toBe("feature:b");
  expect(from("b", "ArrowRight")).toBe("feature:c");
  expect(from("c", "ArrowDown")).toBe("feature:d");
  expect(from("c", "ArrowUp")).toBeNull();
  expect(from("a", "ArrowLeft")).toBeNull();
  expect(from("a", "x")).toBeNull();
});

it("anchorAt keeps one node in place", () => {
  const laid = new Map([["a", { x: 10, y: 10 }], ["b", { x: 20, y: 10 }]]); // prettier-ignore
  expect(anchorAt(laid, new Map([["b", { x: 0, y: 0 }]]), "b")).toEqual(new Map([["a", { x: -10, y: 0 }], ["b", { x: 0, y: 0 }]])); // prettier-ignore
  expect(anchorAt(laid, new Map(), "b")).toBe(laid);
});

it("drawSvg is well-formed with any name", () => {
  const graph = mergeLineages([lineage([['<&">', 0, 0]], [])]);
  const ink = { paper: "#fff", text: "#000", muted: "#666", accent: "#00f" };
  const { svg } = drawSvg(graph, new Map([['feature:<&">', { x: 0, y: 0 }]]), "", ink);
  expect(svg).toContain("&lt;&amp;&quot;>");
});
