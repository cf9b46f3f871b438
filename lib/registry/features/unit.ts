import type { Prisma } from "@/lib/db/generated/client";
import type { FeatureDefinition } from "@/lib/domain/definitions/feature";

/** Unit of a feature's values, as its stored definition says; null for one without, and for a column that is no feature. */
export function unitOf(definition: Prisma.JsonValue | undefined): string | null {
  // Written by `applySpecs` from a parsed definition.
  return (definition as Partial<FeatureDefinition> | null | undefined)?.unit ?? null;
}
