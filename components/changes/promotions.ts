import type { Model, ModelVersion } from "@/lib/contracts/models";
import { GOVERNED_ENVIRONMENTS, type GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";

export interface Promotion {
  alias: GovernedEnvironment;
  /** Where it is asked for, or where it was asked for already; null when it cannot be. */
  href: string | null;
  /** The version had the alias before. */
  rollback: boolean;
  /** Why it cannot be asked for, or that it was; null when it can. */
  hindrance: string | null;
  /** Number of the request that is open. */
  request: number | null;
}

/** What of a version's aliases can be asked for: the same rules as the server's, said before it is asked. */
export function promotionsOf(model: Model, version: ModelVersion): Promotion[] {
  const staged = model.versions.find(({ aliases }) => aliases.includes("staging"))?.version ?? null;
  return GOVERNED_ENVIRONMENTS.map((alias) => {
    const request = model.open[alias];
    const rollback = model.moves.some(
      (move) => move.change !== null && move.alias === alias && [move.before, move.after].includes(version.version),
    );
    const shared = { alias, rollback, request };
    if (version.aliases.includes(alias)) return { ...shared, href: null, hindrance: "It has this alias." };
    if (request !== null)
      return { ...shared, href: `/changes/${request}`, hindrance: `Request #${request} for ${alias} is open.` };
    if (!model.promotable)
      return { ...shared, href: null, hindrance: "Proposing needs one of the roles author, steward, admin." };
    if (alias === "production" && !rollback && staged !== version.version)
      return { ...shared, href: null, hindrance: "It must have the alias staging first." };
    const query = new URLSearchParams({ model: model.name, environment: alias, version: String(version.version) });
    return { ...shared, href: `/changes/new?${query.toString()}`, hindrance: null };
  });
}
