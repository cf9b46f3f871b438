import { describe, expect, it } from "vitest";
import { clientAddress } from "./client-address";

describe("clientAddress", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["1.2.3.4, 203.0.113.7", "203.0.113.7"],
    ["::ffff:127.0.0.1", "127.0.0.1"],
    ["2001:db8::1", "2001:db8::1"],
    [null, ""],
  ])("of %j is %j", (forwarded, address) => {
    expect(clientAddress((name) => (name === "x-forwarded-for" ? forwarded : null))).toBe(address);
  });
});
