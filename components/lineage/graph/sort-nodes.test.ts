import { expect, it } from "vitest";
import { groupLabels } from "./group-labels";
import { mergeLineages } from "./merge-lineages";
import { contentsOf, overviewGraph } from "./overview-graph";
import { parseSort, sortNodes } from "./sort-nodes";
import { feature } from "./test-graph.test-support";

const { nodes } = mergeLineages([{ nodes: [feature("b", 2, 0, { distance: 1 }), feature("a", 2, 0, { distance: -1 }), feature("c", 5)], edges: [] }]); // prettier-ignore

it.each([
  ["name", "abc"],
  ["-name", "cba"],
  ["steps", "acb"],
  ["-upstream", "cab"],
  ["nonsense", "acb"],
])("sorts by %s: %s", (sort, expected) => {
  expect(sortNodes(nodes.values(), sort).map(({ name }) => name).join("")).toBe(expected); // prettier-ignore
  expect(parseSort(sort).descending).toBe(sort.startsWith("-"));
});

it("an overview's groups are nodes with how many they stand for", () => {
  const graph = overviewGraph({
    groups: [
      { id: "view:daily", label: "daily", kinds: { feature: 3, stage: 1 }, nodes: 4, edges: 3 },
      { id: "entity:", label: "", kinds: { model: 1 }, nodes: 1, edges: 0 },
    ],
    edges: [
      { from: "view:daily", to: "entity:", edges: 3, roles: ["reads"] },
      { from: "view:daily", to: "view:unlisted", edges: 2, roles: ["reads"] },
    ],
    total: { groups: 2, nodes: 5, edges: 8 },
    hidden: { nodes: 0, edges: 2 },
  });
  expect(graph.nodes.get("view:daily")).toMatchObject({ kind: "view", size: 4, detail: "1 stage, 3 features" });
  expect(graph.nodes.get("entity:")).toMatchObject({ kind: "group", name: "no entity" });
  expect(graph.edges).toEqual([{ from: "view:daily", to: "entity:", role: "reads", count: 3 }]);
  expect(contentsOf({})).toBe("");
});

it("labels of entities stand in the middle of their nodes, and none covers a larger one", () => {
  const many = mergeLineages([{ nodes: ["a", "b", "c"].map((name) => feature(name, 0, 0, { entity: name === "c" ? "city" : "airport" })), edges: [] }]).nodes; // prettier-ignore
  const positions = new Map([["feature:a", { x: 0, y: 0 }], ["feature:b", { x: 0, y: 100 }], ["feature:c", { x: 0, y: 60 }]]); // prettier-ignore
  const room = (height: number) => () => ({ width: 10, height });
  expect(groupLabels(many.values(), positions, room(5)).map(({ text }) => text)).toEqual(["airport · 2", "city · 1"]);
  expect(groupLabels(many.values(), positions, room(50)).map(({ text }) => text)).toEqual(["airport · 2"]);
});
