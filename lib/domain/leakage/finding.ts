import { REASONS, REASON_CODES, VERDICTS, type ReasonCode, type Verdict } from "./codes";

/**
 * A set of reasons as bits, so that millions of findings can be united without allocating. The union of two findings is
 * their `|`; `NOTHING` is its neutral element.
 */
export type Finding = number;

export const NOTHING: Finding = 0;

const BIT = Object.fromEntries(REASON_CODES.map((code, index) => [code, 1 << index])) as Record<ReasonCode, Finding>;

const LEVEL = Object.fromEntries(
  VERDICTS.map((verdict) => [verdict, findingOf(...REASON_CODES.filter((code) => REASONS[code] === verdict))]),
) as Record<Verdict, Finding>;

export function findingOf(...codes: ReasonCode[]): Finding {
  return codes.reduce((finding, code) => finding | BIT[code], NOTHING);
}

/** The worst verdict among the reasons; `safe` for none. */
export function verdictOf(finding: Finding): Verdict {
  if (finding & LEVEL.leak) return "leak";
  return finding & LEVEL.unknown ? "unknown" : "safe";
}

/** The reasons of the worst verdict, sorted. */
export function reasonsOf(finding: Finding): ReasonCode[] {
  const worst = finding & LEVEL[verdictOf(finding)];
  return REASON_CODES.filter((code) => worst & BIT[code]).sort();
}
