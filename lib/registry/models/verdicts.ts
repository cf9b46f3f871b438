import { VERDICTS, type Verdict } from "@/lib/domain/leakage/codes";

interface VerdictRow {
  verdict: string;
  severity: string;
  reasons: string[];
  warnings: string[];
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
  unknown: "It is unknown whether the test score can be trusted.",
  leak: "The test score cannot be trusted.",
};

/** Warnings that no verdict is worth much with, the gravest first. */
const OPENING_OF_WARNING: Partial<Record<string, string>> = {
  NO_TEST_ROWS: "There is no test score: no test row was scored.",
  ONE_CLASS_TEST: "The test score says nothing about telling labels apart: all test rows have the same label.",
};

function openingOf(verdict: Verdict, warnings: readonly string[]): string {
  const warned = Object.keys(OPENING_OF_WARNING).find((code) => warnings.includes(code));
  const opening = warned && OPENING_OF_WARNING[warned];
  if (!opening) return OPENING[verdict];
  return verdict === "safe" ? opening : `${OPENING[verdict]} ${opening}`;
}

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
    sentence: [openingOf(verdict, worst.warnings), worst.explanation[0] ?? "", ...duplicatesIn(worst)].join(" ").trim(),
  };
}

/** The sentences of warnings are the last ones, in their order. */
function duplicatesIn({ warnings, explanation }: VerdictRow): string[] {
  const position = warnings.indexOf("DUPLICATE_ROWS");
  const at = explanation.length - warnings.length + position;
  return position < 0 || at < 1 ? [] : explanation.slice(at, at + 1);
}
