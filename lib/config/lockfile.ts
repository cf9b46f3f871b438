import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "@/package.json";

let digest: string | null | undefined;

/** SHA-256 of the lockfile of the product's packages; null for an installation without one. Read once. */
export function lockfileDigest(): string | null {
  if (digest === undefined) {
    const file = findLockfile();
    digest = file === null ? null : createHash("sha256").update(readFileSync(file)).digest("hex");
  }
  return digest;
}

/** Beside the product's own manifest: a bundle does not know where it was made from, and a command may run anywhere. */
function findLockfile(): string | null {
  for (const start of [process.cwd(), path.dirname(fileURLToPath(import.meta.url))])
    for (let folder = start; ; folder = path.dirname(folder)) {
      if (isProduct(path.join(folder, "package.json"))) {
        const file = path.join(folder, "package-lock.json");
        return existsSync(file) ? file : null;
      }
      if (folder === path.dirname(folder)) break;
    }
  return null;
}

function isProduct(file: string): boolean {
  if (!existsSync(file)) return false;
  return (JSON.parse(readFileSync(file, "utf8")) as { name?: unknown }).name === manifest.name;
}
