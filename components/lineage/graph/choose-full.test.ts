import type { Point } from "@/components/ui/viewport";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseFull, MOST_FULL } from "./choose-full";
import { detailAt } from "./detail-at";

const grid = (count: number) =>
  new Map(Array.from({ length: count }, (_, at): [string, Point] => [`n${at}`, { x: (at % 50) * 300, y: Math.floor(at / 50) * 90 }])); // prettier-ignore
const EVERYTHING = { left: -1e6, top: -1e6, right: 1e6, bottom: 1e6 };

describe("chooseFull", () => {
  it("mounts a graph that fits whole, and of a larger one what is near the middle of the sight", () => {
    expect(chooseFull(grid(300), { left: 0, top: 0, right: 1, bottom: 1 }, 1, []).size).toBe(300);
    const near = chooseFull(grid(2000), { left: 0, top: 0, right: 700, bottom: 300 }, 1, ["n1999"]);
    expect([...near]).toContain("n1999");
    expect([...near]).toContain("n0");
    expect([...near]).not.toContain("n40");
    expect(near.size).toBeLessThan(20);
  });

  it("mounts nothing but what must be there when names cannot be read anyway", () => {
    expect([...chooseFull(grid(20), EVERYTHING, 0.1, ["n3", "unknown"])]).toEqual(["n3"]);
  });

  it("never mounts more than 300, and never the same for another order of the same question", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2500 }), fc.double({ min: 0.33, max: 2, noNaN: true }), (count, zoom) => {
        const full = chooseFull(grid(count), EVERYTHING, zoom, [`n${count - 1}`]);
        expect(full.size).toBe(Math.min(count, MOST_FULL));
        expect(full.has(`n${count - 1}`)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

it("a node says more the closer it is", () => {
  expect([0.05, 0.31, 0.32, 0.61, 0.62, 2].map(detailAt)).toEqual(["workspace", "workspace", "view", "view", "column", "column"]); // prettier-ignore
});
