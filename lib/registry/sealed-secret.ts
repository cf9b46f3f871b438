import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { serverSecret } from "@/lib/config/server-secret";

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Kinds of rows that hold secrets; a secret of one cannot be opened as one of another. */
type Purpose = "notification-channels" | "database-connections";

/** Derived, so that a key found here opens no session. */
function key(purpose: Purpose): Buffer {
  return Buffer.from(hkdfSync("sha256", serverSecret(), "", `tributary/${purpose}`, 32));
}

/** Encrypts with AES-256-GCM for one row; in another row it cannot be opened. */
export function sealSecret(purpose: Purpose, secret: string, rowId: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key(purpose), iv).setAAD(Buffer.from(rowId));
  const sealed = Buffer.concat([iv, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1.${sealed.toString("base64url")}`;
}

/** Throws when the server's secret is another one than it was sealed with. */
export function openSecret(purpose: Purpose, sealed: string, rowId: string): string {
  const bytes = Buffer.from(sealed.replace(/^v1\./, ""), "base64url");
  const decipher = createDecipheriv(CIPHER, key(purpose), bytes.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(rowId)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  return text.toString("utf8");
}
