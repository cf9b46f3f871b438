import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textsOf, valuesFor, type SearchDocument } from "./document";
import { TIERS } from "./match-words";
import { FILTER_FIELDS, parseQuery, type FilterField, type FilterPart } from "./query";
import { searchFeatures, SORT_KEYS } from "./search-features";
import { createSearchIndex } from "./search-index";
import { tokensOf } from "./tokens";

function feature(name: string, more: Partial<SearchDocument> = {}): SearchDocument {
  return {
    name,
    entity: name.slice(0, name.indexOf(".")),
    type: "double",
    description: "",
    owner: "network-planning",
    tags: [],
    meta: {},
    sensitivity: "none",
    deprecated: false,
    documented: true,
    pointers: [],
    lastComputed: null,
    sparkline: [],
    picture: null,
    drift: null,
    leak: null,
    usedBy: [],
    ...more,
  };
}

const DEMO = [
  feature("airport.delay_mean_7d", { tags: ["rolling", "delay"], usedBy: ["late_model"], leak: "leak" }),
  feature("airport.delay", { description: "Not a mean." }),
  feature("airport.delays_by_hour"),
  feature("flight.delay", { owner: "delay-analytics", deprecated: true, type: "bigint" }),
  feature("flight.departures_7d", { description: "Departures, whatever their delay.", usedBy: ["a", "b"] }),
  feature("flight.hour", { owner: "delay-analytics", tags: ["calendar"], documented: false }),
];

function find(q: string, documents = DEMO) {
  return searchFeatures(createSearchIndex(documents), { parts: parseQuery(q), limit: 100 });
}
const names = (q: string, documents = DEMO) => find(q, documents).hits.map((hit) => hit.document.name);
const tiersOf = (q: string) => Object.fromEntries(find(q).hits.map((hit) => [hit.document.name, hit.why?.tier]));

describe("free metadata", () => {
  const documents = [
    feature("airport.delay", { meta: { team: "Falcon", "cost.centre": 4711 } }),
    feature("airport.falcon"),
    feature("flight.delay", { meta: { team: "revenue", reviewed: true } }),
  ];
  it("is found by free text, in the lowest tier", () => {
    const { hits } = find("falcon", documents);
    expect(hits.map(({ document, why }) => [document.name, why?.tier])).toEqual([
      ["airport.falcon", "exact"],
      ["airport.delay", "description"],
    ]);
    expect(hits[1]?.why?.matches).toEqual([{ word: "falcon", matched: "falcon", in: "meta", how: "exact" }]);
  });
  it("is filtered by key and value; different keys must all hold", () => {
    expect(names("meta.team:falcon", documents)).toEqual(["airport.delay"]);
    expect(names("meta.team:falcon,revenue", documents)).toEqual(["airport.delay", "flight.delay"]);
    expect(names("meta.team:falcon meta.cost.centre:4711", documents)).toEqual(["airport.delay"]);
    expect(names("meta.team:falcon meta.reviewed:true", documents)).toEqual([]);
    expect(names("-meta.team:revenue", documents)).toEqual(["airport.delay", "airport.falcon"]);
  });
  it("counts its facet without its own filter", () => {
    expect(find("meta.reviewed:true", documents).facets.meta.map(({ value }) => value)).toEqual([
      "cost.centre:4711",
      "reviewed:true",
      "team:falcon",
      "team:revenue",
    ]);
  });
});

