/**
 * Version of the rules that verdicts follow. Increase it with every change that can give another verdict or another reason for the same
 * rows: verdicts of earlier rules are then judged anew from what was recorded.
 */
export const RULES_VERSION = 2;

export const isOfEarlierRules = (rules: number | null) => (rules ?? 0) < RULES_VERSION;
