import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DatasetSample } from "@/lib/contracts/dive";
import { axisOf } from "./axis";
import { colourRows, SHADES } from "./colour-rows";
import { decodeSample, type DiveColumn } from "./dive-column";
import { groupRows } from "./group-rows";
import { type LayoutSettings, layOutRows } from "./lay-out-rows";
import { calendarEdges, niceEdges } from "./nice-steps";
import { paintPoints } from "./paint-points";
import { PointIndex } from "./point-index";
import { AT_FIRST } from "@/components/ui/viewport";
import { clampViewport, formatViewport, parseViewport, zoomAt } from "./fill-viewport";

const sample = (columns: DatasetSample["columns"], part: DatasetSample["part"] = null) =>
  decodeSample({ columns, part, fields: [] });
const numbers = (values: (number | string | null)[], kind: "numbers" | "instants" = "numbers") =>
  sample([{ name: "x", kind, values }])[0] as DiveColumn;
const texts = (values: (string | null)[]) => {
  const dictionary = [...new Set(values.filter((value) => value !== null))];
  const codes = values.map((value) => (value === null ? null : dictionary.indexOf(value)));
  return sample([{ name: "s", kind: "texts", dictionary, codes }])[0] as DiveColumn;
};
const labels = (column: DiveColumn, most: number) => groupRows(column, most).groups.map((group) => group.label);
const groupOf = (column: DiveColumn, most: number, row: number) => {
  const { groups, indexOf } = groupRows(column, most);
  return groups[indexOf[row] as number]?.label;
};

describe("decoding", () => {
  it("keeps what JSON has no number for as text and out of the numbers", () => {
    const column = numbers([1, null, "NaN", "Infinity", "-Infinity", "9223372036854775807"]);
    expect([0, 1, 2, 3, 4, 5].map((row) => column.textAt(row))).toEqual(["1", null, "NaN", "Infinity", "-Infinity", "9223372036854775807"]); // prettier-ignore
    expect(column.kind === "number" && [...column.states]).toEqual([0, 1, 2, 4, 3, 0]);
  });

  it("has the part first, by another name when the dataset has a column part", () => {
    const part = { dictionary: ["test", "train"], codes: [0, 1, null] };
    const values = [{ name: "part", kind: "numbers" as const, values: [1, 2, 3] }];
    expect(sample([], part).map(({ name }) => name)).toEqual(["part"]);
    const fields = [{ name: "part" }] as DatasetSample["fields"];
    expect(decodeSample({ columns: values, part, fields }).map(({ name }) => name)).toEqual(["@part", "part"]);
    expect(sample([], part)[0]?.textAt(2)).toBeNull();
  });

  it("shows instants as people write them", () => {
    const column = numbers([0, 978307201000, 8.65e15], "instants");
    expect([0, 1, 2].map((row) => column.textAt(row))).toEqual(["1970-01-01 00:00", "2001-01-01 00:00:01", "8650000000000000"]); // prettier-ignore
  });
});

