import type { Prisma } from "@/lib/db/generated/client";

/** A definition as Prisma's JSON input: interfaces have no index signature, but every definition is plain JSON. */
export function asJson(value: object): Prisma.InputJsonObject {
  return value as Prisma.InputJsonObject;
}
