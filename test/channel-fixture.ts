import { setEnvironment as replaceEnvironment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import { deliverMessages, type Sender } from "@/lib/notify/deliver-messages";
import { sendEmail } from "@/lib/notify/send-email";
import { sendWebhook } from "@/lib/notify/send-webhook";

const SECRET = "a secret of thirty-two characters or more";

/** Sets the process's settings, with a server secret that leaves no file behind. */
export function setEnvironment(variables: Record<string, string> = {}): void {
  replaceEnvironment({ NODE_ENV: "test", NEXTAUTH_SECRET: SECRET, TRIBUTARY_LOG_LEVEL: "silent", ...variables });
}

/** Delivers until nothing is due. */
export async function deliverAll(senders: { webhook?: Sender; email?: Sender } = {}): Promise<void> {
  while ((await deliverMessages({ webhook: sendWebhook, email: sendEmail, ...senders })) > 0);
}

/** Lets the time pass that messages wait for, leases among it. */
export const letTimePass = () =>
  prisma().outboxMessage.updateMany({ where: { state: "pending" }, data: { nextAttemptAt: new Date(0) } });
