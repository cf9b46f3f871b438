import { log } from "@/lib/config/log";
import { ENVIRONMENTS, type Environment } from "@/lib/domain/environments";
import { DomainError } from "@/lib/domain/errors";
import { assertCan } from "@/lib/domain/permissions";
import type { OnlineFeaturesRequest } from "@/lib/contracts/serving";
import { actorIn, type Principal } from "@/lib/domain/principal";
import { onlineStore } from "@/lib/online/open-online-store";
import type { ServingState } from "@/lib/registry/serving/state";
import { getOnlineFeatures } from "./get-online-features";
import { parseOnlineRequest } from "./parse-request";
import { ServingStates } from "./serving-states";
import { malformed, refused, WireError } from "./wire-error";

export interface WireRequest {
  /** Who asks, or null for a stranger. */
  principal: Principal | null;
  query: URLSearchParams;
  text: string;
}

export interface WireAnswer {
  status: number;
  /** JSON text. */
  body: string;
}

const states = new ServingStates();

/** `POST /get-online-features`, whoever listens: the API route of the portal and the bare server of the serving role. */
export async function answerOnlineRequest({ principal, query, text }: WireRequest): Promise<WireAnswer> {
  try {
    if (!principal) throw refused(401, "Not authenticated. Send `Authorization: Bearer TOKEN`.");
    const environment = environmentOf(principal, query);
    const request = parseOnlineRequest(text);
    const state = await stateFor(principal, query, request, environment);
    const answer = await getOnlineFeatures(state, onlineStore(), request, {
      environment,
      ignoreMaxAge: query.get("max_age") === "off",
      now: new Date(),
    });
    if (answer.reasons.length > 0) log().info({ reasons: answer.reasons, environment }, "online features not found");
    return { status: 200, body: answer.body };
  } catch (error) {
    if (error instanceof WireError) return { status: error.status, body: error.body };
    log().error({ err: error }, "online features failed");
    return {
      status: 500,
      body: JSON.stringify({ detail: "The features could not be read. See the server's log for the reason." }),
    };
  }
}

function environmentOf(principal: Principal, query: URLSearchParams): Environment {
  const asked = query.get("environment");
  if (asked !== null && !ENVIRONMENTS.includes(asked as Environment))
    throw malformed([
      { type: "enum", loc: ["query", "environment"], msg: "Input should be dev, staging or production", input: asked },
    ]);
  return (asked as Environment | null) ?? principal.environment ?? "production";
}

/** The workspace that the caller means: named, else the one that they can see, else the one that has the views. */
async function stateFor(
  principal: Principal,
  query: URLSearchParams,
  request: OnlineFeaturesRequest,
  environment: Environment,
): Promise<ServingState> {
  const visible = [...(await states.current()).values()].filter(
    (state) => actorIn(principal, state.workspaceId).roles.length > 0,
  );
  const asked = query.get("workspace");
  const knows = (state: ServingState) =>
    request.feature_service
      ? state.services.has(request.feature_service)
      : (request.features ?? []).some((reference) => state.views.has(reference.split(/[:@]/)[0] ?? ""));
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
