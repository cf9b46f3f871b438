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

/** The figures of one side, by their names; one that the type does not have is not there. */
export function figuresOfSide(side: OverviewFigures): Map<string, Figure> {
  const [negativeInfinity = 0, positiveInfinity = 0] = side.infinite ?? [];
  const figures = figuresOf({
    rows: side.rows,
    stats: {
      missing: side.missing,
      zeros: side.zeros,
      ...((side.nan || side.infinite) && { nan: side.nan ?? 0, negativeInfinity, positiveInfinity }),
      distinct: side.distinct,
      mean: side.mean,
      sampleStd: side.std,
      min: side.min,
      max: side.max,
      quantiles: { "0.5": side.quantiles?.[6] },
      // Of numbers no value stands out.
      top: side.mean === undefined ? side.top?.map(([value, count]) => ({ value, count })) : undefined,
      averageLength: side.averageLength,
    },
  });
  return new Map(
    figures.map((figure) => [
      figure.label,
      figure.label === "Distinct" && side.estimated ? { ...figure, text: `≈ ${figure.text}` } : figure,
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
