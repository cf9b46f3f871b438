import { environment } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import { deliverMessages } from "@/lib/notify/deliver-messages";
import { sendOpenLineage } from "@/lib/notify/openlineage";
import { sendEmail } from "@/lib/notify/send-email";
import { sendWebhook } from "@/lib/notify/send-webhook";
import { sweepMessages } from "@/lib/notify/sweep-messages";
import { retryRefused } from "@/lib/registry/models/mlflow-state";
import { sendMlflow } from "./mlflow/send-mlflow";
import { startAliasWatch } from "./mlflow/watch-aliases";

/** Each group is delivered by itself: what one message takes long for, another group does not wait for. */
const GROUPS = [{ openlineage: sendOpenLineage, webhook: sendWebhook, email: sendEmail }, { mlflow: sendMlflow }];
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
  let stopping = false;
  const underway = new Map<object, Promise<void>>();
  const deliver = async (senders: (typeof GROUPS)[number]) => {
    // As long as there is something: a receiver that comes back is told everything without a pause.
    while ((await deliverMessages(senders)) > 0 && !stopping) continue;
  };
  const poll = (senders: (typeof GROUPS)[number]) => {
    if (underway.has(senders)) return;
    const delivery = deliver(senders)
      .catch((error: unknown) => log().error({ err: error }, "the outbox could not be delivered and is tried again"))
      .finally(() => underway.delete(senders));
    underway.set(senders, delivery);
  };
  const sweep = () =>
    void sweepMessages(environment().TRIBUTARY_DELIVERY_DAYS, new Date()).catch((error: unknown) =>
      log().error({ err: error }, "old messages could not be swept and are tomorrow"),
    );
  sweep();
  void retryRefused().catch((error: unknown) =>
    log().error({ err: error }, "what MLflow refused could not be tried again"),
  );
  const watch = startAliasWatch();
  const timers = [setInterval(() => GROUPS.forEach(poll), POLL_MS), setInterval(sweep, SWEEP_EVERY_MS)];
  return {
    async stop() {
      stopping = true;
      timers.forEach(clearInterval);
      watch.stop();
      await Promise.race([
        Promise.all(underway.values()),
        new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref()),
      ]);
    },
  };
}
