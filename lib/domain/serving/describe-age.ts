/** An age in the unit that people would say, rounded down: `90 s`, `90 min`, `24 h`, `3 d`. */
export function describeAge(seconds: number): string {
  const units = [
    ["d", 86_400, 2 * 86_400],
    ["h", 3600, 3600],
    ["min", 60, 120],
  ] as const;
  // An hour and a half is ninety minutes, not one hour.
  const found = units.find(
    ([unit, size, from]) => seconds >= from && (unit !== "h" || seconds % size === 0 || seconds >= 2 * size),
  );
  return found ? `${Math.floor(seconds / found[1])} ${found[0]}` : `${Math.floor(seconds)} s`;
}
