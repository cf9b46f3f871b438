import { describe, expect, it } from "vitest";
import { isFullDiskError } from "./disk-space";

const error = (members: object, message = "x") => Object.assign(new Error(message), members);

describe("isFullDiskError", () => {
  it.each<[string, unknown, boolean]>([
    ["a file that cannot be written", error({ code: "ENOSPC" }), true],
    ["a quota", error({ code: "EDQUOT" }), true],
    ["Postgres", error({ code: "53100" }, 'could not extend file "base/5/1"'), true],
    [
      "Prisma",
      error({ code: "P2039", meta: { driverAdapterError: error({ cause: { originalCode: "53100" } }) } }),
      true,
    ],
    ["a library that only says it", error({}, "IO Error: Could not write file: No space left on device"), true],
    ["a cause of a cause", error({ cause: error({ cause: error({ code: "ENOSPC" }) }) }), true],
    ["another error", error({ code: "ENOENT" }, "no such file"), false],
    ["what is no error", "No space", false],
    ["nothing", null, false],
  ])("%s", (_, thrown, expected) => expect(isFullDiskError(thrown)).toBe(expected));

  it("ends for an error that is its own cause", () => {
    const own = error({});
    own.cause = own;
    expect(isFullDiskError(own)).toBe(false);
  });
});
