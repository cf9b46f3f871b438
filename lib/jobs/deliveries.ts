import { log } from "@/lib/config/log";
import { deliverMessages } from "@/lib/notify/deliver-messages";
import { sendOpenLineage } from "@/lib/notify/openlineage";

const SENDERS = { openlineage: sendOpenLineage };
const POLL_MS = 1000;
/** How long a stopping process waits for what is on its way. */
const STOP_WITHIN_MS = 4000;

export interface Deliveries {
  /** Takes nothing new, and waits a moment for what is on its way. */
  stop(): Promise<void>;
}

/** Delivers the outbox beside the worker's jobs, so that a receiver that is slow or away holds up no run. */
export function startDeliveries(): Deliveries {
  let underway: Promise<void> | null = null;
  const deliver = async () => {
    // As long as there is something: a receiver that comes back is told everything without a pause.
    while ((await deliverMessages(SENDERS)) > 0 && !stopping) continue;
  };
  let stopping = false;
  const look = () => {
    underway ??= deliver()
      .catch((error: unknown) => log().error({ err: error }, "the outbox could not be delivered and is tried again"))
      .finally(() => (underway = null));
  };
  const timer = setInterval(look, POLL_MS);
  return {
    async stop() {
      stopping = true;
      clearInterval(timer);
      await Promise.race([underway, new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref())]);
    },
  };
}
