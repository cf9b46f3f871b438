import { type DueMessage, Undeliverable } from "./deliver-messages";

const TIMEOUT_MS = 15_000;
/** The receiver says that the message itself is wrong; anything else may pass. */
const REFUSALS = [400, 413, 422];

/** Posts a message's payload to its target as JSON. Throws unless the receiver takes it. */
export async function sendJson(message: DueMessage, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(message.target, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(message.payload),
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`No answer: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`);
  });
  const text = await response.text().catch(() => "");
  if (response.ok) return;
  const reason = `The receiver answered ${response.status} ${response.statusText}${text ? `: ${text.slice(0, 300)}` : ""}`;
  throw REFUSALS.includes(response.status) ? new Undeliverable(reason) : new Error(reason);
}