describe("groups", () => {
  it("counts few numbers by value and bins many at round edges", () => {
    expect(labels(numbers([3, 1, 2, 1]), 6)).toEqual(["1", "2", "3"]);
    const many = numbers(Array.from({ length: 100 }, (_, i) => i));
    expect(labels(many, 5)).toEqual(["0 to 20", "20 to 40", "40 to 60", "60 to 80", "80 to 100"]);
    expect(groupOf(many, 5, 20)).toBe("20 to 40");
    expect(groupOf(many, 5, 99)).toBe("80 to 100");
  });

  it("gives far outliers open bins, and missing, NaN and infinity groups of their own", () => {
    const values = [...Array.from({ length: 200 }, (_, i) => i), 1e8, null, "NaN", "Infinity"];
    const column = numbers(values);
    const found = labels(column, 6);
    expect(found).toEqual(["0 to 50", "50 to 100", "100 to 150", "150 to 200", "> 200", "missing", "NaN", "+∞"]);
    expect(groupOf(column, 6, 200)).toBe("> 200");
    expect(groupOf(column, 6, 201)).toBe("missing");
    expect(groupOf(column, 6, 203)).toBe("+∞");
  });

  it("puts rare texts together and knows the order of parts", () => {
    const column = texts(["b", "a", "a", "c", "d", null, ""]);
    expect(labels(column, 3)).toEqual(["a", "(empty)", "3 other values", "missing"]);
    expect(groupOf(column, 3, 0)).toBe("3 other values");
    expect(labels(texts(["test", "train", "test"]), 5)).toEqual(["train", "test"]);
  });

  it("is by calendar for instants", () => {
    const months = Array.from({ length: 6 }, (_, month) => Date.UTC(2001, month, 15));
    expect(labels(numbers(months, "instants"), 6)).toEqual(["2001-01", "2001-02", "2001-03", "2001-04", "2001-05", "2001-06"]); // prettier-ignore
    expect(labels(numbers(months, "instants"), 3)).toEqual(["2001 Q1", "2001 Q2"]);
  });

  it("covers nothing, one value and nothing but missing values", () => {
    expect(labels(numbers([]), 4)).toEqual([]);
    expect(labels(numbers([7, 7]), 4)).toEqual(["7"]);
    expect(labels(numbers([null, null]), 4)).toEqual(["missing"]);
    expect(labels(numbers([0], "instants"), 4)).toHaveLength(1);
  });

  it("has no more groups than asked for where far numbers lie on both sides of a core around 0", () => {
    const core = Array.from({ length: 298 }, (_, i) => (i - 149) / 50);
    for (const most of [1, 2, 3, 4, 5])
      expect(groupRows(numbers([...core, -1e6, 1e6]), most).groups.length).toBeLessThanOrEqual(Math.max(3, most));
  });

  it("puts every row into a group that counts it, whatever the numbers", () => {
    const cell = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constant(null),
      fc.constant("NaN"),
      fc.constant("9007199254740993"),
    );
    fc.assert(
      fc.property(fc.array(cell), fc.integer({ min: 1, max: 20 }), (values, most) => {
        const column = numbers(values.map((value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value))); // prettier-ignore
        const { groups, indexOf } = groupRows(column, most);
        const counts = new Array<number>(groups.length).fill(0);
        for (const index of indexOf) counts[index] = (counts[index] ?? 0) + 1;
        expect(counts).toEqual(groups.map((group) => group.count));
        expect(groups.filter(({ kind }) => kind === "range" || kind === "value").length).toBeLessThanOrEqual(Math.max(3, most)); // prettier-ignore
      }),
    );
  });
});

describe("edges", () => {
  it("are round and few", () => {
    expect(niceEdges(0.13, 0.97, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(niceEdges(-7, 13, 4)).toEqual([-10, 0, 10, 20]);
    expect(niceEdges(5, 5, 4)).toEqual([5, 6]);
    const { MAX_VALUE: most, MIN_VALUE: least } = Number;
    expect(niceEdges(-most, most, 2)).toEqual([-most, most]);
    expect(niceEdges(0, least, 5)).toEqual([0, least]);
    expect(niceEdges(1e16, 1e16 + 2, 5)[0]).toBeLessThanOrEqual(1e16);
    expect(calendarEdges(Date.UTC(2001, 0, 1), Date.UTC(2001, 0, 1, 5), 6).labels).toHaveLength(6);
  });
});

describe("edges of whatever numbers there are", () => {
  it("end, ascend, are few and reach from one end to the other", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 20 }), (one, other, most) => {
        fc.pre(one < other);
        const edges = niceEdges(one, other, most);
        expect(edges.length).toBeGreaterThan(1);
        expect(edges.every((edge, at) => Number.isFinite(edge) && (at === 0 || edge > (edges[at - 1] as number)))).toBe(
          true,
        );
        expect(edges.length - 1).toBeLessThanOrEqual(Math.max(3, most));
      }),
      { numRuns: 5000 },
    );
  });
});

