import { describe, expect, it } from "vitest";
import { edgeKey } from "./graph";
import { markGraph, stepKey, type Marking } from "./marks";
import { flow, graphOf } from "./test-graph.test-support";

const GRAPH = graphOf(["a", "b", "c"], [["a", "b"], ["b", "c"], ["a", "c"]]); // prettier-ignore
const NOTHING: Marking = { trace: null, steps: null, leak: null, change: null, variants: null, found: new Set() };
const id = (name: string) => `feature:${name}`;

describe("markGraph", () => {
  it("lights the nodes of a trace and the edges between them", () => {
    const { nodes, edges } = markGraph(GRAPH, { ...NOTHING, trace: new Set([id("a"), id("b")]) });
    expect([...nodes.values()].map(({ tone }) => tone)).toEqual(["lit", "lit", "dim"]);
    expect(edges.get(edgeKey(flow("a", "b")))?.tone).toBe("lit");
    expect(edges.get(edgeKey(flow("a", "c")))?.tone).toBe("dim");
    expect([...markGraph(GRAPH, NOTHING).nodes.values()].every(({ tone }) => tone === "plain")).toBe(true);
  });

  it("lights only the steps of a path, not every edge between its nodes", () => {
    const steps = new Set([stepKey(flow("a", "b")), stepKey(flow("b", "c"))]);
    const { edges } = markGraph(GRAPH, { ...NOTHING, trace: new Set(["a", "b", "c"].map(id)), steps });
    expect([...edges.values()].map(({ tone }) => tone)).toEqual(["lit", "lit", "dim"]);
  });

  it("gives letters only to what tells variants apart, and to an edge what both its ends share", () => {
    const of = new Map([[id("a"), [0, 1]], [id("b"), [0]], [id("c"), [1]]]); // prettier-ignore
    const { nodes, edges } = markGraph(GRAPH, { ...NOTHING, variants: { of, total: 2 } });
    expect(nodes.get(id("a"))?.variants).toBeNull();
    expect(nodes.get(id("b"))?.variants).toEqual([0]);
    expect(edges.get(edgeKey(flow("a", "c")))?.variants).toEqual([1]);
    expect(edges.get(edgeKey(flow("b", "c")))?.variants).toEqual([]);
  });

  it("says what was added and removed, what leaks and what was found", () => {
    const { nodes, edges } = markGraph(GRAPH, {
      ...NOTHING,
      leak: { nodes: new Set([id("a")]), steps: new Set([stepKey(flow("a", "b"))]) },
      change: { nodes: new Map([[id("c"), "added"]]), edges: new Map([[edgeKey(flow("b", "c")), "removed"]]) },
      found: new Set([id("b")]),
    });
    expect(nodes.get(id("a"))).toMatchObject({ leaks: true, change: null, found: false });
    expect(nodes.get(id("b"))).toMatchObject({ leaks: false, found: true });
    expect(nodes.get(id("c"))?.change).toBe("added");
    expect(edges.get(edgeKey(flow("a", "b")))?.leaks).toBe(true);
    expect(edges.get(edgeKey(flow("b", "c")))?.change).toBe("removed");
  });
});
