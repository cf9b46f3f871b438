import { createTransport } from "nodemailer";
import { environment } from "@/lib/config/environment";
import type { NoticePayload } from "@/lib/domain/notifications/channel-events";
import { openSecret } from "@/lib/registry/notifications/channel-secret";
import { type Sender, Undeliverable } from "./deliver-messages";
import { emailMessage } from "./email-message";

const TIMEOUTS_MS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 15_000 };

/** Sends a notice to one address. What the mail server refuses for good (5xx about the mail itself) is not tried again. */
export const sendEmail: Sender = async (message) => {
  const { SMTP_URL, SMTP_FROM } = environment();
  if (!SMTP_URL || !SMTP_FROM)
    throw new Error(`This server cannot send e-mail: ${!SMTP_URL ? "SMTP_URL" : "SMTP_FROM"} is not set.`);
  const domain = /@([^<>@\s]+)>?\s*$/.exec(SMTP_FROM)?.[1] ?? "tributary";
  const transport = createTransport(withTimeouts(SMTP_URL), { disableFileAccess: true, disableUrlAccess: true });
  try {
    await transport.sendMail({
      from: SMTP_FROM,
      to: { name: "", address: message.target },
      // The same in every attempt, so that a mailbox that got it twice can tell.
      messageId: `<${message.id}@${domain}>`,
      headers: { "Auto-Submitted": "auto-generated" },
      ...emailMessage(opened(message.payload as NoticePayload)),
    });
  } catch (error) {
    throw isRefusal(error) ? new Undeliverable(error.message) : error;
  } finally {
    transport.close();
  }
};

/** A secret link is opened here alone: neither the outbox nor the delivery log shows it. */
function opened({ sealedUrl, ...payload }: NoticePayload): NoticePayload {
  if (sealedUrl === undefined) return payload;
  return { ...payload, url: openSecret(sealedUrl, payload.object.slice(payload.object.indexOf("/") + 1)) };
}

/** Of the SMTP client, which reads them from the address. */
function withTimeouts(address: string): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(TIMEOUTS_MS))
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(value));
  return url.href;
}

/** A wrong password is not the message's fault: somebody will correct it. */
function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, responseCode } = error as Error & { code?: string; responseCode?: number };
  return (code === "EENVELOPE" || code === "EMESSAGE") && responseCode !== undefined && responseCode >= 500;
}
