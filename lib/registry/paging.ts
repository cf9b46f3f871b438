import { DomainError } from "@/lib/domain/errors";

export interface PageQuery {
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/** A page of a list that is whole in memory. The cursor is the position at which the next page begins. */
export function pageOf<Item>(
  all: readonly Item[],
  { limit, cursor }: PageQuery,
): { items: Item[]; total: number; nextCursor: string | null } {
  const from = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isSafeInteger(from) || from < 0)
    throw new DomainError("invalid", "The cursor is not one that a page before gave.", {
      issues: [{ path: ["query", "cursor"], message: "expected the nextCursor of a page", found: cursor }],
    });
  const items = all.slice(from, from + limit);
  return { items, total: all.length, nextCursor: from + limit < all.length ? String(from + limit) : null };
}
