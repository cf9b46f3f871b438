import { ENVIRONMENTS, type Environment } from "@/lib/domain/environments";
import { DomainError } from "@/lib/domain/errors";
import { assertCan } from "@/lib/domain/permissions";
import { actorIn, type Principal } from "@/lib/domain/principal";
import type { ServingState } from "@/lib/registry/serving/state";
import { type FeatureSelection, viewsWith } from "./resolve-features";
import { malformed, refused } from "./wire-error";

/** The environment that a query asks for, else the one that the caller is bound to. */
export function environmentOf(principal: Principal, query: URLSearchParams): Environment {
  const asked = query.get("environment");
  if (asked !== null && !ENVIRONMENTS.includes(asked as Environment))
    throw malformed([
      { type: "enum", loc: ["query", "environment"], msg: "Input should be dev, staging or production", input: asked },
    ]);
  return (asked as Environment | null) ?? principal.environment ?? "production";
}

/** The workspace that the caller means: named, else the one that they can see, else the one that has the views. */
export function chooseState(
  states: ReadonlyMap<string, ServingState>,
  principal: Principal,
  query: URLSearchParams,
  request: FeatureSelection,
  environment: Environment,
): ServingState {
  const visible = [...states.values()].filter((state) => actorIn(principal, state.workspaceId).roles.length > 0);
  const asked = query.get("workspace");
  const knows = (state: ServingState) =>
    request.feature_service
      ? state.services.has(request.feature_service)
      : (request.features ?? []).some((reference) => holds(state, reference));
  const candidates = asked === null ? visible : visible.filter((state) => state.workspace === asked);
  const knowing = candidates.filter(knows);
  const chosen = knowing[0] ?? candidates[0];
  if (!chosen)
    throw refused(404, asked ? `There is no workspace ${asked} that you can see.` : "You have a role in no workspace.");
  if (knowing.length > 1)
    throw malformed([
      { type: "missing", loc: ["query", "workspace"], msg: "Several of your workspaces have these features: name one" },
    ]);
  try {
    assertCan(actorIn(principal, chosen.workspaceId), "features:serve", environment);
  } catch (error) {
    throw error instanceof DomainError ? refused(403, error.message) : error;
  }
  return chosen;
}

/** Whether a reference is to something of the workspace: by its view, or by a feature's name alone. */
function holds({ views }: ServingState, reference: string): boolean {
  return views.has(reference.split(/[:@]/)[0] ?? "") || viewsWith(views, reference).length > 0;
}
