import { environment } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import { deliverMessages } from "@/lib/notify/deliver-messages";
import { sendOpenLineage } from "@/lib/notify/openlineage";
import { sendEmail } from "@/lib/notify/send-email";
import { sendWebhook } from "@/lib/notify/send-webhook";
import { sweepMessages } from "@/lib/notify/sweep-messages";

const SENDERS = { openlineage: sendOpenLineage, webhook: sendWebhook, email: sendEmail };
const POLL_MS = 1000;
const SWEEP_EVERY_MS = 24 * 3600 * 1000;
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
  const poll = () => {
    underway ??= deliver()
      .catch((error: unknown) => log().error({ err: error }, "the outbox could not be delivered and is tried again"))
      .finally(() => (underway = null));
  };
  const sweep = () =>
    void sweepMessages(environment().TRIBUTARY_DELIVERY_DAYS, new Date()).catch((error: unknown) =>
      log().error({ err: error }, "old messages could not be swept and are tomorrow"),
    );
  sweep();
  const timers = [setInterval(poll, POLL_MS), setInterval(sweep, SWEEP_EVERY_MS)];
  return {
    async stop() {
      stopping = true;
      timers.forEach(clearInterval);
      await Promise.race([underway, new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref())]);
    },
  };
}
