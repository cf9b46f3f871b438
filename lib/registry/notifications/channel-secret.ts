import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { serverSecret } from "@/lib/config/server-secret";

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A new signing secret: 256 random bits, as text. */
export const newChannelSecret = (): string => `whsec_${randomBytes(32).toString("base64url")}`;

/** Derived, so that a key found here opens no session. */
function key(): Buffer {
  return Buffer.from(hkdfSync("sha256", serverSecret(), "", "tributary/notification-channels", 32));
}

/** Encrypts with AES-256-GCM for one channel; in another channel's row it cannot be opened. */
export function sealSecret(secret: string, channelId: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key(), iv).setAAD(Buffer.from(channelId));
  const sealed = Buffer.concat([iv, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1.${sealed.toString("base64url")}`;
}

/** Throws when the server's secret is another one than it was sealed with. */
export function openSecret(sealed: string, channelId: string): string {
  const bytes = Buffer.from(sealed.replace(/^v1\./, ""), "base64url");
  const decipher = createDecipheriv(CIPHER, key(), bytes.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(channelId)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  return text.toString("utf8");
}
