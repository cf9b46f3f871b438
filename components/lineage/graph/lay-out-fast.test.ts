import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NODE_HEIGHT, NODE_WIDTH } from "./graph";
import { keepApart, layOutFast } from "./lay-out-fast";

const meshes = fc.integer({ min: 1, max: 24 }).chain((size) =>
  fc.record({
    ids: fc.constant(Array.from({ length: size }, (_, at) => `n${at}`)),
    edges: fc.array(fc.record({ from: fc.nat(size - 1).map((at) => `n${at}`), to: fc.nat(size - 1).map((at) => `n${at}`) }), { maxLength: 60 }), // prettier-ignore
  }),
);

describe("layOutFast", () => {
  it("puts readers to the right of what they read, and a source next to its reader", () => {
    const laid = layOutFast(["a", "b", "c", "late"], [{ from: "a", to: "b" }, { from: "b", to: "c" }, { from: "late", to: "c" }]); // prettier-ignore
    const x = (id: string) => laid.get(id)?.x ?? NaN;
    expect(x("a")).toBeLessThan(x("b"));
    expect(x("b")).toBeLessThan(x("c"));
    expect(x("late")).toBe(x("b"));
  });

  it("places every node once, none on another, cycles or not, and the same again", () => {
    fc.assert(
      fc.property(meshes, ({ ids, edges }) => {
        const laid = layOutFast(ids, edges);
        expect([...laid.keys()]).toEqual(ids);
        const places = [...laid.values()];
        places.forEach((one, at) =>
          places.slice(at + 1).forEach((other) => {
            const apart = Math.abs(one.x - other.x) >= NODE_WIDTH || Math.abs(one.y - other.y) >= NODE_HEIGHT;
            expect(apart).toBe(true);
          }),
        );
        expect(layOutFast(ids, edges)).toEqual(laid);
      }),
    );
  });

  it("gives a very tall layer several columns, all of them left of what reads them", () => {
    const many = Array.from({ length: 200 }, (_, at) => `n${at}`);
    const laid = layOutFast([...many, "all"], many.map((from) => ({ from, to: "all" }))); // prettier-ignore
    const places = many.map((id) => laid.get(id) ?? { x: NaN, y: NaN });
    expect(new Set(places.map(({ x }) => x)).size).toBe(4);
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(200);
    expect(Math.max(...places.map(({ x }) => x)) + NODE_WIDTH).toBeLessThan(laid.get("all")?.x ?? 0);
  });

  it("without a cycle, every edge goes to the right", () => {
    fc.assert(
      fc.property(meshes, ({ ids, edges }) => {
        const forward = edges.filter(({ from, to }) => Number(from.slice(1)) < Number(to.slice(1)));
        const laid = layOutFast(ids, forward);
        for (const { from, to } of forward) expect(laid.get(to)?.x ?? 0).toBeGreaterThan(laid.get(from)?.x ?? 0);
      }),
    );
  });
});

it("keepApart moves as little as the distance asks for", () => {
  expect(keepApart([0, 100, 200], 10)).toEqual([0, 100, 200]);
  expect(keepApart([5, 5], 10)).toEqual([0, 10]);
  expect(keepApart([20, 0], 10)).toEqual([5, 15]);
  expect(keepApart([], 10)).toEqual([]);
});
