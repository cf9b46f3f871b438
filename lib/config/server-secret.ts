import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { environment } from "./environment";

/**
 * The key that signs sessions and from which others are derived: from the environment, or made once and kept where only the
 * owner reads it.
 */
export function serverSecret(): string {
  const { NEXTAUTH_SECRET, TRIBUTARY_DATA } = environment();
  if (NEXTAUTH_SECRET) return NEXTAUTH_SECRET;
  const file = path.join(TRIBUTARY_DATA, "session-secret");
  if (!existsSync(file)) {
    mkdirSync(TRIBUTARY_DATA, { recursive: true });
    try {
      writeFileSync(file, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 });
    } catch {
      // Another process of the same start was quicker: its key is the key.
    }
    chmodSync(file, 0o600);
  }
  return readFileSync(file, "utf8");
}
