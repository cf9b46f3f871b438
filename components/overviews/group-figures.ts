import { type Figure, figuresOf } from "@/components/distributions/figures";
import type { OverviewFigures } from "@/lib/contracts/overviews";

/** Figures in the order in which a row has those of its type. */
export const FIGURES = [
  "Rows",
  "Missing",
  "Zeros",
  "Not finite",
  "Mean",
  "Std",
  "Min",
  "Median",
  "Max",
  "Distinct",
  "Top value",
] as const;

const LONGEST = 14;

/** The figures of one group, by their names; one that the type does not have is not there. */
export function figuresOfGroup(group: OverviewFigures): Map<string, Figure> {
  const [negativeInfinity = 0, positiveInfinity = 0] = group.infinite ?? [];
  const figures = figuresOf({
    rows: group.rows,
    stats: {
      missing: group.missing,
      zeros: group.zeros,
      ...((group.nan || group.infinite) && { nan: group.nan ?? 0, negativeInfinity, positiveInfinity }),
      distinct: group.distinct,
      mean: group.mean,
      sampleStd: group.std,
      min: group.min,
      max: group.max,
      quantiles: { "0.5": group.quantiles?.[6] },
      // Of numbers no value stands out.
      top: group.mean === undefined ? group.top?.map(([value, count]) => ({ value, count })) : undefined,
      averageLength: group.averageLength,
    },
  });
  return new Map(
    figures.map((figure) => [
      figure.label,
      figure.label === "Distinct" && group.estimated ? { ...figure, text: `≈ ${figure.text}` } : figure,
    ]),
  );
}

const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const SMALL = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** What fits into a narrow column; the exact value is its title. */
export function shortFigure({ label, value, text }: Figure): string {
  const isShare = text.endsWith("%");
  if (isShare) return text.startsWith("0.00") ? "<0.01 %" : text;
  if (typeof value !== "number") return shortText(text);
  const size = Math.abs(value);
  const short = size >= 100_000 ? COMPACT.format(value) : size < 1 ? SMALL.format(value) : text.replace("≈ ", "");
  return label === "Distinct" && text.startsWith("≈") ? `≈ ${short}` : short;
}

/** The most frequent value and its share of the rows, which stands last in the figure's text; none without rows. */
export function topOf({ text }: Figure): { value: string; share: string | null } {
  const [, value, share] = /^(.*) (\d+\.\d %)$/s.exec(text) ?? [];
  return value === undefined || share === undefined ? { value: text, share: null } : { value, share };
}

/** Times as days, and what is long as its beginning. */
function shortText(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}[T ]/.test(text)) return text.slice(0, 10);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
