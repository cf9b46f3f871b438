import { jsDistance, lInfinity, psi, psiContributions, totalVariation, hellinger } from "./distances";
import { assertSameBuckets, bucketsOf, shares, totalOf, type Histogram } from "./histogram";

/** Metrics with their default thresholds. */
export const DRIFT_METRICS = {
  psi: { name: "PSI", warn: 0.1, critical: 0.25 },
  js_distance: { name: "Jensen–Shannon distance", warn: 0.1, critical: 0.2 },
  l_infinity: { name: "L-infinity distance", warn: 0.1, critical: 0.2 },
  hellinger: { name: "Hellinger distance", warn: 0.1, critical: 0.2 },
  total_variation: { name: "Total variation", warn: 0.1, critical: 0.2 },
} as const;

export type DriftMetric = keyof typeof DRIFT_METRICS;
export type DriftState = "fine" | "warn" | "critical" | "insufficient_data";

export interface DriftQuestion {
  metric: DriftMetric;
  reference: Histogram;
  current: Histogram;
  /** Default: the metric's own. */
  warn?: number;
  critical?: number;
  /** Rows that each side must have, missing values included; default 30. */
  minRows?: number;
}

export interface DriftVerdict {
  state: DriftState;
  /** Null when there is too little data to say. */
  score: number | null;
  /** Score ÷ warn, so that different metrics rank on one scale: 1 and above is an alarm. */
  severity: number | null;
  explanation: string;
  /** Rows of the reference and of the current side. */
  rows: [number, number];
}

/**
 * Whether the current window has drifted from the reference. Missing, NaN, infinite and unseen values are buckets like any
 * other, so an all-missing column drifts from a full one. Throws `invalid` when the two were counted by different buckets.
 */
export function judgeDrift(question: DriftQuestion): DriftVerdict {
  const { metric, reference, current, minRows = 30 } = question;
  const { warn = DRIFT_METRICS[metric].warn, critical = DRIFT_METRICS[metric].critical } = question;
  assertSameBuckets(reference, current);
  const rows: [number, number] = [totalOf(reference), totalOf(current)];
  // A side without rows has no distribution, whatever minimum was asked for.
  const least = Math.max(1, minRows);
  if (Math.min(...rows) < least) {
    return { state: "insufficient_data", score: null, severity: null, explanation: tooFew(rows, least), rows };
  }
  const score = SCORES[metric](reference, current);
  const state = reaches(score, critical) ? "critical" : reaches(score, warn) ? "warn" : "fine";
  const severity = warn > 0 ? score / warn : null;
  return { state, score, severity, explanation: explain(question, state, score, { warn, critical }), rows };
}

/** A tenth of the rows that moved is a score of 0.1, though the last digit of 1 − 0.9 says a little less. */
function reaches(score: number, threshold: number): boolean {
  return score >= threshold - 1e-12;
}

const SCORES: Record<DriftMetric, (reference: Histogram, current: Histogram) => number> = {
  psi,
  js_distance: jsDistance,
  l_infinity: (reference, current) => lInfinity(reference, current).value,
  hellinger,
  total_variation: totalVariation,
};

function tooFew([before, now]: [number, number], least: number): string {
  const lacking = [
    before < least && `the reference has ${rowsOf(before)}`,
    now < least && `the current window has ${rowsOf(now)}`,
  ];
  const sentence = lacking.filter((part) => part !== false).join(" and ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}; at least ${least} are needed on each side.`;
}

function explain(
  { metric, reference, current }: DriftQuestion,
  state: DriftState,
  score: number,
  { warn, critical }: { warn: number; critical: number },
): string {
  const { name } = DRIFT_METRICS[metric];
  if (score === 0) return `${name} is 0: every bucket has the same share of rows as in the reference.`;
  const against =
    state === "critical"
      ? `at or above the critical threshold ${critical}`
      : state === "warn"
        ? `at or above the warning threshold ${warn} and below the critical one, ${critical}`
        : `below the warning threshold ${warn}`;
  const { label, before, now } = greatestChange(metric, reference, current);
  return `${name} is ${decimal(score)}, ${against}. The greatest change is in ${label}: ${percent(before)} of rows in the reference, ${percent(now)} now.`;
}

/** The bucket that moves the score most: for PSI its own term, otherwise the difference of shares. */
function greatestChange(metric: DriftMetric, reference: Histogram, current: Histogram) {
  const before = shares(reference);
  const now = shares(current);
  const weights =
    metric === "psi"
      ? psiContributions(reference, current)
      : before.map((share, index) => Math.abs(share - (now[index] ?? 0)));
  const index = weights.indexOf(weights.reduce((greatest, weight) => Math.max(greatest, weight), 0));
  return { label: bucketsOf(reference)[index]?.label ?? "", before: before[index] ?? 0, now: now[index] ?? 0 };
}

function rowsOf(count: number): string {
  if (count === 0) return "no rows";
  return count === 1 ? "1 row" : `${count} rows`;
}

function decimal(value: number): string {
  return value < 0.0005 ? "below 0.001" : value.toFixed(3);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
