export interface StringProfile {
  rows: number;
  missing: number;
  count: number;
  distinct: number;
  emptyStrings: number;
  /** Values with half a surrogate pair, which UTF-8 cannot encode, or with the replacement character that decoding garbage leaves. */
  invalidText: number;
  /** The most frequent values, by count descending, then by value ascending in code points (the order of UTF-8's bytes). */
  top: { value: string; count: number }[];
  /** In code points, the unit that people and databases count in; the others tell what Facets and TFDV would say. Null without values. */
  averageLength: { codePoints: number; utf16: number; utf8: number } | null;
}

const TOP = 10;

/** Exact profile of a text column that is small enough to be held in memory. */
export function profileString(column: readonly (string | null)[]): StringProfile {
  const values = column.filter((value) => value !== null);
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return {
    rows: column.length,
    missing: column.length - values.length,
    count: values.length,
    distinct: counts.size,
    emptyStrings: counts.get("") ?? 0,
    invalidText: values.filter((value) => /[\p{Surrogate}\uFFFD]/u.test(value)).length,
    top: [...counts]
      .map(([value, count]) => ({ value, count }))
      .sort((one, other) => other.count - one.count || compareCodePoints(one.value, other.value))
      .slice(0, TOP),
    averageLength:
      values.length === 0
        ? null
        : {
            codePoints: average(values, (value) => codePointsOf(value).length),
            utf16: average(values, (value) => value.length),
            utf8: average(values, utf8Length),
          },
  };
}

/** Code points; unlike `<` on strings, it puts U+FFFF before U+10000. */
export function compareCodePoints(one: string, other: string): number {
  const [left, right] = [codePointsOf(one), codePointsOf(other)];
  const at = left.findIndex((point, index) => point !== right[index]);
  if (at === -1) return left.length - right.length;
  return (left[at] ?? 0) - (right[at] ?? -1);
}

function codePointsOf(value: string): number[] {
  return Array.from(value, (character) => character.codePointAt(0) ?? 0);
}

/** Half a surrogate pair counts as the replacement character that would stand for it. */
function utf8Length(value: string): number {
  return codePointsOf(value).reduce(
    (bytes, point) => bytes + (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4),
    0,
  );
}

function average(values: readonly string[], of: (value: string) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0) / values.length;
}
