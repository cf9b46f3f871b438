import { expect, it } from "vitest";
import { readPins, withPin } from "./plan-parsers";

it("readPins leaves out what is no pin: somebody may have edited the address", () => {
  expect(readPins(["a.b@one", "nothing", "@x", "a.c@", "a.d@two"])).toEqual({ "a.b": "one", "a.d": "two" });
});

it("withPin keeps one pin for a column", () => {
  expect(withPin(["a.b@one", "a.bc@two"], "a.b", "three")).toEqual(["a.bc@two", "a.b@three"]);
});
