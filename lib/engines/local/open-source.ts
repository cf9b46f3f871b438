/** A source's files as one relation with its declared columns, each value checked before it is another's. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import {
  isTableSource,
  placeOf,
  type SourceColumn,
  type SourceDefinition,
  type SourceReading,
} from "@/lib/domain/definitions/source";
import { DomainError, type Issue } from "@/lib/domain/errors";

import type { ReadBounds } from "../engine";
import { arrowAsJson } from "./arrow-copy";
import { type CsvDialect, type CsvGuess, guessDialect } from "./csv-dialect";
import { firstLine } from "./frame";
import { jsonLayout } from "./json-layout";
import { quoteName, quoteText } from "./quote";
import { asReadable, readHead } from "./readable-copy";
import type { Session } from "./session";
import { type Step, type ValueSql, isBeyondExact, strictValue, textValue, typedValue } from "./value-sql";

export interface OpenSource {
  definition: SourceDefinition;
  /** What stands after FROM. Holds names of the file, so that only `expression` and `position` may be read from it. */
  relation: string;
  /** SQL of a row's position, from 0, in the order of the files. */
  position: string;
  /** Whether every reading parses text: what is read twice is better stored. */
  isText: boolean;
  /** Files that DuckDB reads, in the order of the source's. */
  paths: string[];
  /** By column; columns that the files do not have are not there. */
  columns: ReadonlyMap<string, { declared: SourceColumn; value: ValueSql }>;
  /** What keeps declared columns from being read at all. */
  issues: Issue[];
  warnings: string[];
  /** What the files have: names of columns, and of members of structs and objects as `geo.lat`. May read every row. */
  fields(): Promise<string[]>;
  /** How a CSV is written; null for other formats, and for files that are written in several ways. */
  dialect: CsvDialect | null;
  /** Marks in numbers as the first rows show them. */
  numbers: CsvGuess["numbers"];
  /** Whether text has U+FFFD in the place of bytes that its encoding does not know, and where, in sentences for who may not mind. */
  replaced: string[];
  /** SQL of a declared column. Throws `invalid` for one that the source does not have. */
  expression(name: string): string;
}

/** Names of columns that the relations of this module add to those of a file. */
const OWN = new Set(["file_row_number", "filename"]);
const HEAD_LINES = 200;

interface Opened {
  relation: string;
  /** Where rows are not numbered in the order in which they are read. */
  position?: string;
  value: (column: SourceColumn, step: Step) => ValueSql | Issue | null;
  paths: string[];
  /** Names in the files, for messages. */
  found: string[];
  /** With members of structs and objects in the place of these; `found` when left out. */
  fields?: () => Promise<string[]>;
  warnings: string[];
  dialect?: CsvDialect | null;
  numbers?: CsvGuess["numbers"];
  replaced?: string[];
}

/**
 * Opens files that the session may read. Throws `invalid` when they are no files of the format.
 * @param bounds what is read of them; their number is the caller's
 */
