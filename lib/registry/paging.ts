import { DomainError } from "@/lib/domain/errors";

export interface PageQuery {
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/** The number that a cursor stands for; undefined on the first page. Throws `invalid` for what is no such cursor. */
export function numberOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw notGiven(cursor);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id that a cursor is. Throws `invalid` for what is no such cursor. */
export function idOf(cursor: string): string {
  if (UUID.test(cursor)) return cursor;
  throw notGiven(cursor);
}

/** A list that began anew, or ended, at a cursor that was cut short would be taken for whole. */
const notGiven = (cursor: string) =>
  new DomainError("invalid", "The cursor is not one that a page before gave.", {
    issues: [{ path: ["query", "cursor"], message: "expected the nextCursor of a page", found: cursor }],
  });

/** A page of a list that is whole in memory. The cursor is the position at which the next page begins. */
export function pageOf<Item>(
  all: readonly Item[],
  { limit, cursor }: PageQuery,
): { items: Item[]; total: number; nextCursor: string | null } {
  const from = numberOf(cursor) ?? 0;
  const items = all.slice(from, from + limit);
  return { items, total: all.length, nextCursor: from + limit < all.length ? String(from + limit) : null };
}
