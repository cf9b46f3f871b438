import { DomainError } from "@/lib/domain/errors";

export interface PageQuery {
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/** The number that a cursor stands for; undefined on the first page. Throws `invalid` for what is no such cursor. */
export function numberOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const number = Number(cursor);
  if (cursor !== "" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new DomainError("invalid", "The cursor is not one that a page before gave.", {
    issues: [{ path: ["query", "cursor"], message: "expected the nextCursor of a page", found: cursor }],
  });
}

/** A page of a list that is whole in memory. The cursor is the position at which the next page begins. */
export function pageOf<Item>(
  all: readonly Item[],
  { limit, cursor }: PageQuery,
): { items: Item[]; total: number; nextCursor: string | null } {
  const from = numberOf(cursor) ?? 0;
  const items = all.slice(from, from + limit);
  return { items, total: all.length, nextCursor: from + limit < all.length ? String(from + limit) : null };
}
