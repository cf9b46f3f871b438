/** What an experiment is, and what may still be changed in which state. */

export const EXPERIMENT_OUTCOMES = ["validated", "invalidated", "inconclusive"] as const;
export type ExperimentOutcome = (typeof EXPERIMENT_OUTCOMES)[number];

export const EXPERIMENT_STATES = ["open", "decided"] as const;
export type ExperimentState = (typeof EXPERIMENT_STATES)[number];

/** What was decided upon: changing it afterwards would change what the outcome says. */
export const FROZEN_WHEN_DECIDED = ["title", "hypothesis", "metric", "variants"] as const;

const WORDS: Record<ExperimentOutcome, [one: string, many: string]> = {
  validated: ["one validated", "validated"],
  invalidated: ["one invalidated", "invalidated"],
  inconclusive: ["one inconclusive", "inconclusive"],
};

/** "3, one invalidated": how many experiments there are and what became of them, the warnings first. */
export function countOutcomes(outcomes: readonly (ExperimentOutcome | null)[]): string {
  const parts = (["invalidated", "validated", "inconclusive"] as const).flatMap((outcome) => {
    const count = outcomes.filter((one) => one === outcome).length;
    const [one, many] = WORDS[outcome];
    return count === 0 ? [] : [count === 1 ? one : `${count} ${many}`];
  });
  return [String(outcomes.length), ...parts].join(", ");
}