export async function openSource(
  session: Session,
  definition: SourceDefinition,
  files: string[],
  bounds?: ReadBounds,
): Promise<OpenSource> {
  let opened: Opened;
  try {
    opened = await openFormat(session, definition, files, bounds);
    if (bounds) opened.relation = `(SELECT * FROM ${opened.relation} LIMIT ${bounds.rows})`;
  } catch (error) {
    throw unreadable(definition, error);
  }
  // The copy of a table is Parquet too.
  const isText = definition.format !== "parquet" && definition.format !== "postgres";
  const position =
    opened.position ?? (!isText && files.length === 1 ? `"file_row_number"` : "row_number() OVER () - 1");
  const columns = new Map<string, { declared: SourceColumn; value: ValueSql }>();
  const issues: Issue[] = [];
  const header = definition.format === "csv" && definition.reading?.header === undefined;
  const steps = new Steps();
  definition.columns.forEach((declared, i) => {
    if (declared.name === definition.rowNumber) return;
    const value = opened.value(declared, steps.ofColumn());
    const name = declared.from ?? declared.name;
    if (value === null)
      issues.push({
        path: ["columns", i],
        message: `The ${dataOf(definition)} of source ${definition.name} has no column ${name}.`,
        expected: name,
        found: opened.found.slice(0, 200).join(", "),
      });
    else if ("sql" in value) columns.set(declared.name, { declared, value });
    else issues.push({ ...value, path: ["columns", i, ...value.path] });
  });
  if (header && columns.size === 0 && issues[0])
    issues[0].message += ` Its first line is ${opened.found.slice(0, 20).join(", ").replaceAll(/\s+/g, " ")}: if that is a row and no names, say reading: { header: false }.`;
  return {
    definition,
    relation: steps.over(opened.relation),
    position,
    isText,
    paths: opened.paths,
    columns,
    issues,
    warnings: opened.warnings,
    fields: opened.fields ?? (() => Promise.resolve(opened.found)),
    dialect: opened.dialect ?? null,
    numbers: opened.numbers ?? {},
    replaced: opened.replaced ?? [],
    expression(name) {
      if (name === definition.rowNumber) return position;
      const column = columns.get(name);
      if (column) return strictValue(column.value, column.declared.type, `Column ${name} of source ${definition.name}`);
      throw new DomainError(
        "invalid",
        issues.find((issue) => definition.columns[issue.path[1] as number]?.name === name)?.message ??
          `Source ${definition.name} has no column ${name}.`,
        { issues },
      );
    },
  };
}

/** Columns that a relation gains so that values are read from them: of each column of the file a row of steps, over one another. */
class Steps {
  private readonly levels: string[][] = [];
  private count = 0;

  ofColumn(): Step {
    let level = 0;
    return (sql) => {
      const name = quoteName(`#step ${this.count++}`);
      (this.levels[level++] ??= []).push(`${sql} AS ${name}`);
      return name;
    };
  }

  over(relation: string): string {
    return this.levels.reduce((below, level) => `(SELECT *, ${level.join(", ")} FROM ${below})`, relation);
  }
}

function openFormat(
  session: Session,
  definition: SourceDefinition,
  files: string[],
  bounds: ReadBounds | undefined,
): Promise<Opened> {
  switch (definition.format) {
    case "parquet":
    case "postgres":
      // Of a table, the copy that was made of it.
      return openParquet(session, definition, files);
    case "csv":
      return openCsv(session, definition, files, bounds);
    case "json":
      return openJson(session, definition, files, { bounds });
    case "arrow":
      return openArrow(session, definition, files, bounds);
  }
}

/** What a source is read from, in a word. */
const dataOf = (source: SourceDefinition) => (isTableSource(source) ? "table" : "file");

const listOf = (paths: readonly string[]) => `[${paths.map(quoteText).join(", ")}]`;

/** Keys and values of the Hive partition that a file lies in. */
function partitionOf(path: string): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const segment of path.split("/").slice(0, -1)) {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(segment) ?? [];
    if (key !== undefined && value !== undefined)
      found.set(key, value === "__HIVE_DEFAULT_PARTITION__" ? null : decodeURIComponent(value));
  }
  return found;
}

/** Keys that every file has. */
function partitionKeys(files: readonly string[]): string[] {
  const all = files.map(partitionOf);
  return [...(all[0]?.keys() ?? [])].filter((key) => all.every((one) => one.has(key)));
}

