import { environment } from "@/lib/config/environment";
import type { Sender } from "./deliver-messages";
import { sendJson } from "./send-json";

/** With the API key as a bearer token, as OpenLineage's own clients send it. */
export const sendOpenLineage: Sender = (message) => {
  const { OPENLINEAGE_API_KEY: key } = environment();
  return sendJson(message, key ? { authorization: `Bearer ${key}` } : {});
};
