import type { ColumnType } from "@/lib/domain/definitions/column-type";

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

/**
 * Values by entity, in sets: one set is what one run wrote for one feature view. A set is written whole before anybody knows its
 * id, and never changed after, so that a reader sees all of it or none.
 */
export interface OnlineStore {
  writeSet(setId: string, types: ColumnType[], batches: AsyncIterable<OnlineRow[]>): Promise<{ rows: number }>;
  /** Rows of one set in one read transaction, in the order of the keys; undefined for a key that it does not hold. */
  readRows(setId: string, keys: string[]): (EncodedRow | undefined)[] | Promise<(EncodedRow | undefined)[]>;
  /** Removes a set that nothing points to any more. */
  dropSet(setId: string): Promise<void>;
  close(): Promise<void>;
}

/** The join key values of an entity as one string. Numbers and the strings that they are written as are the same key. */
export function entityKey(values: readonly unknown[]): string {
  return values.map((value) => (value === null || value === undefined ? "\u0002" : String(value))).join("\u0001");
}
