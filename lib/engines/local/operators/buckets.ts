import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { quoteNumber, quoteText } from "../quote";

/**
 * SQL that numbers the interval of `x` among increasing edges: interval i is [edge_i, edge_i+1), the last one closed.
 * Null outside the edges and for NaN and null. Written as a binary search, so that many edges stay cheap.
 */
export function bucketIndex(x: string, edges: number[], value: (bucket: number) => string): string {
  const inner = edges.slice(1, -1);
  const search = (low: number, high: number): string => {
    if (low === high) return value(low);
    const middle = (low + high) >> 1;
    return `CASE WHEN ${x} < ${quoteNumber(inner[middle] ?? 0)} THEN ${search(low, middle)} ELSE ${search(middle + 1, high)} END`;
  };
  const low = edges[0] ?? -Infinity;
  const high = edges.at(-1) ?? Infinity;
  const conditions = [
    `NOT isnan(CAST(${x} AS DOUBLE))`,
    ...(low === -Infinity ? [] : [`${x} >= ${quoteNumber(low)}`]),
    ...(high === Infinity ? [] : [`${x} <= ${quoteNumber(high)}`]),
  ];
  return `CASE WHEN ${conditions.join(" AND ")} THEN ${search(0, inner.length)} END`;
}

/** How a bucket or cluster number is written in an output of the given type. */
export function bucketValue(type: ColumnType, labelPrefix: string): (bucket: number) => string {
  if (type === "string") return (bucket) => quoteText(`${labelPrefix}${bucket}`);
  return type === "bigint" ? (bucket) => `CAST(${bucket} AS BIGINT)` : (bucket) => `${bucket}e0`;
}
