/**
 * Words of a name or a text, lower case and without accents: `airport.delay_mean_7d` → airport, delay, mean, 7d.
 * Letters and digits of any script count; everything else separates.
 */
export function tokensOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The same words as one string, so that two spellings of a name are equal: `delay mean 7d`. */
export function normalise(text: string): string {
  return tokensOf(text).join(" ");
}

function fold(text: string): string {
  // Most names are ASCII, and splitting letters from their accents is the dearest step of building an index.
  const lower = text.toLowerCase();
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize("NFKD").replace(/\p{M}/gu, "");
}

/** The order of code units, the same on every machine. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
