import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "@/package.json";

let folder: string | undefined;

/**
 * The folder of this installation, which has the product's manifest, migrations and programs: a bundle does not know where it was
 * made from, and a command may run anywhere. Throws where neither this module nor the process stands in one.
 */
export function installationFolder(): string {
  return (folder ??= find());
}

/** A program of `scripts/programs.mjs` by its name. */
export function programFile(name: string): string {
  return [installationFolder(), "dist", `${name}.mjs`].join(path.sep);
}

function find(): string {
  for (const start of [process.cwd(), path.dirname(fileURLToPath(import.meta.url))])
    for (let at = start; ; at = path.dirname(at)) {
      if (isProduct(path.join(at, "package.json"))) return at;
      if (at === path.dirname(at)) break;
    }
  throw new Error(`Tributary was not found from ${process.cwd()}. Start it in its own folder.`);
}

function isProduct(file: string): boolean {
  if (!existsSync(file)) return false;
  return (JSON.parse(readFileSync(file, "utf8")) as { name?: unknown }).name === manifest.name;
}
