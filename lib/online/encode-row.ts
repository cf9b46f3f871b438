/** A stored row with a checksum, so that what a disk changed is never served as a value. */
import { crc32 } from "node:zlib";

/** Begins a row with a checksum; rows of before begin with the year of their event time. */
const MARK = "~";
const DIGITS = 8;

/** The checksum is over the key too: a row under another key is not what was written. */
const checksum = (key: string, row: string) => crc32(row, crc32(key)).toString(16).padStart(DIGITS, "0");

export function encodeText(key: string, row: string): string {
  return `${MARK}${checksum(key, row)}${row}`;
}

/** The row; null where it is not the one that was written. */
export function decodeText(key: string, text: string): string | null {
  if (!text.startsWith(MARK)) return /^[+-]?\d/.test(text) ? text : null;
  const row = text.slice(MARK.length + DIGITS);
  return text.slice(MARK.length, MARK.length + DIGITS) === checksum(key, row) ? row : null;
}
