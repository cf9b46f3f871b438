import type { FeatureProfile } from "@/lib/contracts/feature-detail";
import { formatNumber } from "./buckets";

export interface Figure {
  label: string;
  text: string;
  /** The plain value, for export. */
  value: string | number | null;
  /** Why a reader should look twice; null when it is as it should be. */
  alarm: string | null;
}

/** Shares from which a profile's cell is marked, as Facets marks them. */
const MISSING_ALARM = 0.02;
const ZEROS_ALARM = 0.1;

/** The figures of a profile that apply to its type, in the order in which they are read. */
export function figuresOf({ rows, stats }: Pick<FeatureProfile, "rows" | "stats">): Figure[] {
  const number = (key: string): number | null => (typeof stats[key] === "number" ? stats[key] : null);
  const plain = (label: string, value: number | string | null | undefined): Figure[] =>
    value === null || value === undefined
      ? []
      : [{ label, value, text: typeof value === "number" ? formatNumber(value) : value, alarm: null }];
  const share = (label: string, count: number | null, limit: number, why: string): Figure[] => {
    if (count === null) return [];
    const part = rows === 0 ? 0 : count / rows;
    return [
      {
        label,
        value: count,
        text: count === 0 ? "0" : `${(part * 100).toFixed(part < 0.001 ? 3 : 1)} %`,
        alarm: part > limit ? why : null,
      },
    ];
  };
  const odd = ["nan", "positiveInfinity", "negativeInfinity"].map(number).filter((count) => count !== null);
  const quantiles = (stats.quantiles ?? {}) as Record<string, number>;
  const [top] = (stats.top ?? []) as { value: string; count: number }[];
  const either = (key: string) => {
    const value = stats[key];
    return typeof value === "number" || typeof value === "string" ? value : null;
  };
  return [
    { label: "Rows", value: rows, text: rows.toLocaleString("en"), alarm: rows === 0 ? "There are no rows." : null },
    ...share("Missing", number("missing"), MISSING_ALARM, "More than 2 % are missing."),
    ...share("Zeros", number("zeros"), ZEROS_ALARM, "More than 10 % are zero."),
    ...(odd.length > 0
      ? share(
          "Not finite",
          odd.reduce((sum, count) => sum + count, 0),
          0,
          "NaN or infinite values.",
        )
      : []),
    ...plain("Distinct", number("distinct")),
    ...plain("Mean", number("mean")),
    ...plain("Std", number("sampleStd")),
    ...plain("Min", either("min")),
    ...plain("Median", quantiles["0.5"]),
    ...plain("Max", either("max")),
    ...(top ? [{ label: "Top value", value: top.value, text: topText(top, rows), alarm: null }] : []),
    ...plain("Average length", number("averageLength")),
  ];
}

function topText(top: { value: string; count: number }, rows: number): string {
  const value = top.value === "" ? "(empty)" : top.value;
  return rows === 0 ? value : `${value} ${((top.count / rows) * 100).toFixed(1)} %`;
}
