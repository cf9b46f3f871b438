import { describe, expect, it } from "vitest";
import { rankNames } from "./rank-names";

const items = [
  { name: "airport.delay_mean_7d", detail: "Mean departure delay" },
  { name: "flight.delay", detail: "Minutes" },
  { name: "airport.segment", detail: "Airports that behave alike in delays" },
  { name: "delay", detail: "" },
  { name: "Chiara Rossi", detail: "steward" },
];

describe("rankNames", () => {
  it.each([
    ["delay", ["delay", "airport.delay_mean_7d", "flight.delay", "airport.segment"]],
    ["deley mean", ["airport.delay_mean_7d"]],
    ["airp", ["airport.delay_mean_7d", "airport.segment"]],
    ["port", ["airport.delay_mean_7d", "airport.segment"]],
    ["flight.delay", ["flight.delay"]],
    ["chiara", ["Chiara Rossi"]],
    ["steward", ["Chiara Rossi"]],
    ["xyz", []],
    ["", []],
    [" . ", []],
  ])("%j finds %j", (query, names) => {
    expect(rankNames(items, query).map(({ name }) => name)).toEqual(names);
  });
});
