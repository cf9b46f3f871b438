import { describe, expect, it } from "vitest";
import { returnPath } from "./return-path";

describe("returnPath", () => {
  it.each([
    ["/features?q=delay&owner=a#top", "/features?q=delay&owner=a#top"],
    ["/", "/"],
    [undefined, "/"],
    ["", "/"],
    ["features", "/"],
    ["//evil.example/x", "/"],
    ["/\\evil.example", "/"],
    ["/\t/evil.example", "/"],
    ["/.//evil.example", "/"],
    ["https://evil.example/", "/"],
    ["javascript:alert(1)", "/"],
    ["/sign-in?from=/features", "/"],
    ["/api/auth/signout", "/"],
  ])("%j leads to %j", (from, expected) => {
    expect(returnPath(from)).toBe(expected);
  });
});
