/** Vectors of counts as maps from index to count, without the zeros: what HashingTF and CountVectorizer have in common. */

/** Most components of a vector that is made from tokens: each is a column, and models read every one. */
export const VECTOR_LIMIT = 1024;

/** Index → how often it occurs in the list `indices`; missing when `tokens` is. */
export function countIndices(tokens: string, indices: string): string {
  // The histogram of an empty list is null.
  return `CASE WHEN ${tokens} IS NOT NULL THEN coalesce(list_histogram(CAST(${indices} AS BIGINT[])), CAST(MAP {} AS MAP(BIGINT, UBIGINT))) END`;
}

export function binaryCounts(counts: string): string {
  return `map_from_entries(list_transform(map_entries(${counts}), lambda e: {'key': e.key, 'value': CAST(1 AS UBIGINT)}))`;
}

/** Without counts below `least`, an expression. */
export function frequentCounts(counts: string, least: string): string {
  return `map_from_entries(list_filter(map_entries(${counts}), lambda e: e.value >= ${least}))`;
}
