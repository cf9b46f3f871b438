import { expect, it } from "vitest";
import type { PlanLayout } from "./lay-out-plan";
import { nextNode } from "./walk-plan";

const box = (x: number, y: number) => ({ x, y, width: 100, height: 40 });
const layout: PlanLayout = {
  width: 500,
  height: 200,
  nodes: new Map([
    ["source", box(0, 60)],
    ["a", box(150, 0)],
    ["b", box(150, 90)],
    ["c", box(300, 80)],
  ]),
  edges: new Map(),
};
const edge = (from: string, to: string) => ({
  id: `${from} ${to}`,
  from,
  to,
  columns: [],
  fitOnly: false,
  variants: [],
});
const edges = [edge("source", "a"), edge("source", "b"), edge("a", "c"), edge("b", "c")];

it.each([
  ["source", "ArrowRight", "b"],
  ["c", "ArrowLeft", "b"],
  ["a", "ArrowRight", "c"],
  ["a", "ArrowDown", "b"],
  ["b", "ArrowUp", "a"],
  ["a", "ArrowUp", null],
  ["source", "ArrowLeft", null],
  ["source", "x", null],
  ["nowhere", "ArrowRight", null],
])("from %s by %s to %s", (from, key, to) => {
  expect(nextNode(edges, layout, from, key)).toBe(to);
});