describe("searchFeatures", () => {
  it("puts tiers above use: an unused exact name beats a used description", () => {
    expect(tiersOf("delay")).toEqual({
      "airport.delay": "exact",
      "flight.delay": "exact",
      "airport.delay_mean_7d": "prefix",
      "airport.delays_by_hour": "prefix",
      "flight.hour": "description",
      "flight.departures_7d": "description",
    });
    expect(names("delay")).toEqual([
      "airport.delay",
      "flight.delay",
      "airport.delay_mean_7d",
      "airport.delays_by_hour",
      "flight.departures_7d",
      "flight.hour",
    ]);
  });

  it.each([
    ["deley mean", ["airport.delay_mean_7d", "airport.delay"]],
    ["mean deley", ["airport.delay_mean_7d", "airport.delay"]],
    ["dealy mean 7d", ["airport.delay_mean_7d"]],
    ["depratures", ["flight.departures_7d"]],
    ["AIRPORT.DELAY_MEAN_7D", ["airport.delay_mean_7d"]],
    ["airport mean", ["airport.delay_mean_7d", "airport.delay"]],
    ["callendar", ["flight.hour"]],
    ["nothing_like_it", []],
    ["owner:network mean", ["airport.delay_mean_7d", "airport.delay"]],
    ["delay -deprecated type:double tag:delay", ["airport.delay_mean_7d"]],
    ["delay -mean -owner:delay-analytics", ["airport.delays_by_hour", "flight.departures_7d"]],
    ["leak:leak", ["airport.delay_mean_7d"]],
    ["used_by:late_model", ["airport.delay_mean_7d"]],
    ["used_by:a used_by:late_model", ["flight.departures_7d", "airport.delay_mean_7d"]],
    ['"whatever their"', ["flight.departures_7d"]],
    ['"their whatever"', []],
    ['"delay mean"', ["airport.delay_mean_7d"]],
    ["-documented", ["flight.hour"]],
    ["drift:unmeasured entity:flight hour", ["flight.hour"]],
  ])("%s", (q, expected) => expect(names(q)).toEqual(expected));

  it("says what it corrected and why a row is where it is", () => {
    const { corrections, hits } = find("deley mean");
    expect(corrections).toEqual([{ from: "deley", to: ["delay"] }]);
    expect(hits[0]?.why).toEqual({
      tier: "typo",
      matches: [
        { word: "deley", matched: "delay", in: "name", how: "typo" },
        { word: "mean", matched: "mean", in: "name", how: "exact" },
      ],
    });
  });

  it("finds what is inside of a word where no word begins with it, beside what is spelt like it", () => {
    const documents = [
      feature("a.trail"),
      feature("a.railway"),
      feature("a.stail"),
      feature("b.x", { tags: ["contrail"] }),
    ];
    expect(names("rail", documents)).toEqual(["a.railway"]);
    expect(names("rail", [documents[0] as SearchDocument, documents[3] as SearchDocument])).toEqual(["a.trail", "b.x"]);
    expect(find("ilway", documents).hits[0]?.why).toEqual({
      tier: "token",
      matches: [{ word: "ilway", matched: "railway", in: "name", how: "inside" }],
    });
    expect(names("tra", [feature("a.contrast")])).toEqual(["a.contrast"]);
    // Two letters are inside of too much.
    expect(names("ai", documents)).toEqual([]);
  });

  it("does not correct what is a word, unless nothing is found", () => {
    const documents = [feature("a.rain_days"), feature("a.train_days", { description: "rail" }), feature("a.trail")];
    expect(names("rain", documents)).toEqual(["a.rain_days"]);
    expect(find("rail", documents).corrections).toEqual([]);
    // No feature has both words as they are written.
    expect(names("rail rain", documents)).toEqual(["a.rain_days"]);
    expect(names("rail days", documents)).toEqual(["a.train_days"]);
    expect(names("hour trail", [feature("a.hour_train"), feature("b.x", { description: "trail" })])).toEqual([
      "a.hour_train",
    ]);
  });

  it("pages without gaps or repeats, in every order", () => {
    const documents = Array.from({ length: 57 }, (_, at) =>
      feature(`e.delay_${at}`, {
        usedBy: at % 3 === 0 ? ["m"] : [],
        drift: { state: "fine", metric: "psi", score: at % 7, severity: (at % 7) * 10 },
      }),
    );
    const index = createSearchIndex(documents);
    for (const sort of SORT_KEYS) {
      const all = searchFeatures(index, { parts: parseQuery("delay"), sort, limit: 1000 }).hits;
      const pages = [0, 20, 40].flatMap(
        (offset) => searchFeatures(index, { parts: parseQuery("delay"), sort, offset, limit: 20 }).hits,
      );
      expect(pages).toEqual(all);
      expect(new Set(all.map((hit) => hit.document.name)).size).toBe(57);
    }
  });

  it("sorts by drift, unmeasured last", () => {
    const documents = [
      feature("e.a"),
      feature("e.b", { drift: { state: "warn", metric: "psi", score: 0.2, severity: 2 } }),
    ];
    const index = createSearchIndex(documents);
    const sorted = searchFeatures(index, { parts: [], sort: "drift", limit: 10 }).hits;
    expect(sorted.map((hit) => hit.document.name)).toEqual(["e.b", "e.a"]);
  });
});

const WORDS = ["delay", "mean", "departures", "segment", "share", "late", "rolling", "hour"];
const documents = fc.uniqueArray(
  fc
    .record({
      entity: fc.constantFrom("airport", "flight", "city"),
      parts: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }),
      number: fc.integer({ min: 0, max: 9 }),
      type: fc.constantFrom("double", "string"),
      owner: fc.constantFrom("network-planning", "delay-analytics", ""),
      tags: fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 2 }),
      words: fc.array(fc.constantFrom(...WORDS), { maxLength: 3 }),
      deprecated: fc.boolean(),
      usedBy: fc.uniqueArray(fc.constantFrom("m1", "m2"), { maxLength: 2 }),
    })
    .map(({ entity, parts, number, words, ...rest }) =>
      feature(`${entity}.${parts.join("_")}_${number}`, { ...rest, description: words.join(" ") }),
    ),
  { selector: (document) => document.name, maxLength: 25 },
);
const filters = fc.array(
  fc.constantFrom(
    "entity:airport",
    "entity:flight",
    "type:double",
    "-type:string",
    "owner:network",
    "tag:delay",
    "tag:late",
    "-tag:mean",
    "-deprecated",
    "used_by:m1",
  ),
  { maxLength: 4 },
);

