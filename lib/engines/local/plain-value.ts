import {
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValueConverter,
  JSDuckDBValueConverter,
} from "@duckdb/node-api";
import { isoOfMicros } from "@/lib/domain/instant";

/**
 * A DuckDB value as JSON can carry it: safe integers as numbers, larger ones as decimal strings, instants as ISO text with their
 * microseconds.
 */
export const plainValue: DuckDBValueConverter<unknown> = (value, type, converter) => {
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return isoOfMicros(value.micros);
  if (value instanceof DuckDBTimestampNanosecondsValue) return isoOfMicros(value.nanos / 1000n);
  const plain = JSDuckDBValueConverter(value, type, converter as Parameters<typeof JSDuckDBValueConverter>[2]);
  if (typeof plain === "bigint") {
    const number = Number(plain);
    return Number.isSafeInteger(number) ? number : plain.toString();
  }
  return plain instanceof Date ? plain.toISOString() : plain;
};
