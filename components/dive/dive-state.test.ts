import { expect, it } from "vitest";
import type { DatasetSample } from "@/lib/contracts/dive";
import { chooseFeatures, NO_FEATURE } from "./dive-state";
import { decodeSample } from "./layout/dive-column";

const ROWS = 60;
const NOTHING = { down: null, across: null, colour: null, x: null, y: null, position: null };
const rows = (of: (row: number) => number) => Array.from({ length: ROWS }, (_, row) => of(row));

const columns = decodeSample({
  columns: [
    { name: "id", kind: "numbers", values: rows((row) => row) },
    { name: "day", kind: "numbers", values: rows((row) => row % 7) },
    { name: "delay", kind: "numbers", values: rows((row) => row * 3) },
    { name: "distance", kind: "numbers", values: rows((row) => row * 10) },
  ],
  part: null,
  fields: [],
});
const fields = columns.map(({ name }) => ({ name, role: name === "id" ? "key" : "feature" })) as DatasetSample["fields"]; // prettier-ignore
const axes = (names: string[], asked: string | null = null) => {
  const own = columns.filter(({ name }) => names.includes(name));
  const { x, y, position } = chooseFeatures({ ...NOTHING, x: asked }, own, fields);
  return [y?.name ?? null, x?.name ?? null, position];
};

it.each([
  ["of many values before those that line rows up", ["day", "delay", "distance"], ["delay", "distance", "scatter"]],
  ["in their order among those of many", ["distance", "delay"], ["delay", "distance", "scatter"]],
  ["of few values where there is no other", ["id", "day", "delay"], ["delay", "day", "scatter"]],
  ["never a key", ["id", "day"], ["day", null, "stacked"]],
])("the axes are at first features %s", (_, names, expected) => {
  expect(axes(names)).toEqual(expected);
});

it("what the address names stands, also that there is none", () => {
  expect(axes(["day", "delay", "distance"], "day")).toEqual(["delay", "day", "scatter"]);
  expect(axes(["day", "delay", "distance"], NO_FEATURE)).toEqual(["delay", null, "stacked"]);
});

it.each([
  [["train", "test"], "part"],
  [["test"], "part"],
  [["serving"], "kind"],
])("the colour is at first the part of %j or, if that tells nothing apart, a feature: %s", (dictionary, expected) => {
  const part = { dictionary, codes: rows((row) => row % dictionary.length) };
  const kind = { name: "kind", kind: "texts" as const, dictionary: ["a", "b"], codes: rows((row) => row % 2) };
  const decoded = decodeSample({ columns: [kind], part, fields: [] });
  const roles = [{ name: "kind", role: "feature" }] as DatasetSample["fields"];
  expect(chooseFeatures(NOTHING, decoded, roles).colour?.name).toBe(expected);
});
