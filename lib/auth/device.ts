import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { serverSecret } from "@/lib/config/server-secret";

/**
 * A browser in which an account was entered keeps a mark of it, so that failures elsewhere do not close the account there. The
 * mark says nothing but that, and lets nobody in.
 */
export const DEVICE_COOKIE = "tributary-device";
export const DEVICE_SECONDS = 180 * 24 * 60 * 60;

export function newDevice(email: string): string {
  const id = randomBytes(16).toString("base64url");
  return `${id}.${sign(email, id)}`;
}

/** The id of a mark that this server made for the account; null for any other. */
export function deviceOf(email: string, mark: string | undefined): string | null {
  const [id = "", signature = ""] = mark?.split(".") ?? [];
  const expected = Buffer.from(sign(email, id));
  const given = Buffer.from(signature);
  return id !== "" && given.length === expected.length && timingSafeEqual(given, expected) ? id : null;
}

function sign(email: string, id: string): string {
  const key = Buffer.from(hkdfSync("sha256", serverSecret(), "", "tributary/device", 32));
  return createHmac("sha256", key)
    .update(JSON.stringify([email, id]))
    .digest("base64url");
}
