import { expect, it } from "vitest";
import { movingAs } from "./moving-column";

it.each([
  ["id", { rowKey: ["id"], timeColumn: "at" }, "key"],
  ["at", { rowKey: ["id"], timeColumn: "at" }, "time"],
  ["at", { rowKey: ["at"], timeColumn: "at" }, "time"],
  ["delay", { rowKey: ["id"], timeColumn: "at" }, null],
  ["location", { rowKey: ["location", "at"], timeColumn: "at" }, null],
  ["at", { rowKey: ["id"] }, null],
])("%s of %j moves on as %s", (column, source, expected) => {
  expect(movingAs(source, column)).toBe(expected);
});
