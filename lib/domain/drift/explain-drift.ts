import { DRIFT_FIGURES, type DriftFigure, isProbability } from "./drift-metrics";
import { presentOf } from "./drift-side";
import { sharesOf } from "../statistics/empty-buckets";
import { bucketsOf, type Histogram } from "../statistics/histogram";
import { openEnds } from "../statistics/open-ends";
import { psiTerms } from "../statistics/share-distances";
import type { DriftJudgement, DriftQuestion } from "./drift-verdict";
import { comparedCounts, type DriftMeasure, hasOpenEnds } from "./measure-drift";
import { optionsFor } from "./metric-options";

/** The verdict in one to three sentences: what decided first. */
export function explainDrift(question: DriftQuestion, measure: DriftMeasure, verdict: DriftJudgement): string {
  if (measure.lack === "rows") return tooFew(measure);
  const missing = aboutMissing(measure, verdict);
  if (verdict.figure === "missing_rate") return missing;
  const distribution = aboutDistribution(question, measure, verdict);
  if (verdict.because !== "missing" && isAsBefore(verdict.missing)) return distribution;
  return verdict.because === "missing" ? `${missing} ${distribution}` : `${distribution} ${missing}`;
}

/** So small a change of what is missing is not worth a sentence: less than a tenth of what would warn. */
function isAsBefore({ difference, warn }: DriftJudgement["missing"]): boolean {
  return difference < warn / 10;
}

function aboutDistribution(question: DriftQuestion, measure: DriftMeasure, verdict: DriftJudgement): string {
  const { name } = DRIFT_FIGURES[verdict.figure];
  const { score, warn, critical } = verdict;
  const [before, now] = measure.values;
  switch (measure.lack) {
    case "one side has no values":
      return `The ${before === 0 ? "reference" : "current window"} has no values, so the distributions cannot be compared.`;
    case "values":
      return `Of the rows, ${before} and ${now} have a value; at least ${measure.least} are needed on each side to compare the distributions.`;
    case "order":
      return `${name} needs numbers in order, and these values have none. Choose the automatic metric (natural), or chi-square.`;
  }
  if (score === null) return "";
  if (before === 0) return "Neither side has a value, so there is nothing that could differ.";
  if (isProbability(verdict.figure)) return aboutTest(name, measure, verdict);
  if (score === 0) return `${name} is 0: every bucket has the same share of values as in the reference.`;
  const sentence = `${name} is ${decimal(score)}, ${against(verdict.distribution.state, warn, critical, String)}.`;
  const change = greatestChange(question, verdict.figure);
  return change.before === change.now
    ? sentence
    : `${sentence} The greatest change is in the bucket ${change.label}: ${percent(change.before)} of values in the reference, ${percent(change.now)} now.`;
}

function aboutTest(name: string, { values }: DriftMeasure, { score, test, distribution }: DriftJudgement): string {
  const corrected =
    test && test.corrected !== test.pValue
      ? ` (${probability(test.pValue)} before correction for several features)`
      : "";
  const said =
    distribution.state === "fine"
      ? `above ${distribution.warn}: within chance`
      : distribution.state === "critical"
        ? `at or below ${distribution.critical}: unlikely to be chance`
        : `at or below ${distribution.warn}: unlikely to be chance`;
  return `${name} is ${probability(score ?? 1)}${corrected}, ${said}. Below 1000 values (${Math.min(...values)} here) a test judges, and not a distance.`;
}

function aboutMissing({ hasNaN }: DriftMeasure, { missing }: DriftJudgement): string {
  const words = hasNaN ? "Missing or NaN" : "Missing";
  const share = (value: number) => percent(value);
  return `${words} ${share(missing.reference)} → ${share(missing.current)}: the difference is ${against(missing.state, missing.warn, missing.critical, (threshold) => percent(threshold, 0))}.`;
}

function against(state: string, warn: number, critical: number, write: (threshold: number) => string): string {
  if (state === "critical") return `at or above the critical threshold ${write(critical)}`;
  return state === "warn"
    ? `at or above the warning threshold ${write(warn)} and below the critical one, ${write(critical)}`
    : `below the warning threshold ${write(warn)}`;
}

function tooFew({ rows: [before, now], least }: DriftMeasure): string {
  const lacking = [
    before < least && `the reference has ${rowsOf(before)}`,
    now < least && `the current window has ${rowsOf(now)}`,
  ];
  const sentence = lacking.filter((part) => part !== false).join(" and ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}; at least ${least} are needed on each side.`;
}

/** The bucket that moves the score most: for PSI its own term, otherwise the difference of shares. */
function greatestChange({ reference, current }: DriftQuestion, figure: DriftFigure) {
  const counts = [reference, current].map(({ histogram }) => comparedCounts(figure, histogram));
  const [one = [], other = []] = counts;
  const { p: before, q: now } = sharesOf(one, other, null);
  const { fill } = optionsFor(figure, undefined);
  const filled = sharesOf(one, other, fill);
  const weights =
    figure === "psi" ? psiTerms(filled.p, filled.q) : before.map((share, index) => Math.abs(share - (now[index] ?? 0)));
  const index = weights.indexOf(weights.reduce((greatest, weight) => Math.max(greatest, weight), 0));
  return { label: labelAt(reference.histogram, figure, index), before: before[index] ?? 0, now: now[index] ?? 0 };
}

/** The name of a bucket of `comparedCounts`, which are the first ones of `bucketsOf`. */
function labelAt(histogram: Histogram, figure: DriftFigure, index: number): string {
  const present = presentOf(histogram);
  const isOpen = hasOpenEnds(figure) && present.kind === "numeric";
  return bucketsOf(isOpen ? openEnds(present) : present, isOpen)[index]?.label ?? "";
}

function rowsOf(count: number): string {
  if (count === 0) return "no rows";
  return count === 1 ? "1 row" : `${count} rows`;
}

function decimal(value: number): string {
  if (value > 1e6) return value.toExponential(2);
  return value < 0.0005 ? "below 0.001" : value.toFixed(3);
}

/** Two digits, and as many more as it takes to say on which side of the levels it is that p-values are judged by. */
export function probability(p: number): string {
  if (p < 0.0001) return "below 0.0001";
  const { warn, critical } = DRIFT_FIGURES.ks_p;
  const isTrue = (text: string) =>
    [warn, critical].every((level) => Math.sign(Number(text) - level) === Math.sign(p - level));
  return [2, 3, 4, 5, 6].map((digits) => p.toPrecision(digits)).find(isTrue) ?? String(p);
}

function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}
