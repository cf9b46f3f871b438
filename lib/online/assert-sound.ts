import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { DomainError } from "@/lib/domain/errors";

/** LMDB's file begins with two pages that say how large it is; the newer one counts. Offsets in such a page, in bytes. */
const META = { magic: 24, pageSize: 48, lastPage: 144, transaction: 152, bytes: 160 };
const MAGIC = 0xbeefc0de;

/**
 * Throws `unavailable`, saying what to do, when a file cannot be the online store: it is something else, or its end is missing. LMDB
 * maps it into memory and trusts it, so that opening such a file would end the process.
 */
export function assertSound(file: string): void {
  if (!existsSync(file)) return;
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    // As it is before the first write.
    if (size === 0) return;
    const first = metaAt(handle, 0);
    const second = first && metaAt(handle, first.pageSize);
    if (!first || !second) throw damaged(file, "it does not begin as one");
    const { lastPage, pageSize } = second.transaction > first.transaction ? second : first;
    const whole = (lastPage + 1n) * BigInt(pageSize);
    if (BigInt(size) < whole) throw damaged(file, `it has ${size} of ${whole} bytes`);
  } finally {
    closeSync(handle);
  }
}

function metaAt(handle: number, position: number) {
  const page = Buffer.alloc(META.bytes);
  if (readSync(handle, page, 0, META.bytes, position) < META.bytes || page.readUInt32LE(META.magic) !== MAGIC)
    return null;
  return {
    pageSize: page.readUInt32LE(META.pageSize),
    lastPage: page.readBigUInt64LE(META.lastPage),
    transaction: page.readBigUInt64LE(META.transaction),
  };
}

/** What LMDB says of pages that cannot be what they are. */
const DAMAGE = /MDB_(?:CORRUPTED|PAGE_NOTFOUND|PANIC|INVALID|BAD_TXN|BAD_RSLOT)[^\n]*/;

/** The same for what the library found while it read or wrote; other errors as they are. */
export function whyDamaged(file: string, error: unknown): unknown {
  const [said] = DAMAGE.exec(error instanceof Error ? error.message : String(error)) ?? [];
  return said === undefined ? error : damaged(file, said);
}

export function damaged(file: string, why: string): DomainError {
  return new DomainError(
    "unavailable",
    `The online store ${file} is damaged: ${why}. It holds copies only: move it out of the folder, start again, and run the pipelines of the online views, which writes their values anew.`,
  );
}
