/** Sampled values column by column, as JSON can carry them. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { RowSample, SampledColumn } from "@/lib/domain/datasets/row-sample";
import { millisecondsOf } from "./quote";

/** Characters of a text, and values of a list, that are shown of one cell. */
const LONGEST_TEXT = 200;
const LONGEST_LIST = 20;

/** SQL of a value as it leaves DuckDB: instants in milliseconds since 1970, lists as the text of their first values. */
export function sampledExpression(type: ColumnType, sql: string): string {
  switch (type) {
    case "bigint":
    case "double":
      return sql;
    case "boolean":
      return `CAST(${sql} AS VARCHAR)`;
    case "date":
    case "timestamp": {
      const time = `CAST(${sql} AS TIMESTAMP)`;
      return `CASE WHEN ${sql} IS NULL THEN NULL WHEN isfinite(${time}) THEN ${millisecondsOf(time)} WHEN ${time} > TIMESTAMP '1970-01-01' THEN 'Infinity'::DOUBLE ELSE '-Infinity'::DOUBLE END`;
    }
    case "string":
      return `left(${sql}, ${LONGEST_TEXT + 1})`;
    case "vector":
    case "strings":
      return `left(CAST(list_slice(${sql}, 1, ${LONGEST_LIST}) AS VARCHAR) || CASE WHEN len(${sql}) > ${LONGEST_LIST} THEN ' …' ELSE '' END, ${LONGEST_TEXT + 1})`;
  }
}

type Column = { name: string; type: ColumnType };

const KINDS: Record<ColumnType, SampledColumn["kind"]> = {
  boolean: "texts",
  bigint: "numbers",
  double: "numbers",
  string: "texts",
  date: "instants",
  timestamp: "instants",
  vector: "texts",
  strings: "texts",
};

/** Gathers rows whose values are `c0`, `c1` … and `#part`. */
export class SampledColumns {
  private readonly builders: (NumberBuilder | TextBuilder)[];
  private readonly part: TextBuilder | null;

  constructor(
    private readonly columns: readonly Column[],
    parts: string[] | null,
  ) {
    this.builders = columns.map(({ type }) => (KINDS[type] === "texts" ? new TextBuilder() : new NumberBuilder()));
    this.part = parts && new TextBuilder(parts);
  }

  add(row: Record<string, unknown>): void {
    this.builders.forEach((builder, i) => builder.add(row[`c${i}`]));
    this.part?.add(row["#part"]);
  }

  finish(): Pick<RowSample, "columns" | "part"> {
    return {
      columns: this.columns.map(({ name, type }, i): SampledColumn => {
        const builder = this.builders[i] as NumberBuilder | TextBuilder;
        return builder instanceof TextBuilder
          ? { name, type, kind: "texts", ...builder.finish() }
          : { name, type, kind: KINDS[type] as "numbers" | "instants", values: builder.values };
      }),
      part: this.part && this.part.finish(),
    };
  }
}

class NumberBuilder {
  readonly values: (number | string | null)[] = [];

  /** JSON has neither NaN nor infinities: they are named. Integers beyond 2^53 are decimal strings already. */
  add(value: unknown): void {
    if (value === null || value === undefined) this.values.push(null);
    else if (typeof value === "number") this.values.push(Number.isFinite(value) ? value + 0 : String(value));
    else this.values.push(String(value));
  }
}

class TextBuilder {
  private readonly dictionary: string[];
  private readonly codes: (number | null)[] = [];
  private readonly codeOf = new Map<string, number>();

  constructor(known: readonly string[] = []) {
    this.dictionary = [...known];
    known.forEach((text, code) => this.codeOf.set(text, code));
  }

  add(value: unknown): void {
    if (value === null || value === undefined) return void this.codes.push(null);
    const text = shorten(String(value));
    let code = this.codeOf.get(text);
    if (code === undefined) {
      code = this.dictionary.length;
      this.dictionary.push(text);
      this.codeOf.set(text, code);
    }
    this.codes.push(code);
  }

  finish(): { dictionary: string[]; codes: (number | null)[] } {
    return { dictionary: this.dictionary, codes: this.codes };
  }
}

function shorten(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  const letters = [...text];
  return letters.length <= LONGEST_TEXT ? text : `${letters.slice(0, LONGEST_TEXT).join("")}…`;
}
