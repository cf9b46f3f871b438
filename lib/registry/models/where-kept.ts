import type { WhereKept } from "@/lib/contracts/models";

/** The address of a fit whose own row holds what it learned. */
export const addressOfFit = (fitId: string): string => `tributary:fits/${fitId}`;

interface FitPlace {
  engine: string;
  format: string;
  uri: string;
  externalId: string | null;
  codeDigest: string | null;
  environmentDigest: string | null;
}

/** Columns that `whereKept` reads of a fit. */
export const FIT_PLACE = {
  engine: true, format: true, uri: true, externalId: true, codeDigest: true, environmentDigest: true,
} as const satisfies Record<keyof FitPlace, true>; // prettier-ignore

/** Where a fit is, or a model version with the digests of its fit; null for one that was fitted elsewhere. */
export function whereKept(
  { engine, format, uri, externalId }: Omit<FitPlace, "codeDigest" | "environmentDigest">,
  fit: Pick<FitPlace, "codeDigest" | "environmentDigest"> | null,
): WhereKept {
  return {
    engine,
    format,
    uri,
    externalId,
    codeDigest: fit?.codeDigest ?? null,
    environmentDigest: fit?.environmentDigest ?? null,
  };
}

/** What cannot be done here with a version whose fit is elsewhere, and where that is. */
export function fittedElsewhere(
  model: string,
  { version, engine, uri }: { version: number; engine: string; uri: string },
): string {
  return `Version ${version} of model ${model} was fitted elsewhere, by ${engine}, and is at ${uri}: no run here can score with it.`;
}
