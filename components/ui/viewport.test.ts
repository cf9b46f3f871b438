import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { centreOn, fitBox, fitZoom, shiftIntoSight, sightOf, toDrawing, toScreen, zoomAround } from "./viewport";

const screen = { width: 400, height: 200 };
const LIMITS = { least: 0.1, most: 8 };
const number = fc.double({ min: -1000, max: 1000, noNaN: true });
const point = fc.record({ x: number, y: number });
const viewport = fc.record({ x: number, y: number, zoom: fc.double({ min: 0.1, max: 8, noNaN: true }) });

describe("viewport", () => {
  it("goes to the screen and back", () => {
    fc.assert(
      fc.property(viewport, point, (view, at) => {
        const back = toDrawing(view, toScreen(view, at));
        expect(back.x).toBeCloseTo(at.x, 6);
        expect(back.y).toBeCloseTo(at.y, 6);
      }),
    );
  });

  it("keeps what is under the pointer while it zooms, within its limits", () => {
    fc.assert(
      fc.property(viewport, point, fc.double({ min: 0.01, max: 100, noNaN: true }), (view, at, factor) => {
        const zoomed = zoomAround(view, factor, at, LIMITS);
        expect(zoomed.zoom).toBeGreaterThanOrEqual(LIMITS.least);
        expect(zoomed.zoom).toBeLessThanOrEqual(LIMITS.most);
        const [before, after] = [toDrawing(view, at), toDrawing(zoomed, at)];
        expect(after.x).toBeCloseTo(before.x, 4);
        expect(after.y).toBeCloseTo(before.y, 4);
      }),
    );
  });

  it.each([
    [{ left: 0, top: 0, right: 400, bottom: 200 }, 0, { x: 0, y: 0, zoom: 1 }],
    [{ left: 100, top: 100, right: 200, bottom: 150 }, 0, { x: -400, y: -400, zoom: 4 }],
    [{ left: 0, top: 0, right: 400, bottom: 100 }, 50, { x: 50, y: 62.5, zoom: 0.75 }],
    [{ left: 0, top: 0, right: 1, bottom: 1 }, 0, { x: 196, y: 96, zoom: 8 }],
  ])("fits %j with a margin of %i", (box, margin, expected) => {
    expect(fitBox(box, screen, margin, LIMITS)).toEqual(expected);
  });

  it("knows what is in sight of what it fitted", () => {
    expect(sightOf(centreOn({ x: 50, y: 60 }, 2, screen), screen)).toEqual({
      left: -50,
      top: 10,
      right: 150,
      bottom: 110,
    });
    expect(sightOf({ x: 0, y: 0, zoom: 1 }, screen, 0.5)).toEqual({ left: -200, top: -100, right: 600, bottom: 300 });
    expect(fitZoom({ width: 800, height: 100 }, screen)).toBe(0.5);
  });

  it.each([
    [20, 50, 0],
    [-20, 50, 30],
    [380, 50, -40],
  ])("moves what begins at %i and is %i long by %i", (from, length, by) => {
    expect(shiftIntoSight(from, length, 400, 10)).toBe(by);
  });
});
