import type { ColumnType } from "@/lib/domain/definitions/column-type";

/** DuckDB types whose every value is a value of the declared type. */
const ACCEPTED: Record<ColumnType, RegExp> = {
  boolean: /^BOOLEAN$/,
  bigint: /^(U?(TINYINT|SMALLINT|INTEGER)|BIGINT|HUGEINT)$/,
  double: /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|HUGEINT|FLOAT|DOUBLE|DECIMAL\(.*\))$/,
  string: /^(VARCHAR|UUID|ENUM\(.*\))$/,
  date: /^DATE$/,
  timestamp: /^(TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE|DATE)$/,
  vector: /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|HUGEINT|FLOAT|DOUBLE|DECIMAL\(.*\))\[\d*\]$/,
  strings: /^VARCHAR\[\d*\]$/,
};

/** Whether a DuckDB column can be read as the declared type without losing anything. A column of nulls fits all. */
export function fitsType(found: string, declared: ColumnType): boolean {
  return found === '"NULL"' || found === "NULL" || ACCEPTED[declared].test(found);
}