describe("axes", () => {
  it("spreads numbers from end to end and leaves rows without one aside", () => {
    const { places, hasStrangers } = axisOf(numbers([0, 5, 10, null]), "linear");
    expect([...places]).toEqual([0, 0.5, 1, -1]);
    expect(hasStrangers).toBe(true);
  });

  it("lets no outlier press the others together, and says how many are beyond", () => {
    const { places, beyond } = axisOf(numbers([...Array.from({ length: 1000 }, (_, i) => i), 1e8]), "linear");
    expect(places[500]).toBeGreaterThan(0.4);
    expect(places[1000]).toBe(1);
    expect(beyond).toBeGreaterThan(0);
    expect(beyond).toBeLessThan(10);
  });

  it("has a logarithm for zero and below, and ranks with ties at one place", () => {
    const log = axisOf(numbers([-100, 0, 100]), "log");
    expect([...log.places]).toEqual([0, 0.5, 1]);
    const rank = axisOf(numbers([1, 1, 1, 1e8]), "rank");
    expect(rank.places[0]).toBe(rank.places[2]);
    expect(rank.places[3]).toBe(1);
    for (const { at } of [...log.ticks, ...rank.ticks]) expect(at).toBeGreaterThanOrEqual(0);
  });

  it("has a band for each category", () => {
    const { places, ticks } = axisOf(texts(["a", "b", "a"]), "linear");
    expect(ticks.map(({ label }) => label)).toEqual(["a", "b"]);
    expect(places[0]).toBeLessThan(0.5);
    expect(places[1]).toBeGreaterThan(0.5);
  });
});

describe("colours", () => {
  it("are hues for few categories with the missing as rings, and shades for numbers", () => {
    const few = colourRows(texts(["a", "b", null, "a"]), 4, "linear");
    expect(few.legend).toMatchObject({ kind: "groups", entries: [{ label: "a", count: 2 }, { label: "b" }, { label: "missing", count: 1, paint: { kind: "missing" } }] }); // prettier-ignore
    const many = colourRows(numbers([0, 1, 2, 3, 4, null]), 6, "linear");
    expect(many.codes[0]).toBe(0);
    expect(many.codes[4]).toBe(SHADES - 1);
    expect(many.paints[many.codes[5] as number]).toEqual({ kind: "missing" });
    expect(many.legend).toMatchObject({ kind: "scale", missing: 1 });
    expect(colourRows(null, 2, "linear").legend).toEqual({ kind: "none" });
  });
});

const settings: LayoutSettings = {
  width: 400,
  height: 200,
  facetRows: null,
  facetColumns: null,
  bins: 6,
  position: "scatter",
  x: null,
  y: null,
  scale: "linear",
  colours: new Uint8Array(1000),
};

describe("layout", () => {
  const x = numbers(Array.from({ length: 1000 }, (_, i) => i % 100));
  const s = texts(Array.from({ length: 1000 }, (_, i) => "abcd"[i % 4] as string));

  it("stands every row in the cell of its groups", () => {
    for (const position of ["scatter", "stacked"] as const) {
      const layout = layOutRows(1000, { ...settings, position, facetRows: s, facetColumns: x, x, y: x });
      const [rows, columns] = [groupRows(s, 6), groupRows(x, 6)];
      expect(layout.cells).toHaveLength(rows.groups.length * columns.groups.length);
      expect(layout.cells.reduce((sum, cell) => sum + cell.count, 0)).toBe(1000);
      for (let row = 0; row < 1000; row += 1) {
        const cell =
          layout.cells[(rows.indexOf[row] as number) * columns.groups.length + (columns.indexOf[row] as number)];
        expect(layout.x[row]).toBeGreaterThanOrEqual(cell?.left as number);
        expect(layout.x[row]).toBeLessThanOrEqual((cell?.left as number) + layout.cellWidth);
        expect(layout.y[row]).toBeGreaterThanOrEqual(cell?.top as number);
        expect(layout.y[row]).toBeLessThanOrEqual((cell?.top as number) + layout.cellHeight);
      }
    }
  });

  it.each([1000, 20])("keeps every one of %i scattered dots whole within the frame", (length) => {
    const days = numbers(Array.from({ length }, (_, i) => 1 + (i % 7)));
    const layout = layOutRows(length, { ...settings, x: days, y: days });
    for (let row = 0; row < length; row += 1) {
      expect(Math.min(layout.x[row] as number, layout.width - (layout.x[row] as number))).toBeGreaterThan(layout.radius + 4); // prettier-ignore
      expect(Math.min(layout.y[row] as number, layout.height - (layout.y[row] as number))).toBeGreaterThan(layout.radius + 4); // prettier-ignore
    }
  });

  it("stacks no dot on another, and one colour beside the same", () => {
    const colours = Uint8Array.from({ length: 1000 }, (_, i) => i % 3);
    const layout = layOutRows(1000, { ...settings, position: "stacked", colours });
    expect(new Set([...layout.x].map((left, i) => `${left}|${layout.y[i]}`)).size).toBe(1000);
    const lowest = [...layout.y].map((y, row) => ({ y, row })).sort((one, other) => other.y - one.y || one.row - other.row); // prettier-ignore
    expect(lowest.slice(0, 40).every(({ row }) => colours[row] === 0)).toBe(true);
  });

  it("draws each row once, in an order that is not the file's", () => {
    const { order } = layOutRows(1000, settings);
    expect(new Set(order).size).toBe(1000);
    expect(order[1]).not.toBe(1);
    expect(layOutRows(0, settings).order).toHaveLength(0);
    expect(layOutRows(1, settings).order).toEqual(Uint32Array.of(0));
  });
});

