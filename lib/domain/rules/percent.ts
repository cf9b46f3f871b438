/** 0 to 100; null of nothing, so that no page shows NaN. */
export function percent(count: number, of: number): number | null {
  return of === 0 ? null : (100 * count) / of;
}
