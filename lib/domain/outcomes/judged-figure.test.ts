import { describe, expect, it } from "vitest";
import { differenceOf } from "../statistics/difference";
import { seededRandom } from "../statistics/seeded-random";
import { ALPHA, differenceFromWhole, intervalOfFigure, type JudgedFigure } from "./judged-figure";

function figureOf(kind: JudgedFigure["kind"], values: readonly number[]): JudgedFigure {
  const n = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  const variance = kind === "share" ? null : values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (n - 1);
  return { kind, n, value, variance };
}

const range = (n: number, of: (at: number) => number) => Array.from({ length: n }, (_, at) => of(at));

describe("the difference of a slice from the whole", () => {
  const slice = range(40, (at) => at % 7);
  const rest = range(60, (at) => 1 + (at % 5));

  it.each(["mean", "share"] as const)("of a %s is that from the rest, by its share of the rows", (kind) => {
    const of = (values: number[]) => figureOf(kind, kind === "share" ? values.map((one) => Number(one > 2)) : values);
    const found = differenceFromWhole(of(slice), of([...slice, ...rest]));
    const fromRest = differenceOf(of(rest), of(slice), kind, ALPHA);
    expect(found.value).toBeCloseTo((fromRest?.value ?? 0) * 0.6, 12);
    expect(found.interval?.[0]).toBeCloseTo((fromRest?.interval.low ?? 0) * 0.6, 12);
    expect(found.interval?.[1]).toBeCloseTo((fromRest?.interval.high ?? 0) * 0.6, 12);
  });

  it("is not told of fewer than thirty rows, inside the slice or outside", () => {
    const few = figureOf("mean", slice.slice(0, 29));
    const all = figureOf("mean", slice);
    expect(differenceFromWhole(few, figureOf("mean", [...slice, ...rest]))).toMatchObject({ interval: null });
    expect(differenceFromWhole(all, figureOf("mean", [...slice, ...rest.slice(0, 29)])).interval).toBeNull();
    expect(differenceFromWhole(all, figureOf("mean", [...slice, ...rest.slice(0, 30)])).interval).not.toBeNull();
  });

  it("of an area has the variance that its rows tell, or no interval", () => {
    const [slice, whole] = [
      { kind: "area", n: 50, value: 0.7, variance: 0.01 },
      { kind: "area", n: 200, value: 0.8, variance: 0.001 },
    ] as const;
    expect(differenceFromWhole(slice, whole)).toEqual({ value: expect.closeTo(-0.1, 12) as number, interval: null });
    const { interval } = differenceFromWhole(slice, whole, 0.0025);
    expect(interval?.[0]).toBeCloseTo(-0.1 - 1.959964 * 0.05, 6);
    expect(interval?.[1]).toBeCloseTo(-0.1 + 1.959964 * 0.05, 6);
  });

  it.each(["mean", "share", "root"] as const)("of a %s holds the true one in about 95 of 100 samples", (kind) => {
    const random = seededRandom(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const draw = (level: number) => (kind === "share" ? Number(random() < level / 4) : (normal() * level) ** 2);
    // The slice is a quarter of the rows, at level 2; the others are at level 1.
    const truth = { mean: 4 - 1.75, share: 0.5 - 0.3125, root: 2 - Math.sqrt(1.75) }[kind];
    let held = 0;
    for (let sample = 0; sample < 1000; sample += 1) {
      const mine = range(200, () => draw(2));
      const { interval } = differenceFromWhole(figureOf(kind, mine), figureOf(kind, [...mine, ...range(600, () => draw(1))])); // prettier-ignore
      if (interval && interval[0] <= truth && truth <= interval[1]) held += 1;
    }
    expect(held).toBeGreaterThan(925);
    expect(held).toBeLessThan(975);
  });
});

it("a root's interval is the root of its mean's, from 0 up", () => {
  const mean = intervalOfFigure({ kind: "mean", n: 30, value: 1, variance: 25 });
  expect(mean?.[0]).toBe(0);
  expect(intervalOfFigure({ kind: "root", n: 30, value: 1, variance: 25 })).toEqual([0, Math.sqrt(mean?.[1] ?? 0)]);
});
