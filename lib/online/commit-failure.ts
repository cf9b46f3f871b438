import path from "node:path";
import { isFullDiskError, roomOf } from "@/lib/config/disk-space";
import { DomainError } from "@/lib/domain/errors";
import { whyDamaged } from "./assert-sound";

/** What a write to the online store failed with, as an error that says what to do: a disk without room, a damaged file, or the error as it is. */
export function whyUnwritten(file: string, error: unknown): unknown {
  const free = roomOf(path.dirname(file));
  // Of a file that cannot grow, LMDB says input/output error.
  if (free === null && !isFullDiskError(error)) return whyDamaged(file, error);
  return new DomainError(
    "unavailable",
    `The disk of the online store ${file} is full${free === null ? "" : `: ${free} MB are free`}. What it serves stays as it is. Free space on it.`,
  );
}
