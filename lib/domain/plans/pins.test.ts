import fc from "fast-check";
import { expect, it } from "vitest";
import { toPins } from "./pins";

const name = fc.stringMatching(/^[a-z][a-z0-9_.]{0,8}$/);

it("reads a list as the record that it stands for, whatever its order and repetitions", () => {
  fc.assert(
    fc.property(fc.dictionary(name, name), fc.boolean(), (pins, twice) => {
      const list = Object.entries(pins).map(([column, stage]) => `${column}@${stage}`);
      expect(toPins([...list].reverse())).toEqual({ ...pins });
      expect(toPins(twice ? [...list, ...list] : list)).toEqual({ ...pins });
      expect(toPins(pins)).toEqual(pins);
    }),
  );
});

it.each([
  ["one column to two stages", ["a.b@s", "a.b@t"], /pinned to stage "s" and to stage "t"/],
  ["no stage", ["a.b@"], /Write column@stage/],
  ["no column", ["@s"], /Write column@stage/],
  ["no pin at all", ["a.b"], /Write column@stage/],
])("refuses %s", (_, pins, message) => {
  expect(() => toPins(pins)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(message),
      context: expect.objectContaining({ code: "INVALID_PIN" }),
    }),
  );
});
