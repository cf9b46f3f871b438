/** What `npm pack` makes runs without the sources and without a build. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-packed-"));
const installed = path.join(folder, "package");

const tributary = (...args: string[]) => {
  const { DATABASE_URL: _, TRIBUTARY_URL: __, TRIBUTARY_DATA: ___, ...env } = process.env;
  const program = path.join(installed, "bin", "tributary.mjs");
  return execFileSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...env, PORT: "9" },
  });
};

beforeAll(() => {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { shell: process.platform === "win32" });
  const [archive = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", archive], { cwd: folder });
  // As npm would install them beside it.
  symlinkSync(path.resolve("node_modules"), path.join(installed, "node_modules"), "junction");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("has neither the sources nor what tests are made of", () => {
  expect(readdirSync(installed).filter((name) => name !== "node_modules").sort()).toEqual(["LICENSE", "README.md", "bin", "dist", "package.json", "prisma"]); // prettier-ignore
});

it("validates, inspects a file in the engine's process, and opens a registry of its own", () => {
  mkdirSync(path.join(folder, "specs"));
  writeFileSync(path.join(folder, "specs", "entity.yaml"), "kind: Workspace\nname: shop\ntitle: Shop\n---\nkind: Entity\nname: customer\njoinKeys: [{ name: id, type: bigint }]\n"); // prettier-ignore
  writeFileSync(path.join(folder, "orders.csv"), "id,paid\n1,1.5\n2,3\n");
  expect(tributary("validate", "specs")).toContain("2 documents are valid.");
  expect(tributary("inspect", "orders.csv")).toContain("{name: paid, type: double}");
  expect(tributary("apply", "specs")).toContain("2 created");
  expect(existsSync(path.join(installed, ".tributary", "registry"))).toBe(true);
});
