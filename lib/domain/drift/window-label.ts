/** A whole calendar month as YYYY-MM, another window as the day that it begins on. */
export function windowLabel({ from, to }: { from: string; to: string }): string {
  const [begin, end] = [new Date(from), new Date(to)];
  const next = new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 1));
  return begin.getUTCDate() === 1 && next.getTime() === end.getTime() ? from.slice(0, 7) : from.slice(0, 10);
}
