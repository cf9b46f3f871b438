import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { installationFolder } from "./installation";

let digest: string | null | undefined;

/** SHA-256 of the lockfile of the product's packages; null for an installation without one. Read once. */
export function lockfileDigest(): string | null {
  if (digest === undefined) {
    const file = path.join(installationFolder(), "package-lock.json");
    digest = existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : null;
  }
  return digest;
}
