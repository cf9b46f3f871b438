import { describe, expect, it } from "vitest";
import { DESTINATIONS, destinationOf } from "./destinations";

describe("destinationOf", () => {
  it.each([
    ["/", "/"],
    ["/features", "/features"],
    ["/features/airport.segment", "/features"],
    ["/audit", "/audit"],
    ["/audit/usage", "/audit/usage"],
    ["/entities/airport", "/entities"],
    ["/split-policies/by_month", "/entities"],
    ["/featuresque", undefined],
    ["/nowhere", undefined],
  ])("%s belongs to %s", (pathname, href) => {
    expect(destinationOf(pathname)?.href).toBe(href);
  });

  it("has one key for one page", () => {
    const keys = DESTINATIONS.flat().map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
