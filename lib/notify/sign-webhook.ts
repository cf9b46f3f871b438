import { createHmac } from "node:crypto";

/** `v1=` and the hexadecimal HMAC-SHA-256 of `timestamp.body`: with the time inside, what was recorded cannot be sent again later. */
export function signWebhook(secret: string, timestamp: number, body: string): string {
  return `v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}
