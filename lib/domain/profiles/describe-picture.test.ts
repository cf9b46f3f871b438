import { expect, it } from "vitest";
import { describePicture } from "./describe-picture";

const picture = { version: 2, dataset: "flights@1", rows: 1048, from: "2001-06-01T00:00:00.000Z", to: "2001-06-30T23:00:00.000Z" }; // prettier-ignore

it.each([
  [
    { ...picture, environment: "production" as const },
    "production · version 2 · 1,048 rows of flights@1, 2001-06-01 to 2001-06-30",
  ],
  [{ ...picture, environment: null, from: null, to: null }, "no environment · version 2 · 1,048 rows of flights@1"],
])("%j", (one, words) => expect(describePicture(one)).toBe(words));
