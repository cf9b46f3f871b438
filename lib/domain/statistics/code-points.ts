/** Order by code points, which is that of UTF-8's bytes; unlike `<` on strings, it puts U+FFFF before U+10000. */
export function compareCodePoints(one: string, other: string): number {
  const [left, right] = [codePointsOf(one), codePointsOf(other)];
  const at = left.findIndex((point, index) => point !== right[index]);
  if (at === -1) return left.length - right.length;
  return (left[at] ?? 0) - (right[at] ?? -1);
}

function codePointsOf(value: string): number[] {
  return Array.from(value, (character) => character.codePointAt(0) ?? 0);
}
