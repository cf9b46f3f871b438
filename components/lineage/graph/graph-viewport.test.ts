import { sightOf } from "@/components/ui/viewport";
import { describe, expect, it } from "vitest";
import { anchorAt } from "./anchor-at";
import { NODE_HEIGHT, NODE_WIDTH } from "./graph";
import { boundsOf, fitAll, openAt, reveal } from "./graph-viewport";

const SIZE = { width: 1000, height: 600 };

describe("the viewport", () => {
  it("does not move for what is in sight, and moves as little as it takes for what is not", () => {
    const viewport = { x: 0, y: 0, zoom: 1 };
    expect(reveal(viewport, { x: 100, y: 100 }, SIZE)).toBe(viewport);
    const moved = reveal(viewport, { x: 2000, y: 100 }, SIZE);
    expect(moved.y).toBe(0);
    expect(sightOf(moved, SIZE).right).toBeGreaterThanOrEqual(2000 + NODE_WIDTH);
    expect(sightOf(moved, SIZE).left).toBeLessThan(2000);
  });

  it("opens a small graph whole and a large one readable around the focus", () => {
    const small = new Map([["a", { x: 0, y: 0 }], ["b", { x: 300, y: 0 }]]); // prettier-ignore
    expect(openAt(small, "a", SIZE)).toEqual(fitAll(small, SIZE));
    const large = new Map([...small, ["c", { x: 20_000, y: 9000 }]]);
    const { left, right } = sightOf(openAt(large, "c", SIZE), SIZE);
    expect((left + right) / 2).toBeCloseTo(20_000 + NODE_WIDTH / 2);
    expect(openAt(large, "c", SIZE).zoom).toBe(0.8);
    expect(fitAll(new Map(), SIZE)).toEqual({ x: 0, y: 0, zoom: 1 });
  });

  it("fits everything into what there is", () => {
    const positions = new Map([["a", { x: -500, y: 0 }], ["b", { x: 4000, y: 2500 }]]); // prettier-ignore
    const sight = sightOf(fitAll(positions, SIZE), SIZE);
    const box = boundsOf(positions);
    expect(box).toEqual({ left: -500, top: 0, right: 4000 + NODE_WIDTH, bottom: 2500 + NODE_HEIGHT });
    expect(sight.left).toBeLessThanOrEqual(-500);
    expect(sight.bottom).toBeGreaterThanOrEqual(2500 + NODE_HEIGHT);
  });
});

it("anchorAt keeps one node in place, and leads edges along", () => {
  const laid = { positions: new Map([["a", { x: 10, y: 10 }], ["b", { x: 20, y: 10 }]]), routes: new Map([["e", [{ x: 5, y: 5 }]]]) }; // prettier-ignore
  const moved = anchorAt(laid, new Map([["b", { x: 0, y: 0 }]]), "b");
  expect(moved.positions.get("a")).toEqual({ x: -10, y: 0 });
  expect(moved.positions.get("b")).toEqual({ x: 0, y: 0 });
  expect(moved.routes.get("e")).toEqual([{ x: -15, y: -5 }]);
  expect(anchorAt(laid, new Map(), "b")).toBe(laid);
});
