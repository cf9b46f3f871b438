import { expect, it } from "vitest";
import { windowName } from "./window-name";

it.each([
  ["2001-06", "Jun 2001"],
  ["2001-06-04", "Jun 4, 2001"],
  ["1990-12-31", "Dec 31, 1990"],
])("calls the window %s %s", (label, name) => {
  expect(windowName(label)).toBe(name);
});
