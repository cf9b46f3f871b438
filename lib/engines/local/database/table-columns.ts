/** Columns of a table or of a SELECT, and how each is copied: Postgres' types on one side, DuckDB's on the other. */
import type { Client, FieldDef, QueryConfig } from "pg";
import type { TableSource } from "@/lib/domain/definitions/source";
import { quoteName, quoteText } from "../quote";

export interface TableColumn {
  name: string;
  /** As Postgres writes it, such as `numeric(12,2)`. */
  type: string;
  /** How it is copied; a sentence that says why it cannot be. */
  copy: ColumnCopy | { refusal: string };
}

export interface ColumnCopy {
  /** What the server sends for it, from its quoted name. */
  sent(name: string): string;
  /** DuckDB's type; null for a decimal whose digits the values tell. */
  type: string | null;
  /** SQL of the value from the text that was sent. */
  read(text: string): string;
  /** Condition that a text that was sent is no value of that type. */
  misfit(text: string): string;
  /** What such values are, in words. */
  misfits: string;
}

/** What stands after FROM for a table's source: its name, or its SELECT, which may end with a semicolon or a comment. */
export function relationOf({ table, sql }: Pick<TableSource, "table" | "sql">): string {
  if (sql !== undefined) return `(${sql.trim().replace(/;\s*$/, "")}\n) AS tributary_query`;
  return namesOf(table ?? "")
    .map(quoteName)
    .join(".");
}

/** `sales.orders` → its two names; `"Sales"."My.Orders"` keeps capitals and dots, as in Postgres. */
function namesOf(table: string): string[] {
  return [...table.trim().matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "").trim().toLowerCase() : quoted.replaceAll('""', '"'),
  );
}

interface TypeRow {
  oid: number;
  name: string;
  /** b base, e enum, c composite, d domain, r range, and others. */
  kind: string;
  element: number;
  shown: string;
  /** Of a domain: type and modifier that it stands for. */
  base: number;
  baseModifier: number;
  category: string;
}

/** The columns of a relation in order, without reading a row. */
export async function tableColumns(client: Client, relation: string): Promise<TableColumn[]> {
  const { fields } = await client.query(extended(`SELECT * FROM ${relation} LIMIT 0`));
  const types = await loadTypes(client, fields);
  return fields.map(({ name, dataTypeID, dataTypeModifier }) => {
    const [type, modifier] = resolve(types, dataTypeID, dataTypeModifier);
    const shown = shownType(type, modifier);
    return { name, type: shown, copy: copyOf(types, type, modifier, { name, shown }) };
  });
}

/** A query of one statement: the extended protocol refuses a second one. */
export const extended = (text: string, values: unknown[] = []): QueryConfig =>
  Object.assign({ text, values }, { queryMode: "extended" });

async function loadTypes(client: Client, fields: FieldDef[]): Promise<Map<number, TypeRow>> {
  const { rows } = await client.query<TypeRow>(
    extended(
      `WITH RECURSIVE wanted(oid) AS (
         SELECT unnest($1::oid[])
         UNION SELECT unnest(ARRAY[t.typelem, t.typbasetype]) FROM wanted JOIN pg_catalog.pg_type t USING (oid)
       )
       SELECT t.oid::int8::float8 AS oid, t.typname AS name, t.typtype AS kind, t.typcategory AS category,
         t.typelem::int8::float8 AS element, pg_catalog.format_type(t.oid, NULL) AS shown,
         t.typbasetype::int8::float8 AS base, t.typtypmod AS "baseModifier"
       FROM wanted JOIN pg_catalog.pg_type t USING (oid)`,
      [fields.map(({ dataTypeID }) => dataTypeID)],
    ),
  );
  return new Map(rows.map((row) => [row.oid, row]));
}

/** The type behind domains. */
function resolve(types: ReadonlyMap<number, TypeRow>, oid: number, modifier: number): [TypeRow | undefined, number] {
  const type = types.get(oid);
  return type?.kind === "d" ? resolve(types, type.base, type.baseModifier) : [type, modifier];
}

/** Digits of `numeric(p,s)`, as its modifier has them; null for a plain `numeric`. */
function digitsOf(modifier: number): { precision: number; scale: number } | null {
  if (modifier < 4) return null;
  const bits = modifier - 4;
  const low = bits & 0x7ff;
  // Since Postgres 15 a scale has eleven bits and may be negative.
  return { precision: bits >> 16, scale: low > 1023 ? low - 2048 : low };
}

function shownType(type: TypeRow | undefined, modifier: number): string {
  const digits = type?.name === "numeric" ? digitsOf(modifier) : null;
  return digits ? `numeric(${digits.precision},${digits.scale})` : (type?.shown ?? "an unknown type");
}

const MOST_DIGITS = 38;
const TEXTS = new Set(["text", "varchar", "bpchar", "char", "name", "uuid", "citext", "json", "jsonb"]);
const INTEGERS = new Set(["int2", "int4", "int8", "oid"]);
/** What to select in the place of a type that is not read. */
const INSTEAD: Record<string, string> = {
  bytea: "Bytes are no feature: leave it out, or select encode(NAME, 'hex').",
  interval: "Select its seconds as extract(epoch FROM NAME).",
  time: "Select it as NAME::text.",
  timetz: "Select it as NAME::text.",
  money: "Its text depends on the server's language: select NAME::numeric.",
};

