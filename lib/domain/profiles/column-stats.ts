/**
 * Common, numeric and categorical figures of one column over one selection. Members that do not apply are absent. Of a list,
 * `rows` and `missing` count lists, and the other figures, like the histogram, are of their values.
 */
export interface ColumnStats {
  rows: number;
  missing: number;
  distinct?: number;
  zeros?: number;
  negative?: number;
  nan?: number;
  positiveInfinity?: number;
  negativeInfinity?: number;
  min?: number | string;
  max?: number | string;
  mean?: number;
  sampleStd?: number;
  populationStd?: number;
  skew?: number;
  /** Probability → type-7 quantile; keys "0.01", "0.05", "0.1" … "0.9", "0.95", "0.99". */
  quantiles?: Record<string, number>;
  top?: { value: string; count: number }[];
  averageLength?: number;
  emptyStrings?: number;
  /** Numbers: values that are neither NaN nor infinite; `min`, `max`, moments and quantiles are of these. */
  finite?: number;
  /** Of the finite values; an integer beyond 2^53 is a decimal string. */
  sum?: number | string;
  /** False where `distinct` is an estimate, because there are too many to count exactly. */
  distinctIsExact?: boolean;
  /** Texts that were not UTF-8: with a replacement character where bytes could not be read. */
  invalidUtf8?: number;
  /** Lists: how many values a row has, over rows that are not missing; an empty list has none and is not missing. */
  valency?: {
    min: number;
    mean: number;
    max: number;
    /** Type 7: least, nine deciles, greatest. */ deciles?: number[];
  };
}
