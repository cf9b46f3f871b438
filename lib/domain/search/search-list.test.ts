import { describe, expect, it } from "vitest";
import { createTextIndex } from "./text-index";
import { matchWordsInEach } from "./match-words";
import { parseWords } from "./query";
import { describedEntry, rankItems, searchList } from "./search-list";

const items = [
  { name: "airport.delay_mean_7d", description: "Mean departure delay" },
  { name: "flight.delay", description: "Minutes" },
  { name: "airport.segment", description: "Airports that behave alike in delays", owner: "network-planning" },
  { name: "delay", description: "" },
  { name: "Chiara Rossi", description: "steward" },
  { name: "late_flights", meta: { team: "falcon", reviewed: true }, tags: ["label"] },
];

const names = (query: string) => searchList(items, query, (item) => describedEntry(item)).map(({ name }) => name);

describe("searchList", () => {
  it.each([
    ["delay", ["flight.delay", "delay", "airport.delay_mean_7d", "airport.segment"]],
    ["deley mean", ["airport.delay_mean_7d"]],
    ["airp", ["airport.delay_mean_7d", "airport.segment"]],
    ["port", ["airport.delay_mean_7d", "airport.segment"]],
    ["flight.delay", ["flight.delay"]],
    ["late fl", ["late_flights"]],
    ["chiara", ["Chiara Rossi"]],
    ["steward", ["Chiara Rossi"]],
    ["network", ["airport.segment"]],
    ["label", ["late_flights"]],
    ["falcon", ["late_flights"]],
    ["meta.team:falcon", ["late_flights"]],
    ["delay -flight", ["delay", "airport.delay_mean_7d", "airport.segment"]],
    ['"mean departure"', ["airport.delay_mean_7d"]],
    ["xyz", []],
  ])("%j finds %j", (query, found) => {
    expect(names(query)).toEqual(found);
  });

  it.each(["", " . "])("keeps everything in its order for %j", (query) => {
    expect(names(query)).toEqual(items.map(({ name }) => name));
  });
});

it("corrects words only where no index has them as they are written", () => {
  const lists = [["segment", "segmant"], ["segmint"]];
  const indexes = lists.map((list) => createTextIndex(list.map((name) => ({ name, texts: [] }))));
  const find = (query: string) =>
    matchWordsInEach(indexes, parseWords(query)).map((match, at) => rankItems(lists[at] ?? [], match));
  expect(find("segmant")).toEqual([["segmant"], []]);
  expect(find("segmnt").flat().toSorted()).toEqual(["segmant", "segment", "segmint"]);
  expect(find("")).toEqual(lists);
});