describe("finding points", () => {
  it("finds what looking at every point finds", () => {
    const place = fc.record({
      x: fc.float({ min: 0, max: 300, noNaN: true }),
      y: fc.float({ min: 0, max: 200, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(place), place, fc.integer({ min: 1, max: 80 }), (points, at, radius) => {
        const [x, y] = [Float32Array.from(points, (p) => p.x), Float32Array.from(points, (p) => p.y)];
        const distance = (i: number) => ((x[i] as number) - at.x) ** 2 + ((y[i] as number) - at.y) ** 2;
        const found = new PointIndex(x, y, 300, 200).nearest(at.x, at.y, radius);
        const least = Math.min(...points.map((_, i) => distance(i)), Infinity);
        if (found < 0) expect(least).toBeGreaterThanOrEqual(radius * radius);
        else expect(distance(found)).toBe(least);
      }),
    );
  });

  it("goes from point to point in a direction", () => {
    const index = new PointIndex(Float32Array.of(10, 20, 40, 10), Float32Array.of(10, 11, 10, 90), 100, 100);
    expect(index.beside(0, [1, 0])).toBe(1);
    expect(index.beside(1, [1, 0])).toBe(2);
    expect(index.beside(0, [0, 1])).toBe(3);
    expect(index.beside(0, [-1, 0])).toBe(-1);
  });
});

describe("viewport", () => {
  const size = { width: 400, height: 200 };
  it("zooms around a point, stays in its limits and stands in the URL", () => {
    const at = { x: 100, y: 50 };
    const near = zoomAt(AT_FIRST, 2, at, size);
    expect((at.x - near.x) / near.zoom).toBeCloseTo(at.x);
    expect(zoomAt(near, 1e9, at, size).zoom).toBe(64);
    expect(zoomAt(near, 1e-9, at, size).zoom).toBe(1);
    expect(clampViewport({ x: 1e9, y: -1e9, zoom: 2 }, size)).toEqual({ x: 200, y: -300, zoom: 2 });
    expect(parseViewport(formatViewport(near, size), size)).toEqual(near);
    expect(formatViewport(AT_FIRST, size)).toBeNull();
    for (const text of [null, "", "1", "a,b,c", "1,2,Infinity"]) expect(parseViewport(text, size)).toEqual(AT_FIRST);
  });
});

describe("painting", () => {
  it("sets the pixels of each point, cut at the rim, rings hollow", () => {
    const raster = { pixels: new Uint32Array(40 * 20), width: 40, height: 20 };
    const layout = { x: Float32Array.of(10, 0, 30, 500), y: Float32Array.of(10, 0, 10, 5), order: Uint32Array.of(0, 1, 2, 3), radius: 3, isStacked: false }; // prettier-ignore
    const drawn = paintPoints(
      raster,
      {
        layout,
        codes: Uint8Array.of(0, 0, 1, 0),
        inks: Uint32Array.of(7, 9),
        rings: new Set([1]),
        below: new Set([1]),
      },
      AT_FIRST,
      { scale: 1, left: 0, top: 0 },
    );
    expect(drawn).toBe(3);
    const at = (x: number, y: number) => raster.pixels[y * 40 + x];
    expect([at(10, 10), at(0, 0), at(20, 10), at(30, 10), at(27, 10)]).toEqual([7, 7, 0, 0, 9]);
  });
});
