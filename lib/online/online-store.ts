import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { exactMicros, isoOfMicros } from "@/lib/domain/instant";

/** The newest values of one entity, as an engine reads them. */
export interface OnlineRow {
  /** `entityKey(...)` of the join key values. */
  key: string;
  /** In the order of the set's columns. */
  values: unknown[];
  /** ISO instant from which the values hold; null when they always did. */
  eventTime: string | null;
}

/** A stored row, ready to be pasted into an answer. */
export interface EncodedRow {
  /** RFC 3339 with Z. */
  eventTime: string;
  /** JSON text of each value. */
  values: string[];
}

/** A set that a new one begins as. */
export interface BaseSet {
  setId: string;
  /** Place in the base's rows of each of the new set's columns. */
  positions: number[];
}

/**
 * Values by entity, in sets: one set is what one run wrote for one feature view. A set is written whole before anybody knows its
 * id, and never changed after, so that a reader sees all of it or none.
 */
export interface OnlineStore {
  /**
   * @param base rows to begin with: a row of the batches takes the place of the base's unless that one is newer
   * @returns how many entities the set has, and the keys that are too long for the store and found by their digest
   */
  writeSet(
    setId: string,
    types: ColumnType[],
    batches: AsyncIterable<OnlineRow[]>,
    base?: BaseSet | null,
  ): Promise<{ rows: number; longKeys: string[] }>;
  /** Rows of one set in one read transaction, in the order of the keys; undefined for a key that it does not hold. */
  readRows(setId: string, keys: string[]): (EncodedRow | undefined)[] | Promise<(EncodedRow | undefined)[]>;
  /** Removes a set that nothing points to any more. */
  dropSet(setId: string): Promise<void>;
  close(): Promise<void>;
}

/** Between the values of a composite key. */
export const KEY_SEPARATOR = "\u0001";
const MISSING = "\u0002";
/** Before a character of a value that would be read as one of these. */
const ESCAPE = "\u0003";
// eslint-disable-next-line no-control-regex -- these are the characters that are escaped
const RESERVED = /[\u0001-\u0003]/g;
/** Escaped characters are letters, so that no reserved one is left in a value. */
const escaped = (character: string) => ESCAPE + String.fromCharCode(character.charCodeAt(0) + 0x60);

/**
 * The join key values of an entity as one string. Numbers and the strings that they are written as are the same key; no two lists of
 * values meet, whatever characters are in them.
 * @param types of the keys, where a value may be written in several ways: of dates and times the moment counts
 */
export function entityKey(values: readonly unknown[], types: readonly ColumnType[] = []): string {
  return values.map((value, at) => keyText(value, types[at])).join(KEY_SEPARATOR);
}

function keyText(value: unknown, type: ColumnType | undefined): string {
  if (value === null || value === undefined) return MISSING;
  const text = String(value);
  if (type === "date" || type === "timestamp") {
    const micros = exactMicros(text);
    if (micros !== null) return isoOfMicros(micros);
  }
  return text.replace(RESERVED, escaped);
}
