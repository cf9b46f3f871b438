import {
  DuckDBDateValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValueConverter,
  JSDuckDBValueConverter,
} from "@duckdb/node-api";
import { isoOfMicros } from "@/lib/domain/instant";

const DAY_MICROS = 86_400_000_000n;
/** What stands for infinity in times of every unit, to either side; days have their own. */
const INFINITE = 2n ** 63n - 1n;

/** The text of a time from a count of its unit. */
const instantOf = (count: bigint, toMicros: (count: bigint) => bigint) =>
  isoOfMicros(count >= INFINITE || count <= -INFINITE ? count : toMicros(count));

/**
 * A DuckDB value as JSON can carry it: safe integers as numbers, larger ones as decimal strings, instants as ISO text with their
 * microseconds.
 */
export const plainValue: DuckDBValueConverter<unknown> = (value, type, converter) => {
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return isoOfMicros(value.micros);
  if (value instanceof DuckDBTimestampSecondsValue) return instantOf(value.seconds, (count) => count * 1_000_000n);
  if (value instanceof DuckDBTimestampMillisecondsValue) return instantOf(value.millis, (count) => count * 1000n);
  if (value instanceof DuckDBTimestampNanosecondsValue) return instantOf(value.nanos, (count) => count / 1000n);
  if (value instanceof DuckDBDateValue)
    return isoOfMicros(value.isFinite ? BigInt(value.days) * DAY_MICROS : value.days > 0 ? INFINITE : -INFINITE);
  const plain = JSDuckDBValueConverter(value, type, converter as Parameters<typeof JSDuckDBValueConverter>[2]);
  if (typeof plain === "bigint") {
    const number = Number(plain);
    return Number.isSafeInteger(number) ? number : plain.toString();
  }
  return plain instanceof Date ? plain.toISOString() : plain;
};