function copyOf(
  types: ReadonlyMap<number, TypeRow>,
  type: TypeRow | undefined,
  modifier: number,
  { name, shown }: { name: string; shown: string },
): TableColumn["copy"] {
  const refusal = { refusal: refusalOf(name, shown, type) };
  if (!type) return refusal;
  if (type.element !== 0 && type.category === "A") {
    const [element] = resolve(types, type.element, -1);
    const inner = element && listTypeOf(element);
    return inner ? listCopy(inner) : refusal;
  }
  return scalarCopy(type, modifier) ?? refusal;
}

function refusalOf(name: string, shown: string, type: TypeRow | undefined): string {
  const instead =
    INSTEAD[type?.name ?? ""] ?? "Leave it out, or cast it in `sql` to a type that is, such as NAME::text.";
  return `Column ${name} is ${shown}, which is not read. ${instead.replaceAll("NAME", quoteIfNeeded(name))}`;
}

const quoteIfNeeded = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteName(name));

function plain(type: string, misfit: ColumnCopy["misfit"] = () => "false", misfits = ""): ColumnCopy {
  return { sent: (name) => name, type, read: (text) => `CAST(${text} AS ${type})`, misfit, misfits };
}

function scalarCopy({ name, kind }: TypeRow, modifier: number): ColumnCopy | null {
  if (kind === "e" || TEXTS.has(name)) return { ...plain("VARCHAR"), sent: (column) => `${column}::text` };
  if (INTEGERS.has(name)) return plain("BIGINT");
  switch (name) {
    case "bool":
      return plain("BOOLEAN");
    case "float4":
      return plain("FLOAT");
    case "float8":
      return plain("DOUBLE");
    case "numeric":
      return decimalCopy(digitsOf(modifier));
    case "date":
      return plain("DATE", outsideOf("DATE"), "infinite or outside of the calendar from the year 1 on");
    case "timestamp":
      return plain("TIMESTAMP", outsideOf("TIMESTAMP"), "infinite or outside of the calendar from the year 1 on");
    case "timestamptz":
      return plain("TIMESTAMPTZ", outsideOf("TIMESTAMPTZ"), "infinite or outside of the calendar from the year 1 on");
    default:
      return null;
  }
}

/** DuckDB would read `infinity` as a day of its own, and drop the BC of a day. */
const outsideOf = (type: string) => (text: string) =>
  `(contains(${text}, 'infinity') OR ends_with(${text}, 'BC') OR TRY_CAST(${text} AS ${type}) IS NULL)`;

const NOT_FINITE = "not finite, which no decimal is";

function decimalCopy(digits: ReturnType<typeof digitsOf>): ColumnCopy {
  const notFinite = (text: string) => `${text} IN ('NaN', 'Infinity', '-Infinity')`;
  const scale = Math.max(0, digits?.scale ?? 0);
  const precision = digits ? Math.max(digits.precision + Math.max(0, -digits.scale), scale) : Infinity;
  if (precision > MOST_DIGITS) return { ...plain(""), type: null, misfit: notFinite, misfits: NOT_FINITE };
  return plain(`DECIMAL(${precision}, ${scale})`, notFinite, NOT_FINITE);
}

/** DuckDB's type of an array's elements; null for one that is not read. */
function listTypeOf({ name, kind }: TypeRow): string | null {
  if (INTEGERS.has(name)) return "BIGINT";
  if (["float4", "float8", "numeric"].includes(name)) return "DOUBLE";
  return kind === "e" || TEXTS.has(name) ? "VARCHAR" : null;
}

function listCopy(inner: string): ColumnCopy {
  const elements = inner === "VARCHAR" ? "::text[]" : "";
  return {
    // As JSON, whose quotes and nulls are not those of an array's own text.
    sent: (name) => `to_json(${name}${elements})::text`,
    type: `${inner}[]`,
    read: (text) => `CAST(CAST(${text} AS JSON) AS ${inner}[])`,
    // Inner lists would become nulls in silence.
    misfit: (text) => `starts_with(${text}, '[[')`,
    misfits: "lists of lists",
  };
}

/** How a decimal of unknown digits is read once its values have told them: `whole` before the point and `scale` after it. */
export function decimalOf(whole: number, scale: number): string | null {
  return whole + scale > MOST_DIGITS ? null : `DECIMAL(${Math.max(1, whole + scale)}, ${scale})`;
}

/** SQL of the digits before and after the point of a number's text, without zeros that say nothing. */
export const digitsSql = {
  whole: (text: string) => `length(ltrim(split_part(${text}, '.', 1), '-0'))`,
  scale: (text: string) => `length(rtrim(split_part(${text}, '.', 2), '0'))`,
};

/** The COPY statement of columns. A backslash and an N stand for null, and quoted for themselves. */
export function copyStatement(
  relation: string,
  columns: readonly { name: string; copy: ColumnCopy }[],
  rows?: number,
): string {
  const select = columns.map(({ name, copy }) => copy.sent(quoteName(name)));
  return `COPY (SELECT ${select.join(", ")} FROM ${relation}${rows === undefined ? "" : ` LIMIT ${rows}`}) TO STDOUT (FORMAT csv, FORCE_QUOTE *, NULL ${quoteText("\\N")})`;
}
