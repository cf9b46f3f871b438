import { describe, expect, it } from "vitest";
import { groupStyle } from "@/components/distributions/part-colour";
import type { OverviewFeature, ComparisonGroup } from "@/lib/contracts/overviews";
import { formatSlice, parseSlice } from "@/lib/domain/profiles/slice";
import { arrangeFeatures, readPattern } from "./arrange-features";
import { countSlice, sliceName, slicesOf } from "./bar-slice";
import { edgeText, seriesOf } from "./chart-buckets";
import { drawChart } from "./chart-picture";
import { computedFigures } from "./computed-figures";
import { figuresCsv } from "./export-figures";
import { OVERVIEW_SORTS } from "./overview-state";
import { sharedNotes } from "./shared-notes";
import { figuresOfGroup, shortFigure, topOf } from "./group-figures";

const GROUPS: ComparisonGroup[] = ["train", "test"].map((key) => ({ key, kind: "part", label: key }));
const OPTIONS = { edges: "even", cumulative: false, log: false, percent: false } as const;
const NO_FILTER = { sort: "order", filter: "", types: [], entity: null } as const;

const delay: OverviewFeature = {
  name: "delay",
  feature: "flight.delay",
  owner: "",
  type: "double",
  kind: "numeric",
  unit: "minutes",
  version: 1,
  edges: [-10, 0, 20],
  even: [-10, 5, 20],
  groups: [
    { rows: 100, missing: 3, zeros: 11, counts: [2, 40, 50, 5], even: [2, 60, 30, 5], nan: 1, mean: 4 },
    {
      rows: 50,
      missing: 0,
      zeros: 1,
      counts: [0, 10, 40, 0],
      even: [0, 20, 30, 0],
      mean: 9,
      distinct: 40,
      estimated: true,
    },
  ],
  nonUniformity: 0.9,
  distance: 3,
  severity: 2,
  drift: null,
  moving: null,
  noRows: null,
  notes: [],
};
const origin: OverviewFeature = {
  ...delay,
  name: "origin",
  feature: "flight.origin",
  type: "string",
  kind: "string",
  edges: undefined,
  even: undefined,
  values: ["ATL", ""],
  groups: [{ rows: 10, missing: 0, counts: [6, 3, 1], top: [["ATL", 6]] }, null],
  nonUniformity: 0.2,
  distance: null,
  severity: null,
};
const city: OverviewFeature = {
  ...origin,
  name: "city",
  feature: "airport.city",
  groups: [null, null],
  nonUniformity: null,
};
const ALL = [delay, origin, city];
const namesOf = (features: OverviewFeature[]) => features.map((feature) => feature.name);

describe("arrangeFeatures", () => {
  it.each([
    ["order", ["delay", "origin", "city"]],
    ["name", ["city", "delay", "origin"]],
    ["missing", ["delay", "city", "origin"]],
    ["uniformity", ["origin", "delay", "city"]],
    ["distance", ["delay", "city", "origin"]],
    ["drift", ["delay", "city", "origin"]],
  ] as const)("sorts by %s, and what has no figure comes last", (sort, expected) => {
    expect(namesOf(arrangeFeatures(ALL, { ...NO_FILTER, sort }))).toEqual(expected);
  });

  it("filters by pattern, type and entity", () => {
    expect(namesOf(arrangeFeatures(ALL, { ...NO_FILTER, filter: "^DEL|city$" }))).toEqual(["delay", "city"]);
    expect(namesOf(arrangeFeatures(ALL, { ...NO_FILTER, types: ["string"] }))).toEqual(["origin", "city"]);
    expect(namesOf(arrangeFeatures(ALL, { ...NO_FILTER, entity: "airport" }))).toEqual(["city"]);
  });

  it("lets everything through for a pattern that is none, and says why", () => {
    expect(arrangeFeatures(ALL, { ...NO_FILTER, filter: "(" })).toHaveLength(3);
    expect(readPattern("(").trouble).toMatch(/^No regular expression: .*parenthes|group/i);
    expect(readPattern("a").trouble).toBeNull();
  });
});