async function openParquet(session: Session, definition: SourceDefinition, files: string[]): Promise<Opened> {
  const partitions = partitionKeys(files);
  const relation = `read_parquet(${listOf(files)}, file_row_number = true${files.length > 1 ? ", union_by_name = true, filename = true" : ""}, hive_partitioning = ${partitions.length > 0}${partitions.length > 0 ? ", hive_types_autocast = false" : ""})`;
  const types = await describeRelation(session, relation);
  const asText = new Set(partitions.filter((key) => types.get(key) === "VARCHAR"));
  if (files.length === 1)
    return { relation, paths: files, found: [...types.keys()], fields: () => Promise.resolve(fieldsOf(types)), warnings: [], value: typedColumn(definition, types, asText) }; // prettier-ignore
  // Files of one source may differ: DuckDB would read integers of one as doubles because another has doubles.
  const groups = new Map<string, { files: string[]; types: Map<string, string> }>();
  for (const file of files) {
    const own = await describeRelation(session, `read_parquet(${listOf([file])}, hive_partitioning = false)`);
    const key = JSON.stringify([...own]);
    const group = groups.get(key);
    if (group) group.files.push(file);
    else groups.set(key, { files: [file], types: own });
  }
  const warnings = [...groups.values()].flatMap((group) => missingIn(definition, group.files, files, [...group.types.keys(), ...partitions])); // prettier-ignore
  const differing = [...types.keys()].filter((name) => new Set([...groups.values()].flatMap((group) => group.types.get(name) ?? [])).size > 1); // prettier-ignore
  if (differing.length === 0)
    return {
      relation,
      paths: files,
      found: [...types.keys()],
      fields: () => Promise.resolve(fieldsOf(types)),
      warnings,
      value: typedColumn(definition, types, asText),
    };
  const tables = [...groups.values()].map((group) => {
    const text = differing.filter((name) => group.types.has(name)).map((name) => `CAST(${quoteName(name)} AS VARCHAR) AS ${quoteName(name)}`); // prettier-ignore
    return `SELECT * REPLACE (${text.join(", ")}) FROM read_parquet(${listOf(group.files)}, hive_partitioning = ${partitions.length > 0}${partitions.length > 0 ? ", hive_types_autocast = false" : ""})`;
  });
  for (const name of differing) {
    types.set(name, "VARCHAR");
    asText.add(name);
  }
  return {
    ...inOrder(tables),
    paths: files,
    found: [...types.keys()],
    warnings,
    value: typedColumn(definition, types, asText),
  };
}

/** Columns, and in the place of a struct its members. */
function fieldsOf(types: ReadonlyMap<string, string>): string[] {
  return [...types].flatMap(([name, type]) => {
    const members = structMembers(type);
    return members.size === 0 ? [name] : fieldsOf(members).map((member) => `${name}.${member}`);
  });
}

/** Queries whose rows come one after the other. A union is read by several threads, so that its rows carry their places. */
function inOrder(queries: readonly string[]): Pick<Opened, "relation" | "position"> {
  const placed = queries.map(
    (query, i) => `SELECT *, ${i} AS "#group", row_number() OVER () AS "#row" FROM (${query})`,
  );
  return {
    relation: `(${placed.join(" UNION ALL BY NAME ")})`,
    position: `row_number() OVER (ORDER BY "#group", "#row") - 1`,
  };
}

