import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { FOLDERS } from "@/folders.mjs";

const root = path.join(import.meta.dirname, "..");
const tables = Object.entries(FOLDERS as Record<string, Record<string, string[]>>);

describe.each(tables)("the folders of %s", (layer, folders) => {
  it("are all in the table, and nothing else is", () => {
    const present = readdirSync(path.join(root, layer), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(Object.keys(folders).sort()).toEqual(present.sort());
    for (const allowed of Object.values(folders)) expect(present).toEqual(expect.arrayContaining(allowed));
  });

  it("import each other without a circle", () => {
    const left = new Map(Object.entries(folders));
    for (let before = -1; before !== left.size;) {
      before = left.size;
      for (const [folder, allowed] of left) if (!allowed.some((other) => left.has(other))) left.delete(folder);
    }
    expect([...left.keys()]).toEqual([]);
  });
});