/** Filters one by one, without any index. */
function passesAll(
  document: SearchDocument,
  parts: FilterPart[],
  all: SearchDocument[],
  except?: FilterField,
): boolean {
  return FILTER_FIELDS.filter((field) => field !== except).every((field) => {
    const known = all.flatMap((other) => valuesFor(other, field));
    const means = (filter: FilterPart, value: string) =>
      known.includes(filter.value) ? value === filter.value : value.startsWith(filter.value);
    const own = parts.filter((part) => part.field === field);
    const values = valuesFor(document, field);
    const wanted = own.filter((filter) => !filter.negated);
    return (
      (wanted.length === 0 || wanted.some((filter) => values.some((value) => means(filter, value)))) &&
      !own.some((filter) => filter.negated && values.some((value) => means(filter, value)))
    );
  });
}

const tokensIn = (document: SearchDocument) => [document.name, ...textsOf(document)].flatMap(tokensOf);

describe("against brute force", () => {
  it("finds every document that has all words, and counts its facets", () => {
    fc.assert(
      fc.property(
        documents,
        fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 2 }),
        filters,
        (all, words, terms) => {
          const parts = parseQuery([...words, ...terms].join(" "));
          const only = parts.filter((part): part is FilterPart => part.kind === "filter");
          const result = searchFeatures(createSearchIndex(all), { parts, limit: 1000 });
          // A corrected word is the subject of the properties below.
          fc.pre(result.corrections.length === 0);
          const has = (document: SearchDocument) => {
            const tokens = tokensIn(document);
            return words.every((word) => tokens.some((token) => token.startsWith(word)));
          };
          // What no word begins with is looked for inside of words, which the table above is about.
          fc.pre(
            words.every((word) => all.some((document) => tokensIn(document).some((token) => token.startsWith(word)))),
          );
          const expected = all.filter((document) => has(document) && passesAll(document, only, all));
          expect(result.hits.map((hit) => hit.document.name).sort()).toEqual(
            expected.map((document) => document.name).sort(),
          );
          expect(result.total).toBe(expected.length);
          for (const field of FILTER_FIELDS) {
            const counted = new Map<string, number>();
            for (const document of all)
              if (has(document) && passesAll(document, only, all, field))
                for (const value of valuesFor(document, field)) counted.set(value, (counted.get(value) ?? 0) + 1);
            const shown = result.facets[field].filter((row) => row.count > 0);
            expect(Object.fromEntries(shown.map((row) => [row.value, row.count]))).toEqual(Object.fromEntries(counted));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("never puts a worse tier above a better one", () => {
    fc.assert(
      fc.property(documents, fc.constantFrom(...WORDS), (all, word) => {
        const tiers = searchFeatures(createSearchIndex(all), { parts: parseQuery(word), limit: 1000 }).hits.map((hit) =>
          TIERS.indexOf(hit.why?.tier as (typeof TIERS)[number]),
        );
        expect(tiers).toEqual([...tiers].sort((one, other) => one - other));
      }),
    );
  });

  it("finds a feature by any of its longer words with one typing error", () => {
    const edit = fc.record({ at: fc.nat(), kind: fc.constantFrom("drop", "swap", "double", "replace") });
    fc.assert(
      fc.property(documents, edit, (all, { at, kind }) => {
        const index = createSearchIndex(all);
        for (const document of all)
          for (const word of tokensOf(document.name).filter((token) => token.length >= 5)) {
            const place = at % (word.length - 1);
            const [head, one, two, tail] = [word.slice(0, place), word[place], word[place + 1], word.slice(place + 2)];
            const typed = {
              drop: `${head}${two}${tail}`,
              swap: `${head}${two}${one}${tail}`,
              double: `${head}${one}${one}${two}${tail}`,
              replace: `${head}q${two}${tail}`,
            }[kind];
            const found = searchFeatures(index, { parts: parseQuery(typed), limit: 1000 });
            expect(found.hits.map((hit) => hit.document.name)).toContain(document.name);
          }
      }),
      { numRuns: 100 },
    );
  });
});
