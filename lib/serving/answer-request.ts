import { log } from "@/lib/config/log";
import type { Principal } from "@/lib/domain/principal";
import { onlineStore } from "@/lib/online/open-online-store";
import { chooseState, environmentOf } from "./choose-state";
import { getOnlineFeatures } from "./get-online-features";
import { parseOnlineRequest } from "./parse-request";
import { servingStates } from "./serving-states";
import { refused, WireError } from "./wire-error";

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
  /** application/json when left out. */
  contentType?: string;
}

/** `POST /get-online-features`, whoever listens: the API route of the portal and the bare server of the serving role. */
export async function answerOnlineRequest({ principal, query, text }: WireRequest): Promise<WireAnswer> {
  try {
    if (!principal) throw refused(401, "Not authenticated. Send `Authorization: Bearer TOKEN`.");
    const environment = environmentOf(principal, query);
    const request = parseOnlineRequest(text);
    const state = chooseState(await servingStates.current(), principal, query, request, environment);
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
