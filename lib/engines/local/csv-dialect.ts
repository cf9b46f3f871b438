/**
 * How a CSV is written, told from its first lines and from the columns that its source declares. DuckDB's own guess takes ragged
 * leading rows for notes and drops them; here every line counts, and what cannot be told is asked for. Pure.
 */
import type { SourceColumn, SourceReading } from "@/lib/domain/definitions/source";

export interface CsvDialect {
  delimiter: string;
  /** Empty for none. */
  quote: string;
  escape: string;
  header: boolean;
  skip: number;
  comment: string;
  /** Every column of the file, each under a name of its own. */
  names: string[];
}

export interface CsvGuess {
  dialect: CsvDialect;
  /** Marks in numbers as far as the first lines show them. */
  numbers: Pick<SourceReading, "decimal" | "thousands">;
  /** Names that several columns of the header have: only the first of them is found by it. */
  repeated: string[];
}

const DELIMITERS = [",", ";", "\t", "|"];
const ROWS_LOOKED_AT = 200;

/** `head` is the beginning of the file, whole lines, without a byte order mark. */
export function guessDialect(head: string, columns: readonly SourceColumn[], reading: SourceReading): CsvGuess {
  const quote = reading.quote ?? '"';
  const escape = reading.escape ?? (quote !== "" && head.includes(`\\${quote}`) && !head.includes(quote + quote) ? "\\" : quote); // prettier-ignore
  const skip = reading.skip ?? 0;
  const comment = reading.comment ?? "";
  const lines = dropLines(head, skip);
  const wanted = new Set(columns.map((column) => column.from ?? column.name));
  const ways = (reading.delimiter === undefined ? DELIMITERS : [reading.delimiter]).map((delimiter) => {
    const records = parseRecords(lines, { delimiter, quote, escape, comment });
    const first = records[0] ?? [];
    return { delimiter, records, first, declared: first.filter((name) => wanted.has(name.trim())).length };
  });
  const best = ways.reduce((a, b) =>
    b.declared > a.declared || (b.declared === a.declared && b.first.length > a.first.length) ? b : a,
  );
  const header = reading.header ?? true;
  const names = uniqueNames(header ? best.first : best.first.map(() => ""));
  const body = header ? best.records.slice(1) : best.records;
  return {
    dialect: { delimiter: best.delimiter, quote, escape, header, skip, comment, names },
    numbers: guessNumbers(body, names, columns, best.delimiter),
    repeated: header ? repeatedNames(best.first) : [],
  };
}

/** Decimal commas and marked thousands, where all numbers of the first rows read one way only. */
function guessNumbers(
  records: string[][],
  names: string[],
  columns: readonly SourceColumn[],
  delimiter: string,
): CsvGuess["numbers"] {
  const places = columns.flatMap((column) =>
    column.type === "double" || column.type === "bigint" ? [names.indexOf(column.from ?? column.name)] : [],
  );
  const numbers = records.flatMap((record) =>
    places.flatMap((place) => record[place]?.replace(/^([+-]?) ?[$€£¥₹] ?| ?[$€£¥₹]$/g, "$1").trim() ?? []),
  );
  const some = (pattern: RegExp) => numbers.some((text) => pattern.test(text));
  // 1.234 alone may be either; 1,5 and 1.234,5 are decimal commas; 1,234.5 has marked thousands.
  const comma = some(/^[+-]?(\d+|\d{1,3}(\.\d{3})+),(\d{1,2}|\d{4,})$/) || some(/^[+-]?\d{1,3}(\.\d{3})+,\d+$/);
  const point = some(/^[+-]?\d*\.(\d{1,2}|\d{4,})$/) || some(/^[+-]?\d{1,3}(,\d{3})+\.\d+$/);
  if (comma && !point && delimiter !== ",")
    return { decimal: ",", ...(some(/^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/) ? { thousands: "." } : {}) };
  if (point && !comma && some(/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/)) return { thousands: "," };
  return {};
}

/** Records of a text with quotes, at most a few hundred. A last record without its line end counts too. */
function parseRecords(
  text: string,
  { delimiter, quote, escape, comment }: Pick<CsvDialect, "delimiter" | "quote" | "escape" | "comment">,
): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = "";
  let quoted = false;
  let started = false;
  const endRecord = () => {
    if (started || record.length > 0) records.push([...record, field]);
    record = [];
    field = "";
    started = false;
  };
  for (let at = 0; at < text.length && records.length < ROWS_LOOKED_AT;) {
    const rest = (mark: string) => mark !== "" && text.startsWith(mark, at);
    if (quoted) {
      if (escape !== "" && rest(escape + quote)) {
        field += quote;
        at += escape.length + quote.length;
      } else if (rest(quote)) {
        quoted = false;
        at += quote.length;
      } else field += text[at++];
      continue;
    }
    if (!started && record.length === 0 && rest(comment)) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end + 1;
    } else if (rest(quote) && field === "") {
      quoted = true;
      started = true;
      at += quote.length;
    } else if (rest(delimiter)) {
      record.push(field);
      field = "";
      started = true;
      at += delimiter.length;
    } else if (text[at] === "\n" || text[at] === "\r") {
      at += text.startsWith("\r\n", at) ? 2 : 1;
      endRecord();
    } else {
      field += text[at++];
      started = true;
    }
  }
  if (records.length < ROWS_LOOKED_AT && !quoted) endRecord();
  return records;
}

function dropLines(text: string, count: number): string {
  let at = 0;
  for (let line = 0; line < count; line++) {
    const end = text.indexOf("\n", at);
    if (end < 0) return "";
    at = end + 1;
  }
  return text.slice(at);
}

/** Names as the file has them; without a name `column` and its place, from 0; a name that is there already gets a number. */
function uniqueNames(found: readonly string[]): string[] {
  const taken = new Set<string>();
  return found.map((text, place) => {
    const name = text.trim() === "" ? `column${place}` : text.trim();
    let unique = name;
    // DuckDB does not tell names apart by their case.
    for (let n = 1; taken.has(unique.toLowerCase()); n++) unique = `${name}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

function repeatedNames(found: readonly string[]): string[] {
  const seen = new Set<string>();
  return [
    ...new Set(
      found
        .map((text) => text.trim().toLowerCase())
        .filter((name) => name !== "" && (seen.has(name) || !seen.add(name))),
    ),
  ];
}
