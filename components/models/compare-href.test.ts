import { expect, it } from "vitest";
import { compareHref } from "./compare-href";

it.each([
  [[], null],
  [[{ name: "m", version: 1 }], null],
  [[{ name: "m", version: 1 }, { name: "m", version: 1 }], null],
  [[{ name: "m", version: 3 }, { name: "m", version: 1 }, { name: "other", version: 2 }], "/models/m?compare=3,1,other@2"],
])("compares %j at %s", (versions, href) => {
  expect(compareHref(versions)).toBe(href);
}); // prettier-ignore
