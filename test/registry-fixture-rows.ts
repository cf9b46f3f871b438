import { createHash } from "node:crypto";
import type { Prisma } from "@/lib/db/generated/client";

export const BY = "user:fixture";

/** Names a row of the workspace that is being filled; ids are stable between fillings, so that a failing test names the same rows twice. */
export type IdOf = (text: string) => string;

export const idsOf =
  (workspace: string): IdOf =>
  (text) => {
    const hex = createHash("sha256").update(`${workspace}/${text}`).digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };

export const json = (value: unknown) => value as Prisma.InputJsonValue;
