import { describe, expect, it } from "vitest";
import { isAddressedToLoopback } from "./loopback";

describe("isAddressedToLoopback", () => {
  it.each<[Record<string, string>, boolean]>([
    [{ host: "127.0.0.1:3000" }, true],
    [{ host: "localhost" }, true],
    [{ host: "[::1]:3000" }, true],
    [{ host: "tributary.localhost:3000", "x-forwarded-host": "localhost:3000" }, true],
    [{ host: "127.0.0.1.example.org" }, false],
    [{ host: "rebound.example:3000" }, false],
    [{ host: "127.0.0.1:3000", "x-forwarded-host": "portal.example" }, false],
    [{}, false],
  ])("%j: %s", (headers, expected) => {
    expect(isAddressedToLoopback((name) => headers[name])).toBe(expected);
  });
});
