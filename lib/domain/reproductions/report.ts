/** What a reproduction found, level by level, and what follows from it. */

export const REPRODUCTION_VERDICTS = ["REPRODUCIBLE", "DRIFTED", "EXPIRED"] as const;
type ReproductionVerdict = (typeof REPRODUCTION_VERDICTS)[number];

/** In the order in which they are looked at. */
export const LEVELS = ["available", "inputs", "definitions", "environment", "artefacts", "metrics", "outputs"] as const;
export type LevelName = (typeof LEVELS)[number];

/**
 * `identical`, to the last bit; `within_tolerance`, where only the order of additions differs; `differs`; `gone`, what is needed is not there
 * any more; `not_recorded`, there is nothing to compare with; `not_reached`, because of what was found before.
 */
export const FINDING_STATES = [
  "identical",
  "within_tolerance",
  "differs",
  "gone",
  "not_recorded",
  "not_reached",
] as const;
export type FindingState = (typeof FINDING_STATES)[number];

export interface Finding {
  /** What it is about: `flights@3`, `stage late_logistic`, `test auc`. */
  subject: string;
  state: FindingState;
  /** A sentence. */
  text: string;
  expected?: string;
  found?: string;
}

export interface Level {
  name: LevelName;
  state: FindingState;
  findings: Finding[];
}

export interface ReproductionReport {
  verdict: ReproductionVerdict;
  /** The verdict with what it is about, in a sentence. */
  summary: string;
  levels: Level[];
  /** Relative difference of numbers up to which they count as the same. */
  tolerance: number;
  /** Of all compared numbers, the largest relative difference. */
  largestDifference: number;
  seconds: number;
}

/** Sums of floating-point numbers come out otherwise when threads add in another order: a few units in the last places of many additions. */
export const TOLERANCE = 1e-9;

/** The worst first. */
const WORST: readonly FindingState[] = [
  "gone",
  "differs",
  "not_reached",
  "not_recorded",
  "within_tolerance",
  "identical",
];

/** A level stands as its worst finding does; without any, nothing was there to compare. */
export function toLevel(name: LevelName, findings: Finding[]): Level {
  const state = WORST.find((one) => findings.some((finding) => finding.state === one)) ?? "not_recorded";
  return { name, state, findings };
}

/** Another environment is said and decides nothing: what decides is what came of it. */
const DECIDES: ReadonlySet<LevelName> = new Set([
  "available",
  "inputs",
  "definitions",
  "artefacts",
  "metrics",
  "outputs",
]);

/** Whatever is needed and gone makes it `EXPIRED`; else whatever differs makes it `DRIFTED`. */
export function judgeLevels(levels: readonly Level[]): Pick<ReproductionReport, "verdict" | "summary"> {
  const deciding = levels.filter(({ name }) => DECIDES.has(name)).flatMap(({ findings }) => findings);
  const gone = deciding.filter(({ state }) => state === "gone");
  if (gone.length > 0) return { verdict: "EXPIRED", summary: sentences(gone) };
  const drifted = deciding.filter(({ state }) => state === "differs");
  if (drifted.length > 0) {
    const elsewhere = levels
      .find(({ name }) => name === "environment")
      ?.findings.filter(({ state }) => state === "differs");
    const suspects =
      elsewhere && elsewhere.length > 0
        ? ` Since then these changed: ${elsewhere.map(({ subject }) => subject).join(", ")}.`
        : "";
    return { verdict: "DRIFTED", summary: sentences(drifted) + suspects };
  }
  const close = deciding.some(({ state }) => state === "within_tolerance");
  return {
    verdict: "REPRODUCIBLE",
    summary: close
      ? "It came out the same, but for the last places of some numbers."
      : "It came out the same, to the last bit.",
  };
}

const MOST_SAID = 3;

function sentences(findings: readonly Finding[]): string {
  const said = findings.slice(0, MOST_SAID).map(({ text }) => text);
  const more = findings.length - said.length;
  return said.join(" ") + (more > 0 ? ` And ${more} more.` : "");
}
