import type { FeatureDetail } from "@/lib/contracts/feature-detail";
import type { Model, ModelVersion } from "@/lib/contracts/models";
import { GOVERNED_ENVIRONMENTS, type GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import { canPromote, ENVIRONMENTS, type Environment } from "@/lib/domain/environments";

/** A move of a feature's pointer or a model's alias that could be asked for. */
export interface Promotion<Place extends Environment = Environment> {
  environment: Place;
  /** What would be served there; null when there is nothing to serve. */
  version: number | null;
  /** Where it is asked for, or where it was asked for already; null when it cannot be. */
  href: string | null;
  /** Why it cannot be asked for, or that it was; null when it can. */
  hindrance: string | null;
}

export interface ModelPromotion extends Promotion<GovernedEnvironment> {
  /** The version had the alias before. */
  rollback: boolean;
  /** Number of the request that is open. */
  request: number | null;
}

/** The moves of a feature's pointers: each environment takes what the one below it serves. */
export function featurePromotions({ name, pointers }: Pick<FeatureDetail, "name" | "pointers">): Promotion[] {
  const serves = (environment: Environment | undefined) =>
    pointers.find((pointer) => pointer.environment === environment)?.version ?? null;
  return ENVIRONMENTS.slice(1).map((environment) => {
    const below = ENVIRONMENTS.find((candidate) => canPromote(candidate, environment));
    const version = serves(below);
    const hindrance =
      version === null
        ? `${below} serves nothing yet`
        : serves(environment) === version
          ? `it serves v${version} already`
          : null;
    const query = new URLSearchParams({ feature: name, environment });
    return { environment, version, hindrance, href: hindrance === null ? `/changes/new?${query.toString()}` : null };
  });
}

/** What of a version's aliases can be asked for: the same rules as the server's, said before it is asked. */
export function modelPromotions(model: Model, version: ModelVersion): ModelPromotion[] {
  const staged = model.versions.find(({ aliases }) => aliases.includes("staging"))?.version ?? null;
  return GOVERNED_ENVIRONMENTS.map((environment) => {
    const request = model.open[environment];
    const rollback = model.moves.some(
      (move) =>
        move.change !== null && move.alias === environment && [move.before, move.after].includes(version.version),
    );
    const shared = { environment, version: version.version, rollback, request };
    if (version.aliases.includes(environment)) return { ...shared, href: null, hindrance: "It has this alias." };
    if (request !== null)
      return { ...shared, href: `/changes/${request}`, hindrance: `Request #${request} for ${environment} is open.` };
    if (!model.promotable)
      return { ...shared, href: null, hindrance: "Proposing needs one of the roles author, steward, admin." };
    if (environment === "production" && !rollback && staged !== version.version)
      return { ...shared, href: null, hindrance: "It must have the alias staging first." };
    const query = new URLSearchParams({ model: model.name, environment, version: String(version.version) });
    return { ...shared, href: `/changes/new?${query.toString()}`, hindrance: null };
  });
}
