/**
 * The text whose SHA-256 is a training dataset's content digest. It has a line for the columns and one for each row, each ended by a
 * line feed, in UTF-8:
 *
 *     [["driver_id","bigint"],["at","timestamp"],["rate","double"]]
 *     [1001,"2024-05-01T12:00:00.000Z",1.0]
 *
 * Rows are in the order of the spine, so that order and repetition count. Values are JSON without white space: integers with all
 * digits, doubles as the shortest text that gives them back (`1.0`, `0.1`, `1e22`) with `"NaN"`, `"Infinity"` and `"-Infinity"`, instants in
 * UTC with three digits of the second, or six where they have them, dates `"2024-05-01"`, lists as arrays, null for none. Nothing depends
 * on the file: another compression, row group or writer gives the same digest.
 */
import type { ColumnType } from "../definitions/column-type";

/** The first line, without its line feed. */
export function columnsLine(columns: readonly { name: string; type: ColumnType }[]): string {
  return JSON.stringify(columns.map(({ name, type }) => [name, type]));
}
