/**
 * A file beside the online store's that says how it was when it was closed in order. It is taken away as soon as the store is opened, so
 * that a store whose process ended in any other way, or whose file is another one, is checked before it is used.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

const markOf = (file: string) => `${file}.closed`;

function stateOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return JSON.stringify({ size, mtimeMs });
}

export function markOpen(file: string): void {
  rmSync(markOf(file), { force: true });
}

/** A disk that takes no mark costs a check, and nothing else. */
export function markClosed(file: string): void {
  try {
    writeFileSync(markOf(file), stateOf(file));
  } catch {
    rmSync(markOf(file), { force: true });
  }
}

export function wasClosed(file: string): boolean {
  try {
    return readFileSync(markOf(file), "utf8") === stateOf(file);
  } catch {
    return false;
  }
}
