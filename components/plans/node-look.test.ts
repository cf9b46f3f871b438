import { expect, it } from "vitest";
import { paintOf, variantColour } from "./node-look";

it.each([
  [[0, 1], 0, null, "solid", variantColour(0)],
  [[0, 1], 1, null, "solid", variantColour(1)],
  [[1, 2], 0, null, "tint", variantColour(1)],
  [[0, 1], 0, 1, "solid", "var(--variant-both)"],
  [[1], 0, 1, "solid", variantColour(1)],
  [[0], 0, 1, "solid", variantColour(0)],
  [[2], 0, 1, "tint", variantColour(2)],
] as const)("%j seen from %i beside %s is %s", (variants, chosen, compared, look, colour) => {
  expect(paintOf(variants, chosen, compared)).toEqual({ look, colour });
});

it("colours come round again", () => {
  expect(variantColour(6)).toBe(variantColour(0));
});
