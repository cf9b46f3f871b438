export type CsvValue = string | number | boolean | null | undefined;

/**
 * One record of RFC 4180 with its line end; null and undefined are empty fields. The rule for whoever reads the files is in
 * docs/overview-and-dive.md.
 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(field).join(",")}\r\n`;
}

function field(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? unexecutable(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets run text that begins like a formula, in full-width characters too; a leading apostrophe makes them show it. */
function unexecutable(text: string): string {
  return /^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text;
}
