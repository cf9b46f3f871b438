import { randomBytes } from "node:crypto";
import * as sealed from "../sealed-secret";

const PURPOSE = "notification-channels";

/** A new signing secret: 256 random bits, as text. */
export const newChannelSecret = (): string => `whsec_${randomBytes(32).toString("base64url")}`;

/** See `sealSecret` of every secret that is kept. */
export const sealSecret = (secret: string, channelId: string): string => sealed.sealSecret(PURPOSE, secret, channelId);

/** Throws when the server's secret is another one than it was sealed with. */
export const openSecret = (text: string, channelId: string): string => sealed.openSecret(PURPOSE, text, channelId);