describe("figuresOfGroup", () => {
  it("alarms beyond 2 % missing, 10 % zeros and for anything that is not finite", () => {
    const alarms = (at: number) =>
      [...figuresOfGroup(delay.groups[at] as never)].filter(([, figure]) => figure.alarm).map(([label]) => label);
    expect(alarms(0)).toEqual(["Missing", "Zeros", "Not finite"]);
    expect(alarms(1)).toEqual([]);
  });

  it("does not alarm at the limits themselves", () => {
    const figures = figuresOfGroup({ rows: 100, missing: 2, zeros: 10 });
    expect([...figures.values()].every((figure) => figure.alarm === null)).toBe(true);
  });

  it("marks estimates and shortens what is long", () => {
    const figures = figuresOfGroup(delay.groups[1] as never);
    expect(shortFigure(figures.get("Distinct") as never)).toBe("≈ 40");
    const rows = figuresOfGroup({ rows: 1_978_941, missing: 1, min: "9223372036854775807" });
    expect(shortFigure(rows.get("Rows") as never)).toBe("1.98M");
    expect(shortFigure(rows.get("Missing") as never)).toBe("<0.01 %");
    expect(shortFigure(rows.get("Min") as never)).toBe("9223372036854…");
    expect(
      shortFigure(figuresOfGroup({ rows: 1, missing: 0, min: "2001-01-01T00:00:00.000Z" }).get("Min") as never),
    ).toBe("2001-01-01");
  });
});

describe("sharedNotes", () => {
  const note = "No profile for test.";
  const lacking = (name: string, notes = [note]): OverviewFeature => ({ ...origin, name, notes });
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  it.each([
    ["one feature's stay with it", [delay, lacking("a")], []],
    ["several features' are said once", [delay, lacking("a"), lacking("b")], [{ note, about: "a, b" }]],
    ["of all say so", [lacking("a"), lacking("b")], [{ note, about: "every feature" }]],
    ["of many are counted", [delay, ...names.map((name) => lacking(name))], [{ note, about: "a, b, c, d, e, f and 2 more" }]], // prettier-ignore
    [
      "of pictures stay beside them",
      [
        { ...delay, notes: ["constant"] },
        { ...delay, notes: ["constant"] },
      ],
      [],
    ],
  ] as [string, OverviewFeature[], unknown[]][])("%s", (_, features, expected) => {
    expect(sharedNotes(features)).toEqual(expected);
  });
});

describe("topOf", () => {
  const of = (value: string, count: number, rows: number) =>
    topOf(figuresOfGroup({ rows, missing: 0, top: [[value, count]] }).get("Top value") as never);
  it.each([
    ["segment_2", 321, 1000, { value: "segment_2", share: "32.1 %" }],
    ["Approach 46 of 5.0 %", 1, 2, { value: "Approach 46 of 5.0 %", share: "50.0 %" }],
    ["", 1, 3, { value: "(empty)", share: "33.3 %" }],
    ["two\nlines", 1, 1, { value: "two\nlines", share: "100.0 %" }],
    ["none", 0, 0, { value: "none", share: null }],
  ] as const)("keeps the share of %j apart from the value", (value, count, rows, expected) => {
    expect(of(value, count, rows)).toEqual(expected);
  });
});

describe("computedFigures", () => {
  const NONE = { nonUniformity: null, distance: null, severity: null, drift: null, moving: null };
  it.each([
    [{}, []],
    [{ severity: 7.368, drift: "PSI is 0.7368." }, [["drift severity", "7.368", true, /÷ its warning.*PSI is 0.7368/]]],
    [{ severity: 0.5 }, [["drift severity", "0.5", false, /÷/]]],
    [{ distance: 12 }, [["distribution distance", "12", false, /Σ/]]],
    [{ nonUniformity: 0.25 }, [["non-uniformity", "0.25", false, /entropy/]]],
    [{ moving: "key", drift: "It is the key." }, [["drift", "none, a key", false, /key/]]],
  ] as const)("of %j are named as the sort names them, and say what they are", (figures, expected) => {
    const found = computedFigures({ ...NONE, ...figures });
    expect(found.map(({ name, text, isAlarm = false }) => [name, text, isAlarm])).toEqual(
      expected.map(([name, text, isAlarm]) => [name, text, isAlarm]),
    );
    expected.forEach(([, , , meaning], at) => expect(found[at]?.meaning).toMatch(meaning));
    const sorts = Object.values(OVERVIEW_SORTS) as string[];
    for (const { name } of found) if (name !== "drift") expect(sorts).toContain(name);
  });
});

