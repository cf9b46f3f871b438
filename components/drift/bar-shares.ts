import type { DriftBar } from "@/lib/contracts/drift-comparison";

/** Rows of one side in a bucket, and the share that they are. */
interface SideShare {
  rows: number;
  share: number;
}

export interface BarShares {
  label: string;
  /** Whether its rows have a value: shares are then of the values, as those of the score are, otherwise of all rows. */
  isOfValues: boolean;
  reference: SideShare;
  current: SideShare;
}

/** Values are quoted, so that a value of this name is no such bucket. */
const WITHOUT_VALUE = ["missing", "NaN"];

/** Buckets of values as shares of the values that are there; rows without a value as shares of all rows. */
export function sharesOf(bars: readonly DriftBar[]): BarShares[] {
  const isOfValues = ({ label }: DriftBar) => !WITHOUT_VALUE.includes(label);
  const sum = (of: readonly DriftBar[], side: "reference" | "current") =>
    of.reduce((total, bar) => total + bar[side], 0) || 1;
  const values = bars.filter(isOfValues);
  const side = (bar: DriftBar, name: "reference" | "current") => ({
    rows: bar[name],
    share: bar[name] / sum(isOfValues(bar) ? values : bars, name),
  });
  return bars.map((bar) => ({
    label: bar.label,
    isOfValues: isOfValues(bar),
    reference: side(bar, "reference"),
    current: side(bar, "current"),
  }));
}

export const percent = (share: number) => `${digitsOf(share)} %`;

/** How far apart two shares are: "+9.5 points". What rounds to nothing has no sign. */
export function points(before: number, now: number): string {
  const digits = digitsOf(Math.abs(now - before));
  if (Number(digits) === 0) return "0.0 points";
  return `${now > before ? "+" : "−"}${digits} points`;
}

/** One decimal, of less than a tenth of a percent two. */
function digitsOf(share: number): string {
  return (share * 100).toFixed(share !== 0 && Math.abs(share) < 0.001 ? 2 : 1);
}
