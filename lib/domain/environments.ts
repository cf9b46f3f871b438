export const ENVIRONMENTS = ["dev", "staging", "production"] as const;

export type Environment = (typeof ENVIRONMENTS)[number];

const NEXT: Record<Environment, Environment | null> = { dev: "staging", staging: "production", production: null };

/** Whether a version may be promoted from one environment to the next: no step is skipped, so every version served in production has been seen in staging. */
export function canPromote(from: Environment, to: Environment): boolean {
  return NEXT[from] === to;
}

/** The environment nearest to production that serves the version, or any version where none is asked for; null when none does. */
export function servingEnvironment(
  pointers: readonly { environment: Environment; version: number }[],
  version?: number,
): Environment | null {
  const serves = (environment: Environment) =>
    pointers.some((one) => one.environment === environment && (version === undefined || one.version === version));
  return ENVIRONMENTS.findLast(serves) ?? null;
}
