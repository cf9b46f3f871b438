import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { threadId } from "node:worker_threads";
import { environment } from "./environment";

/** As the variable's own limit. */
const LEAST_CHARACTERS = 32;

/**
 * The key that signs sessions and from which others are derived: from the environment, or made once and kept where only the
 * owner reads it.
 */
export function serverSecret(): string {
  const { NEXTAUTH_SECRET, TRIBUTARY_DATA } = environment();
  if (NEXTAUTH_SECRET) return NEXTAUTH_SECRET;
  const file = path.join(TRIBUTARY_DATA, "session-secret");
  const kept = read(file);
  if (kept !== null) return kept;
  mkdirSync(TRIBUTARY_DATA, { recursive: true });
  // Written aside and linked, so that the file is never there without its whole content, and the first process wins.
  const aside = `${file}.${process.pid}-${threadId}`;
  writeFileSync(aside, randomBytes(32).toString("hex"), { mode: 0o600 });
  try {
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return read(file) ?? serverSecret();
}

/** Null without a whole secret. What a full disk or a crash left of one is removed: it would sign sessions that anybody can make. */
function read(file: string): string | null {
  let secret: string;
  try {
    secret = readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  if (secret.length >= LEAST_CHARACTERS) return secret;
  rmSync(file, { force: true });
  return null;
}
