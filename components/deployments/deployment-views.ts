import { parseAsString, parseAsStringLiteral } from "nuqs/server";
import { DEPLOYMENT_STATES } from "@/lib/contracts/deployments";

export const DEPLOYMENT_FILTERS = ["live", ...DEPLOYMENT_STATES, "all"] as const;

/** What of the list's state stands in the URL. */
export const deploymentParsers = {
  state: parseAsStringLiteral(DEPLOYMENT_FILTERS).withDefault("live"),
  q: parseAsString.withDefault(""),
};

const MOST_DEPLOYMENTS = 200;

export const deploymentQueryOf = (workspace: string, { state, q }: { state: string; q: string }) => ({
  workspace,
  limit: MOST_DEPLOYMENTS,
  state: state as (typeof DEPLOYMENT_FILTERS)[number],
  ...(q && { q }),
});
