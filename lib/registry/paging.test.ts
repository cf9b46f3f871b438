import { expect, it } from "vitest";
import { idOf, numberOf } from "./paging";

const ID = "01a23225-8264-74c1-8eec-343caed557f4";

it("a cursor is what a page before gave, and nothing else", () => {
  expect([numberOf(undefined), numberOf("0"), numberOf("123456789")]).toEqual([undefined, 0, 123_456_789]);
  expect(idOf(ID)).toBe(ID);
  for (const cursor of ["", "x", "-1", "1.5", "1e3", " 1", "0x1", "12345678901", "null"])
    expect(() => numberOf(cursor), cursor).toThrow("The cursor is not one that a page before gave.");
  for (const cursor of ["", "x", ID.slice(0, -1), `${ID}0`, ID.toUpperCase()])
    expect(() => idOf(cursor), cursor).toThrow("The cursor is not one that a page before gave.");
});
