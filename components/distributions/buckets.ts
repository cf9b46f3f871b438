import type { Buckets, FeatureProfile } from "@/lib/contracts/feature-detail";

/** How a histogram is looked at. */
export interface ChartOptions {
  edges: "even" | "quantile";
  cumulative: boolean;
  /** Logarithmic axis of counts. */
  log: boolean;
  /** Shares of each side's rows instead of counts. */
  percent: boolean;
}

export interface Bar {
  label: string;
  /** Position on the value axis, 0 to 1; buckets by value are equally wide. */
  from: number;
  to: number;
  /** In the unit that is shown: rows or percent. */
  value: number;
  /** Rows of this bucket alone. */
  rows: number;
}

export interface Series {
  part: string;
  /** Default: the part's. */
  label?: string;
  look?: { colour: string; dash?: string | undefined };
  bars: Bar[];
}

/** Which bars for rows beyond the edges are drawn: those of any side, so that the sides' bars stand above each other. */
export interface Ends {
  low: boolean;
  high: boolean;
}

export function endsOf(sides: readonly Buckets[]): Ends {
  return { low: sides.some((side) => side.underflow > 0), high: sides.some((side) => side.overflow > 0) };
}

const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
export const formatNumber = (value: number): string => NUMBER.format(value);

/** The buckets of a profile that a chart shows. */
export function bucketsFor(profile: FeatureProfile, edges: ChartOptions["edges"]): Buckets {
  return edges === "even" && profile.equalWidth ? profile.equalWidth : profile.buckets;
}

/**
 * A histogram as bars. Missing values are no bar: they have no place on the axis and are named in the table instead; rows
 * beyond the edges are a bar at either end.
 */
export function barsOf(
  buckets: Buckets,
  options: ChartOptions,
  { ends = endsOf([buckets]), format = formatNumber }: { ends?: Ends; format?: (edge: number) => string } = {},
): Bar[] {
  const isNumeric = buckets.kind === "numeric";
  const edge = (at: number) => format(buckets.edges.at(at) ?? 0);
  const inner = buckets.counts.map((rows, at) => ({
    label: isNumeric
      ? `${edge(at)} to ${edge(at + 1)}`
      : buckets.values[at] === ""
        ? "(empty)"
        : (buckets.values[at] ?? ""),
    rows,
  }));
  const low = ends.low ? [{ label: `below ${edge(0)}`, rows: buckets.underflow }] : [];
  const high = ends.high ? [{ label: isNumeric ? `above ${edge(-1)}` : "other values", rows: buckets.overflow }] : [];
  const all = [...low, ...inner, ...high];
  const total = totalRows(buckets);
  const width = 1 / Math.max(all.length, 1);
  let before = 0;
  return all.map(({ label, rows }, at) => {
    const shown = options.cumulative ? (before += rows) : rows;
    const value = options.percent ? (total === 0 ? 0 : (shown / total) * 100) : shown;
    return { label, rows, value, from: at * width, to: (at + 1) * width };
  });
}

export function totalRows(buckets: Buckets): number {
  return (
    buckets.counts.reduce((sum, count) => sum + count, 0) +
    buckets.underflow +
    buckets.overflow +
    buckets.missing +
    buckets.nan
  );
}

/** Height of a bar, 0 to 1. On the logarithmic axis, one row or a thousandth of a percent is the smallest height. */
export function heightOf(value: number, most: number, log: boolean): number {
  if (value <= 0 || most <= 0) return 0;
  if (!log) return value / most;
  const least = most > 100 ? 1 : most / 1e5;
  return Math.max(0.01, Math.log10(Math.max(value, least) / least + 1) / Math.log10(most / least + 1));
}

/** Round numbers from 0 to the top of an axis, about four of them. */
export function ticksOf(most: number): number[] {
  if (most <= 0) return [0];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, at) => at * step);
}
