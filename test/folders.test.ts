import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { BESIDE_NOUNS, FOLDERS, NOUNS } from "@/folders.mjs";

const root = path.join(import.meta.dirname, "..");
const nouns = Object.entries(NOUNS as Record<string, string[]>).flatMap(([noun, others]) => [noun, ...others]);
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

const singular = (noun: string) => noun.replace(/ies$/, "y").replace(/s$/, "");
const isNamedBy = (name: string, noun: string) =>
  [noun, singular(noun)].some((word) => name === word || name.startsWith(`${word}-`));

/** Folders and files of a layer, without their endings. Square brackets and dots are routes that no noun names. */
function namesIn(layer: string): string[] {
  return readdirSync(path.join(root, layer), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || layer !== "app/(portal)")
    .map(({ name }) => name.replace(/(\.test)?\.(tsx?|md)$/, ""))
    .filter((name) => !name.startsWith("["));
}

describe.each(Object.entries(BESIDE_NOUNS as Record<string, string[]>))("%s", (layer, beside) => {
  // Files beside the folders of the domain are of no noun.
  const names = namesIn(layer).filter((name) => layer !== "lib/domain" || name in FOLDERS["lib/domain"]);

  it("names its folders and files by the nouns of the product", () => {
    const stray = names.filter((name) => !beside.includes(name) && !nouns.some((noun) => isNamedBy(name, noun)));
    expect(stray).toEqual([]);
  });

  it("has what is listed as beside them", () => {
    expect(names).toEqual(expect.arrayContaining(beside));
  });
});

it("the nouns are the folders of lib/registry, each once, and each is used", () => {
  expect(Object.keys(NOUNS).sort()).toEqual(Object.keys(FOLDERS["lib/registry"]).sort());
  expect(nouns.toSorted()).toEqual([...new Set(nouns)].sort());
  const used = ["lib/registry", ...Object.keys(BESIDE_NOUNS)].flatMap(namesIn);
  expect(nouns.filter((noun) => !used.some((name) => isNamedBy(name, noun)))).toEqual([]);
});
