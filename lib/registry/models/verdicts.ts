import { VERDICTS, type Verdict } from "@/lib/domain/leakage/codes";

interface VerdictRow {
  verdict: string;
  severity: string;
  reasons: string[];
  explanation: string[];
}

export interface OverallVerdict {
  verdict: Verdict;
  severity: string;
  /** The verdict with its first reason, for people. */
  sentence: string;
}

const OPENING: Record<Verdict, string> = {
  safe: "The test score can be trusted.",
  unknown: "Nobody can tell whether the test score can be trusted.",
  leak: "The test score cannot be trusted.",
};

/** A consumer's own verdict: the worst over the feature versions that it reads. Among equals, one with a fit behind it says more. */
export function worstVerdict(rows: readonly VerdictRow[]): OverallVerdict {
  const rank = (row: VerdictRow) =>
    2 * VERDICTS.indexOf(row.verdict as Verdict) + (row.reasons.includes("NO_FIT_PROVENANCE") ? 0 : 1);
  const worst = [...rows].sort((one, other) => rank(other) - rank(one))[0];
  if (!worst)
    return { verdict: "unknown", severity: "review", sentence: `${OPENING.unknown} No feature of it was judged.` };
  const verdict = worst.verdict as Verdict;
  return {
    verdict,
    severity: worst.severity,
    sentence: [OPENING[verdict], worst.explanation[0] ?? ""].join(" ").trim(),
  };
}