describe("slices", () => {
  it("are named by what is in them", () => {
    expect(slicesOf(delay, "even").map((slice) => sliceName(slice, delay))).toEqual([
      "delay below -10",
      "delay from -10 to 5",
      "delay from 5 to 20",
      "delay above 20",
    ]);
    expect(slicesOf(origin, "main").map((slice) => sliceName(slice, origin))).toEqual([
      "origin is ATL",
      "origin is empty",
      "origin is none of the listed values",
    ]);
    expect(sliceName({ column: "a", kind: "missing" })).toBe("a is missing");
    expect(sliceName({ column: "a", kind: "nan" })).toBe("a is not a number");
    expect(sliceName({ column: "a", kind: "range", from: 5, to: 5, closed: true })).toBe("a of 5");
  });

  it("name days where the edges are times", () => {
    const date: OverviewFeature = { ...delay, name: "date", type: "timestamp", kind: "time", even: [0, 86_400_000] };
    expect(sliceName(slicesOf(date, "even")[1] as never, date)).toBe("date from 1970-01-01 to 1970-01-02");
    expect(edgeText(date, 8.64e18)).not.toMatch(/Invalid/);
  });

  it("come back from the URL to the same bar, whichever chart is shown, with rows, share and ratio of each group", () => {
    for (const which of ["even", "main"] as const)
      for (const [at, slice] of slicesOf(delay, which).entries()) {
        const counted = countSlice(delay, GROUPS, parseSlice(formatSlice(slice)));
        expect(counted).not.toBeNull();
        if (counted?.which === which) expect(counted.at).toBe(at);
      }
    const [, bar] = slicesOf(delay, "even");
    expect(countSlice(delay, GROUPS, bar as never)?.counts).toEqual([
      { group: GROUPS[0], rows: 60, share: 0.6, ratio: null },
      { group: GROUPS[1], rows: 20, share: 0.4, ratio: 0.4 / 0.6 },
    ]);
    expect(countSlice(delay, GROUPS, { column: "delay", kind: "nan" })?.counts.map(({ rows }) => rows)).toEqual([1, 0]);
  });

  it("leave out groups that do not have the column, and are nothing where no bar is like that", () => {
    expect(countSlice(origin, GROUPS, { column: "origin", kind: "value", value: "ATL" })?.counts).toHaveLength(1);
    expect(countSlice(origin, GROUPS, { column: "origin", kind: "value", value: "XXX" })).toBeNull();
    expect(countSlice(delay, GROUPS, { column: "delay", kind: "range", from: 1, to: 2, closed: false })).toBeNull();
  });
});

describe("seriesOf", () => {
  it("gives every group the same bars, also where only one has rows beyond the edges", () => {
    const [train, test] = seriesOf(delay, GROUPS, OPTIONS);
    expect(train?.bars.map((bar) => bar.label)).toEqual(test?.bars.map((bar) => bar.label));
    expect(test?.bars.map((bar) => bar.rows)).toEqual([0, 20, 30, 0]);
    expect(seriesOf(origin, GROUPS, OPTIONS)).toHaveLength(1);
    expect(seriesOf(city, GROUPS, OPTIONS)).toEqual([]);
  });

  it("draws as a picture that is well-formed whatever the names are", () => {
    const series = seriesOf({ ...origin, values: ["<b>&", ""] }, GROUPS, OPTIONS);
    const { svg } = drawChart('a "<" b', series, OPTIONS, () => "#000");
    expect(svg).not.toMatch(/<b>|NaN|undefined/);
    expect(drawChart("none", [], OPTIONS, () => "#000").svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("tells windows apart by colour and by line", () => {
    const [one, other] = [groupStyle("2001-01", 0), groupStyle("2001-02", 1)];
    expect(one.colour).not.toBe(other.colour);
    expect(one.dash).not.toBe(other.dash);
  });
});

it("figuresCsv has one record for each feature and group, all equally long, with nothing that is no number", () => {
  const records = figuresCsv(ALL, GROUPS).trim().split("\r\n");
  expect(records).toHaveLength(1 + ALL.length * GROUPS.length);
  expect(new Set(records.map((record) => record.split(",").length)).size).toBe(1);
  expect(records.join()).not.toMatch(/NaN|undefined|null|Infinity/);
});
