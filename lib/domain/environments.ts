export const ENVIRONMENTS = ["dev", "staging", "production"] as const;

export type Environment = (typeof ENVIRONMENTS)[number];

const NEXT: Record<Environment, Environment | null> = { dev: "staging", staging: "production", production: null };

/** Whether a version may be promoted from one environment to the next: no step is skipped, so every version served in production has been seen in staging. */
export function canPromote(from: Environment, to: Environment): boolean {
  return NEXT[from] === to;
}
