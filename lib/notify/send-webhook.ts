import { version } from "@/lib/config/version";
import { prisma } from "@/lib/db/client";
import type { NoticePayload } from "@/lib/domain/notifications/channel-events";
import { openSecret } from "@/lib/registry/notifications/channel-secret";
import { type DueMessage, type Sender, Undeliverable } from "./deliver-messages";
import { postGuarded } from "./post-guarded";
import { signWebhook } from "./sign-webhook";
import { slackMessage } from "./slack-message";

/** Refusals that pass: timeout, too early, too many. */
const PASSING = [408, 425, 429];
const SHOWN_CHARACTERS = 200;

/** Posts a signed notice. What the receiver refuses with 3xx or 4xx, except for those that pass, is not tried again. */
export const sendWebhook: Sender = async (message) => {
  const { format, secret } = await readChannel(message);
  // Written by `messagesOf`.
  const payload = message.payload as NoticePayload;
  const body = JSON.stringify(format === "slack" ? slackMessage(payload) : { id: message.id, ...payload });
  const timestamp = Math.floor(Date.now() / 1000);
  const { status, statusText, text } = await postGuarded(message.target, {
    body,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-length": String(Buffer.byteLength(body)),
      "user-agent": `Tributary/${version}`,
      "tributary-event": payload.event,
      "tributary-delivery": message.id,
      "tributary-timestamp": String(timestamp),
      "tributary-signature": signWebhook(secret, timestamp, body),
    },
  });
  if (status >= 200 && status < 300) return;
  const said = text.trim() && `: ${text.trim().slice(0, SHOWN_CHARACTERS)}`;
  if (status >= 300 && status < 400)
    throw new Undeliverable(
      `The receiver answered ${status} ${statusText}. Redirects are not followed: give the channel the final address.`,
    );
  const reason = `The receiver answered ${status} ${statusText}${said}`;
  throw status >= 400 && status < 500 && !PASSING.includes(status) ? new Undeliverable(reason) : new Error(reason);
};

async function readChannel({ channelId }: DueMessage): Promise<{ format: string; secret: string }> {
  const row =
    channelId === null
      ? null
      : await prisma().notificationChannel.findUnique({
          where: { id: channelId },
          select: { format: true, secret: true, name: true },
        });
  if (!row || channelId === null) throw new Undeliverable("The channel was deleted.");
  try {
    return { format: row.format, secret: openSecret(row.secret ?? "", channelId) };
  } catch {
    throw new Undeliverable(
      `The secret of channel ${row.name} was kept under another NEXTAUTH_SECRET than this server's. Rotate the channel's secret, then send the message again.`,
    );
  }
}
