import { describe, expect, it } from "vitest";
import { crosses, curveBetween, curvesOf, pathOf } from "./edge-path";
import { edgeKey, NODE_HEIGHT, NODE_WIDTH } from "./graph";
import { flow, graphOf } from "./test-graph.test-support";

describe("an edge's curve", () => {
  it("leads from the right side of the one to the left side of the other", () => {
    const curve = curveBetween({ x: 0, y: 0 }, { x: 400, y: 100 });
    expect(curve.start).toEqual({ x: NODE_WIDTH, y: NODE_HEIGHT / 2 });
    expect(curve.pieces.at(-1)?.end).toEqual({ x: 396, y: 100 + NODE_HEIGHT / 2 });
    expect(pathOf(curve)).toMatch(/^M232,33 C/);
  });

  it("goes through what the layout led it around, and is in sight where its box is", () => {
    const curve = curveBetween({ x: 0, y: 0 }, { x: 900, y: 0 }, [{ x: 400, y: 300 }, { x: 640, y: 300 }]); // prettier-ignore
    expect(curve.pieces.map(({ end }) => end.y)).toEqual([300, 300, NODE_HEIGHT / 2]);
    expect(curve.middle).toEqual({ x: 520, y: 300 });
    expect(crosses(curve, { left: 500, top: 290, right: 510, bottom: 310 })).toBe(true);
    expect(crosses(curve, { left: 500, top: 310, right: 510, bottom: 320 })).toBe(false);
  });

  it("backwards bends around its ends", () => {
    const { box } = curveBetween({ x: 500, y: 0 }, { x: 0, y: 0 });
    expect(box.right).toBeGreaterThan(500 + NODE_WIDTH);
    expect(box.left).toBeLessThan(0);
  });
});

it("an edge without both places has no curve", () => {
  const { edges } = graphOf(["a", "b"], [["a", "b"]]); // prettier-ignore
  expect(curvesOf(edges, new Map([["feature:a", { x: 0, y: 0 }]]), new Map()).size).toBe(0);
  const both = new Map([["feature:a", { x: 0, y: 0 }], ["feature:b", { x: 300, y: 0 }]]); // prettier-ignore
  expect([...curvesOf(edges, both, new Map()).keys()]).toEqual([edgeKey(flow("a", "b"))]);
});
