import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { resolveLocation } from "./source-location";

const root = realpathSync(mkdtempSync(path.join(tmpdir(), "tributary-sources-")));
const data = path.join(root, "data");
mkdirSync(data);
writeFileSync(path.join(data, "inside.csv"), "a\n1\n");
writeFileSync(path.join(root, "outside.csv"), "a\n1\n");
symlinkSync(path.join(root, "outside.csv"), path.join(data, "link.csv"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const at = (location: string, anywhere = false) =>
  resolveLocation({ name: "s", location }, { directories: [data], anywhere });

describe("resolveLocation", () => {
  it("finds relative and absolute files below the folders, and files of packages", () => {
    expect(at("inside.csv")).toBe(path.join(data, "inside.csv"));
    expect(at(path.join(data, "inside.csv"))).toBe(path.join(data, "inside.csv"));
    expect(at("npm:vega-datasets/data/airports.csv")).toMatch(/airports\.csv$/);
  });

  it.each([["../outside.csv"], ["link.csv"], [path.join(root, "outside.csv")]])(
    "refuses %s, which is outside",
    (location) => {
      expect(() => at(location)).toThrow(/outside the folders.*TRIBUTARY_SOURCES/);
    },
  );

  it("reads any absolute path where that is allowed, but never leaves a folder by a relative one", () => {
    expect(at(path.join(root, "outside.csv"), true)).toBe(path.join(root, "outside.csv"));
    expect(() => at("../outside.csv", true)).toThrow(/outside the folders/);
  });

  it("says where it looked for a file that is not there", () => {
    expect(() => at("absent.csv")).toThrow(new RegExp(`expects a file at absent.csv, and .* is not below ${data}`));
    expect(() => at("npm:vega-datasets/../../etc/passwd")).toThrow();
  });
});
