const DAY_MS = 86_400_000;

/** At most so many days: a century. */
export const MOST_DAYS = 36_500;

/**
 * When the bytes of a dataset version may be removed; null while no newer version has replaced it, and where bytes are kept for ever.
 * @param days for which a workspace keeps them
 */
export function expiryOf(replacedAt: Date | null, days: number | null): Date | null {
  return replacedAt === null || days === null ? null : new Date(replacedAt.getTime() + days * DAY_MS);
}
