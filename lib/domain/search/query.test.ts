import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatQuery, hasFilter, parseQuery, toggleFilter } from "./query";

describe("parseQuery", () => {
  const word = (text: string, more = {}) => ({ kind: "word", text, phrase: false, negated: false, ...more });
  const filter = (field: string, value: string, negated = false) => ({ kind: "filter", field, value, negated });

  it.each([
    ["", []],
    ["  ", []],
    ["delay mean", [word("delay"), word("mean")]],
    ["airport.delay_mean_7d", [word("airport.delay_mean_7d")]],
    ['"seven days" -raw', [word("seven days", { phrase: true }), word("raw", { negated: true })]],
    ['-"seven days"', [word("seven days", { phrase: true, negated: true })]],
    ["owner:network-planning", [filter("owner", "network-planning")]],
    ["-tag:raw", [filter("tag", "raw", true)]],
    ["tag:delay,rolling", [filter("tag", "delay"), filter("tag", "rolling")]],
    ['owner:"Network Planning"', [filter("owner", "network planning")]],
    ["environment:production", [filter("env", "production")]],
    ["used_by:late_model", [filter("used_by", "late_model")]],
    ["-deprecated", [filter("is", "deprecated", true)]],
    ["is:documented", [filter("is", "documented")]],
    ['"deprecated"', [word("deprecated", { phrase: true })]],
    ["unknown:thing", [word("unknown:thing")]],
    ["owner:", []],
    ["meta.team:Network", [filter("meta", "team:network")]],
    ['-meta.cost.centre:"a b",7', [filter("meta", "cost.centre:a b", true), filter("meta", "cost.centre:7", true)]],
    ["meta.team:", []],
    ["meta:team", [word("meta:team")]],
    ["- :: …", []],
    ['an "open quote', [word("an"), word("open quote", { phrase: true })]],
  ])("%j", (text, parts) => expect(parseQuery(text)).toEqual(parts));

  it("reads every text, and what it writes it reads again", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'ab:-" ,owner') })), (text) => {
        const parts = parseQuery(text);
        expect(parseQuery(formatQuery(parts))).toEqual(parts);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("toggleFilter", () => {
  it("adds, and takes away again", () => {
    const parts = parseQuery("delay owner:a");
    const added = toggleFilter(parts, "owner", "b");
    expect(formatQuery(added)).toBe("delay owner:a owner:b");
    expect(hasFilter(added, "owner", "b")).toBe(true);
    expect(toggleFilter(added, "owner", "b")).toEqual(parts);
  });

  it("takes a negated filter away as well", () => {
    expect(toggleFilter(parseQuery("-tag:raw"), "tag", "raw")).toEqual([]);
  });
});
