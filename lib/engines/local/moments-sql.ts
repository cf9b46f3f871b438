/**
 * SQL of means and spreads that keep their digits: powers of distances from a value of the data, which do not cancel as powers
 * of values with a large offset would, and compensated sums. What `momentsOf` of the domain does over arrays.
 */
export interface MomentsSql {
  mean: string;
  /** Of a sample; null for one row. */
  sampleStd: string;
}

/**
 * @param x SQL of a number or null; those that take part are finite
 * @param isInteger whether distances are taken before anything is rounded to a double
 * @param table the relation that it is of, whose least value is the origin
 * @param condition of the rows that take part
 */
export function momentsSql(x: string, isInteger: boolean, table: string, condition: string): MomentsSql {
  const rows = `FILTER (WHERE ${condition})`;
  const value = isInteger ? `CAST(${x} AS HUGEINT)` : `CAST(${x} AS DOUBLE)`;
  // The distance between the ends of all doubles is no double.
  const origin = `(SELECT CASE WHEN isfinite(CAST(max(${value}) - min(${value}) AS DOUBLE)) THEN min(${value}) ELSE 0 END FROM ${table} WHERE ${condition})`;
  const away = `CAST(${value} - ${origin} AS DOUBLE)`;
  return { mean: `CAST(${origin} AS DOUBLE) + favg(${away}) ${rows}`, sampleStd: `stddev_samp(${away}) ${rows}` };
}
