import { statfsSync } from "node:fs";
import { environment } from "./environment";

/** Less than this and the embedded database cannot write its log: a segment has 16 MB. */
const LEAST_BYTES = 32 * 1024 * 1024;

/** What systems, Postgres (53100) and libraries say when a disk has no room. */
const CODES = new Set(["ENOSPC", "EDQUOT", "53100"]);
const WORDS = /no space left on device|disk quota exceeded|not enough space|MDB_MAP_FULL/i;

/** A sentence about the disk of the data folder when it has no room to work, else null. */
export function fullDisk(): string | null {
  const { TRIBUTARY_DATA } = environment();
  const free = roomOf(TRIBUTARY_DATA);
  return free === null
    ? null
    : `The disk of the data folder ${TRIBUTARY_DATA} is full: ${free} MB are free. Free space on it, or move the folder and set TRIBUTARY_DATA.`;
}

/** Megabytes that are free on the disk of a folder, where they are too few to work with, else null. */
export function roomOf(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    return free >= LEAST_BYTES ? null : Math.floor(free / 2 ** 20);
  } catch {
    // No folder yet, or a system that does not tell.
    return null;
  }
}

/** Whether something failed because a disk has no room, whatever threw it. */
export function isFullDiskError(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 4) return false;
  const { code, originalCode, message, cause, meta } = error as Record<string, unknown>;
  if (CODES.has(String(code)) || CODES.has(String(originalCode))) return true;
  if (typeof message === "string" && WORDS.test(message)) return true;
  const { driverAdapterError } = (meta ?? {}) as Record<string, unknown>;
  return isFullDiskError(cause, depth + 1) || isFullDiskError(driverAdapterError, depth + 1);
}
