import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { resolveFiles, resolveLocation } from "./source-location";

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

  it("finds the files of folders and patterns in order, and none outside", () => {
    mkdirSync(path.join(data, "many", "day=1"), { recursive: true });
    for (const name of ["b.csv", "a.csv", "_SUCCESS", ".hidden.csv", "c.parquet", "day=1/d.csv.gz"])
      writeFileSync(path.join(data, "many", name), "a\n1\n");
    symlinkSync(path.join(root, "outside.csv"), path.join(data, "many", "z-link.csv"));
    const files = (location: string, directories = [data]) =>
      resolveFiles({ name: "s", location, format: "csv" }, { directories, anywhere: false }).map((file) =>
        path.relative(data, file),
      );
    expect(() => files("many")).toThrow(/outside the folders/);
    rmSync(path.join(data, "many", "z-link.csv"));
    expect(files("many")).toEqual(["many/a.csv", "many/b.csv", "many/day=1/d.csv.gz"]);
    expect(files("many/?.csv")).toEqual(["many/a.csv", "many/b.csv"]);
    expect(files("many/{b,c}.*")).toEqual(["many/b.csv", "many/c.parquet"]);
    expect(files("many/[!a].csv")).toEqual(["many/b.csv"]);
    expect(files("many/**/*.gz")).toEqual(["many/day=1/d.csv.gz"]);
    expect(files("many/a.csv")).toEqual(["many/a.csv"]);
    expect(() => files("many/*.tsv")).toThrow(/expects a file/);
    expect(() => files("../*.csv")).toThrow(/outside the folders/);
    expect(() => files("many", [path.join(data, "none")])).toThrow(/expects a file/);
  });

  it("says where it looked for a file that is not there", () => {
    expect(() => at("absent.csv")).toThrow(new RegExp(`expects a file at absent.csv, and .* is not below ${data}`));
    expect(() => at("npm:vega-datasets/../../etc/passwd")).toThrow();
  });
});
