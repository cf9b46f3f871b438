import ELK from "elkjs";
import { describe, expect, it } from "vitest";
import { fromElk, toElk, toPath } from "./lay-out-plan";
import { buildPlanGraph } from "./plan-graph";

const read = (from: string) => ({
  column: `x.${from}`,
  from: from.includes("@") ? { instance: from } : { source: from },
  fitOnly: false,
});
const graph = buildPlanGraph(
  [
    { key: "traffic@1", stage: "traffic", reads: [read("flights")], variants: [0, 1] },
    { key: "scaler@1", stage: "scaler", reads: [read("traffic@1")], variants: [0] },
    { key: "kmeans@1", stage: "kmeans", reads: [read("scaler@1")], variants: [0] },
    { key: "bands@1", stage: "bands", reads: [read("traffic@1")], variants: [1] },
    { key: "late@1", stage: "late", reads: [read("kmeans@1"), read("airports")], variants: [0] },
  ],
  new Set([0, 1]),
);
const heights = new Map([...graph.nodes.keys()].map((id, index) => [id, 44 + 15 * (index % 2)]));

describe("the layout", async () => {
  const laid = fromElk(graph, heights, await new ELK().layout(toElk(graph, heights)));

  it("places every node and every edge", () => {
    expect([...laid.nodes.keys()].sort()).toEqual([...graph.nodes.keys()].sort());
    expect([...laid.edges.keys()].sort()).toEqual(graph.edges.map(({ id }) => id).sort());
  });

  it("has the sources at the left and what reads right of or below what it reads", () => {
    const place = (id: string) => laid.nodes.get(id)!;
    expect(place("source:airports").x).toBe(place("source:flights").x);
    for (const { from, to } of graph.edges)
      expect(place(to).x > place(from).x || (place(to).x === place(from).x && place(to).y > place(from).y)).toBe(true);
  });

  it("lets no two nodes overlap", () => {
    const boxes = [...laid.nodes.values()];
    for (const one of boxes)
      for (const other of boxes)
        if (one !== other)
          expect(
            one.x + one.width <= other.x ||
              other.x + other.width <= one.x ||
              one.y + one.height <= other.y ||
              other.y + other.height <= one.y,
          ).toBe(true);
  });

  it("keeps all within its size", () => {
    for (const { x, y, width, height } of laid.nodes.values()) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(laid.width);
      expect(y + height).toBeLessThanOrEqual(laid.height);
    }
  });
});

it("toPath rounds corners and stops short of the arrow head", () => {
  expect(toPath([{ x: 0, y: 0 }, { x: 20, y: 0 }, { x: 20, y: 30 }], 6, 5)).toBe("M0,0 L14,0 Q20,0 20,6 L20,25"); // prettier-ignore
  expect(toPath([{ x: 0, y: 0 }, { x: 10, y: 0 }])).toBe("M0,0 L10,0"); // prettier-ignore
  expect(toPath([])).toBe("");
});
