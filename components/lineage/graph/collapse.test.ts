import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collapse } from "./collapse";
import { grouperOf } from "./group-of";
import { mergeLineages } from "./merge-lineages";
import { feature, flow, graphOf } from "./test-graph.test-support";

const NONE = new Set<string>();

describe("collapse", () => {
  it("puts the features of a view together, but never the focus", () => {
    const view = { ...feature("v"), id: "view:v", kind: "view" as const };
    const graph = mergeLineages([
      {
        nodes: [feature("s"), feature("a"), feature("b"), feature("c"), view],
        edges: [flow("s", "a"), flow("s", "b"), flow("s", "c"), ...["a", "b", "c"].map((name) => ({ from: `feature:${name}`, to: "view:v", role: "contains" as const }))], // prettier-ignore
      },
    ]);
    const by = collapse(graph, grouperOf(graph, "view", "feature:a"), NONE);
    expect([...by.nodes.keys()].sort()).toEqual(["feature:a", "feature:s", "group:v"]);
    expect(by.nodes.get("group:v")).toMatchObject({ size: 3, members: ["feature:b", "feature:c", "view:v"] });
    expect(by.edges).toContainEqual({ from: "feature:s", to: "group:v", role: "reads", count: 2 });
    expect(by.inside).toBe(2);
    expect(collapse(graph, grouperOf(graph, "view", null), new Set(["v"])).nodes.size).toBe(5);
  });

  it("a group of one is no group; what its members hide is added up", () => {
    const graph = mergeLineages([{ nodes: [feature("a", 2, 0, { owner: "x" }), feature("b", 3, 0, { owner: "x" }), feature("c", 0, 0, { owner: "y" })], edges: [] }]); // prettier-ignore
    const by = collapse(graph, grouperOf(graph, "owner", null), NONE);
    expect([...by.nodes.keys()]).toEqual(["group:x", "feature:c"]);
    expect(by.hidden.get("group:x")).toEqual({ up: 5, down: 0 });
  });

  it("counts every edge and every node exactly once, whatever is put together", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const edges = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { selector: ([from, to]) => `${from}${to}`, maxLength: 20 }); // prettier-ignore
    const groups = fc.array(fc.constantFrom(null, "g", "h"), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(edges, groups, fc.boolean(), (flows, of, isOpen) => {
        const graph = graphOf(names, flows);
        const groupOf = ({ name }: { name: string }) => {
          const group = of[names.indexOf(name)] ?? null;
          return group === null ? null : { name: group, detail: "" };
        };
        const by = collapse(graph, groupOf, isOpen ? new Set(["g"]) : NONE);
        expect(by.edges.reduce((sum, { count }) => sum + count, by.inside)).toBe(graph.edges.length);
        expect([...by.nodes.values()].reduce((sum, { size }) => sum + size, 0)).toBe(graph.nodes.size);
        for (const { from, to } of by.edges) expect(by.nodes.has(from) && by.nodes.has(to)).toBe(true);
        expect(new Set(by.homes.values())).toEqual(new Set(by.nodes.keys()));
      }),
    );
  });
});
