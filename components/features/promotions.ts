import type { FeatureDetail } from "@/lib/contracts/feature-detail";
import { canPromote, ENVIRONMENTS, type Environment } from "@/lib/domain/environments";

export interface Promotion {
  environment: Environment;
  /** What would be served there. */
  version: number | null;
  /** Why it cannot be proposed; null when it can. */
  reason: string | null;
}

/** The moves of a feature's pointers that could be proposed now: each environment takes what the one below it serves. */
export function promotionsOf({ pointers }: Pick<FeatureDetail, "pointers">): Promotion[] {
  const serves = (environment: Environment | undefined) =>
    pointers.find((pointer) => pointer.environment === environment)?.version ?? null;
  return ENVIRONMENTS.slice(1).map((environment) => {
    const below = ENVIRONMENTS.find((candidate) => canPromote(candidate, environment));
    const version = serves(below);
    if (version === null) return { environment, version, reason: `${below} serves nothing yet` };
    const reason = serves(environment) === version ? `it serves v${version} already` : null;
    return { environment, version, reason };
  });
}