/** Says which declared columns some of a source's files do not have: there they are missing. */
function missingIn(
  definition: SourceDefinition,
  group: readonly string[],
  files: readonly string[],
  names: readonly string[],
): string[] {
  if (group.length === files.length) return [];
  const there = new Set(names);
  const missing = definition.columns
    .filter((column) => column.name !== definition.rowNumber)
    .map((column) => column.from ?? column.name)
    .filter((name) => !there.has(name) && !there.has(name.split(".")[0] ?? ""));
  if (missing.length === 0) return [];
  return [
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing in ${group.length} of ${files.length} files, such as ${group[0]}: there it was read as a missing value.`,
  ];
}

async function openArrow(
  session: Session,
  definition: SourceDefinition,
  files: string[],
  bounds: ReadBounds | undefined,
): Promise<Opened> {
  const copies: string[] = [];
  for (const file of files) copies.push(await arrowAsJson(file, session.scratch, bounds?.rows));
  return openJson(session, definition, files, { copies, bounds });
}

/** Reads a column with a type of its own, or text from the path of its file. */
function typedColumn(
  definition: SourceDefinition,
  types: ReadonlyMap<string, string>,
  partitions: ReadonlySet<string>,
): Opened["value"] {
  const reading = definition.reading ?? {};
  return (column, step) => {
    const from = column.from ?? column.name;
    const place = types.has(from) ? { sql: quoteName(from), type: types.get(from) as string } : memberOf(from, types);
    if (!place) return null;
    if (partitions.has(from)) return textValue(column.type, place.sql, reading, step);
    return (
      typedValue(place.type, column.type, place.sql, reading) ?? {
        path: ["type"],
        message: `Column ${from} of source ${definition.name} holds ${place.type}, not ${column.type}.${hintFor(place.type, column.type)}`,
        expected: column.type,
        found: place.type,
      }
    );
  };
}

function hintFor(found: string, type: ColumnType): string {
  return type === "timestamp" && /INT|DOUBLE|DECIMAL/.test(found)
    ? " Say reading: { epoch: seconds } or { epoch: milliseconds } when they count from 1970."
    : "";
}

/** `geo.lat` as the member of a struct. */
function memberOf(from: string, types: ReadonlyMap<string, string>): { sql: string; type: string } | null {
  const [first = "", ...members] = from.split(".");
  let type = types.get(first);
  let sql = quoteName(first);
  for (const member of members) {
    const inner = type && structMembers(type).get(member);
    if (!inner) return null;
    sql = `struct_extract(${sql}, ${quoteText(member)})`;
    type = inner;
  }
  return members.length > 0 && type !== undefined ? { sql, type } : null;
}

/** Members of `STRUCT(lat DOUBLE, "a b" STRUCT(…))` with their types; none for what is no struct. */
function structMembers(type: string): Map<string, string> {
  const members = new Map<string, string>();
  const body = /^STRUCT\((.*)\)$/s.exec(type)?.[1];
  if (body === undefined) return members;
  let at = 0;
  while (at < body.length) {
    const [whole, quoted, plain] = /^\s*(?:"((?:[^"]|"")*)"|([^\s"]+))\s+/.exec(body.slice(at)) ?? [];
    if (whole === undefined) return members;
    at += whole.length;
    let depth = 0;
    let inName = false;
    const start = at;
    for (; at < body.length; at++) {
      const char = body[at];
      if (char === '"') inName = !inName;
      else if (inName) continue;
      else if (char === "(") depth++;
      else if (char === ")") depth--;
      else if (char === "," && depth === 0) break;
    }
    members.set(quoted?.replaceAll('""', '"') ?? plain ?? "", body.slice(start, at).trim());
    at++;
  }
  return members;
}

async function openCsv(
  session: Session,
  definition: SourceDefinition,
  files: string[],
  bounds: ReadBounds | undefined,
): Promise<Opened> {
  const reading = definition.reading ?? {};
  const declared = definition.columns.filter((column) => column.name !== definition.rowNumber);
  const warnings: string[] = [];
  const replaced: string[] = [];
  const groups = new Map<
    string,
    { paths: string[]; sources: string[]; dialect: CsvDialect; partition: Map<string, string | null> }
  >();
  const found = new Set<string>();
  const paths: string[] = [];
  const numbers: CsvGuess["numbers"] = {};
  for (const file of files) {
    const readable = await asReadable(definition, file, session.scratch, bounds?.bytes);
    paths.push(readable.path);
    if (readable.replaced > 0) replaced.push(replacedBytes(definition, file, readable.replaced));
    const guess = guessDialect(await headOf(session, readable.path), declared, reading);
    assertNotTooWide(definition, file, guess.dialect.names.length);
    Object.assign(numbers, guess.numbers);
    for (const { name, from = name } of declared)
      if (guess.repeated.includes(from.toLowerCase()))
        warnings.push(
          `${file} has several columns ${from}: the first of them is read. The others are called ${from}_1 and so on; say from: ${from}_1 to read one of those.`,
        );
    const partition = partitionOf(file);
    guess.dialect.names.forEach((name) => found.add(name));
    partition.forEach((_, name) => found.add(name));
    const key = JSON.stringify([guess.dialect, [...partition]]);
    const group = groups.get(key);
    if (group) {
      group.paths.push(readable.path);
      group.sources.push(file);
    } else groups.set(key, { paths: [readable.path], sources: [file], dialect: guess.dialect, partition });
  }
  for (const group of groups.values())
    warnings.push(...missingIn(definition, group.sources, files, [...group.dialect.names, ...group.partition.keys()]));
  const nulls = reading.nullValues?.length ? `, nullstr = ${listOf(["", ...reading.nullValues])}` : "";
  const relations = [...groups.values()].map(({ paths: several, dialect, partition }) => {
    const names = dialect.names.map((name) => `${quoteText(name)}: 'VARCHAR'`);
    const table = `read_csv(${listOf(several)}, auto_detect = false, header = ${dialect.header}, delim = ${quoteText(dialect.delimiter)}, quote = ${quoteText(dialect.quote)}, escape = ${quoteText(dialect.escape)}, comment = ${quoteText(dialect.comment)}, skip = ${dialect.skip}, hive_partitioning = false, columns = {${names.join(", ")}}${nulls})`;
    const keys = [...partition].filter(([key]) => !dialect.names.includes(key));
    if (keys.length === 0) return table;
    return `(SELECT *, ${keys.map(([key, value]) => `${value === null ? "NULL" : quoteText(value)}::VARCHAR AS ${quoteName(key)}`).join(", ")} FROM ${table})`;
  });
  const [only] = relations;
  return {
    ...(relations.length === 1 && only
      ? { relation: only }
      : inOrder(relations.map((table) => `SELECT * FROM ${table}`))),
    paths,
    found: [...found],
    warnings,
    dialect: groups.size === 1 ? ([...groups.values()][0]?.dialect ?? null) : null,
    numbers,
    replaced,
    value(column, step) {
      const from = reading.header === false && !column.from && !found.has(column.name) ? `column${declared.indexOf(column)}` : (column.from ?? column.name); // prettier-ignore
      return found.has(from) ? textValue(column.type, quoteName(from), { ...numbers, ...reading }, step) : null;
    },
  };
}

/** The first lines of a text file, decompressed. */
async function headOf(session: Session, path: string): Promise<string> {
  if (!path.endsWith(".zst")) return readHead(path);
  const lines = await session.rows<{ line: string | null }>(
    // No text has this control character, so that a line is a field.
    `SELECT line FROM read_csv(${listOf([path])}, auto_detect = false, header = false, delim = '\u001f', quote = '', escape = '', comment = '', columns = {'line': 'VARCHAR'}, strict_mode = false) LIMIT ${HEAD_LINES}`,
  );
  return lines.map(({ line }) => `${line ?? ""}\n`).join("").replace(/^\uFEFF/, ""); // prettier-ignore
}

async function openJson(
  session: Session,
  definition: SourceDefinition,
  files: string[],
  { copies, bounds }: { copies?: string[]; bounds: ReadBounds | undefined },
): Promise<Opened> {
  const reading = definition.reading ?? {};
  const replaced: string[] = [];
  const paths: string[] = [];
  for (const [i, file] of files.entries()) {
    const copy = copies?.[i];
    const readable = copy === undefined ? await asReadable(definition, file, session.scratch, bounds?.bytes) : { path: copy, replaced: 0 }; // prettier-ignore
    paths.push(readable.path);
    if (readable.replaced > 0) replaced.push(replacedBytes(definition, file, readable.replaced));
  }
  const partitions = partitionKeys(files);
  const folders = files.map(partitionOf);
  const wanted = definition.columns.map((column) => column.from ?? column.name);
  const layout = await jsonLayout(session, { paths, files, folders, partitions, wanted, most: bounds?.rows });
  const own = new Set(partitions);
  const nulls = reading.nullValues?.length ? listOf(reading.nullValues) : null;
  return {
    relation: layout.relation,
    paths,
    found: [...layout.names, ...partitions],
    fields: async () => [...(await layout.fields()), ...partitions],
    warnings: [],
    replaced,
    value(column, step) {
      const from = column.from ?? column.name;
      const found = layout.value(from);
      if (!found) return own.has(from) ? textValue(column.type, quoteName(from), reading, step) : null;
      const value = step(found);
      const text = step(`(${value} ->> '$')`);
      const raw = nulls ? `CASE WHEN list_contains(${nulls}, ${text}) THEN NULL ELSE ${text} END` : text;
      return jsonValue(column.type, value, raw, reading, step);
    },
  };
}

/** A JSON value: its text is read as that of other files, once its kind can be that of the declared type. */
function jsonValue(type: ColumnType, value: string, raw: string, reading: SourceReading, step: Step): ValueSql {
  if (type === "vector" || type === "strings") {
    const kind = "json_type(e)";
    const text = "(e ->> '$')";
    // A number as text or a truth value as a number would be another value than the file has.
    const isNoNumber = `${kind} NOT IN ('DOUBLE', 'BIGINT', 'UBIGINT') AND NOT (${kind} = 'VARCHAR' AND ${text} IN ('NaN', 'Infinity', '-Infinity'))`;
    const lost =
      type === "strings"
        ? `${kind} IN ('ARRAY', 'OBJECT')`
        : `coalesce(${isNoNumber} OR ${textValue("double", text, { nullValues: [] }).misfit}, false)`;
    return {
      sql: `TRY_CAST(${value} AS ${type === "vector" ? "DOUBLE[]" : "VARCHAR[]"})`,
      misfit: `${raw} IS NOT NULL AND CASE WHEN json_type(${value}) = 'ARRAY' THEN len(list_filter(CAST(${value} AS JSON[]), lambda e: ${lost})) > 0 ELSE true END`,
      shown: raw,
      assumedMissing: null,
      cut: null,
      doubtful: null,
      unit: null,
    };
  }
  const read = textValue(type, raw, reading, step);
  const wrong = [`json_type(${value}) IN ('OBJECT', 'ARRAY')`];
  // 9007199254740993.0 is read as a double, and written as another number than it was.
  if (type === "bigint") wrong.push(`json_type(${value}) = 'DOUBLE' AND ${isBeyondExact(raw)}`);
  return { ...read, misfit: `coalesce(${wrong.join(" OR ")}, false)${read.misfit ? ` OR (${read.misfit})` : ""}` };
}

/** More columns than this are no table but a file that is read by the wrong marks, or turned by a quarter. */
const MOST_COLUMNS = 20_000;

function assertNotTooWide(definition: SourceDefinition, file: string, columns: number): void {
  if (columns <= MOST_COLUMNS) return;
  throw new DomainError(
    "invalid",
    `The file ${file} of source ${definition.name} has ${columns.toLocaleString("en")} columns; at most ${MOST_COLUMNS.toLocaleString("en")} are read. Say by which mark fields are separated (reading.delimiter), or store the file with one row for each record.`,
  );
}

function replacedBytes(definition: SourceDefinition, file: string, places: number): string {
  const named = definition.reading?.encoding ?? "utf-8";
  return `${file} has bytes in ${places.toLocaleString("en")} places that are not ${named}, in columns that the source does not declare. Name the file's encoding as reading.encoding, such as windows-1252.`;
}

async function describeRelation(session: Session, relation: string): Promise<Map<string, string>> {
  const rows = await session.rows<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${relation}`);
  return new Map(rows.filter((row) => !OWN.has(row.column_name)).map((row) => [row.column_name, row.column_type]));
}

/** What the engine says of files that it cannot read, as an answer to whoever declared them. */
export function unreadable(source: SourceDefinition, error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const said = firstLine(error);
  // What the parser says of line ends that differ tells nobody what to do.
  const reason = /state machine reached an invalid state/.test(said)
    ? "its line ends or quotes differ from row to row. Store it with one kind of line end, and with quotes around fields that hold quotes."
    : said;
  return new DomainError(
    "invalid",
    `The ${dataOf(source)} of source ${source.name} cannot be read as ${source.format} with the declared columns: ${reason}`,
    {
      issues: [
        {
          path: [isTableSource(source) ? "connection" : "location"],
          message: reason,
          expected: `a ${source.format} ${dataOf(source)} with the declared columns`,
          found: placeOf(source),
        },
      ] satisfies Issue[],
    },
  );
}
