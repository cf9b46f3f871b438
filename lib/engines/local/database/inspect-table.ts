/** What a table is that nobody has declared: its own types and primary key, and what its first rows hold. */
import type { Client } from "pg";
import type { DatabaseAccess, DatabaseGreeting } from "@/lib/domain/datasets/database-access";
import type { FileInspection, InspectedColumn, TableInspectionRequest } from "@/lib/domain/datasets/file-inspection";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { SourceColumn, TableSource } from "@/lib/domain/definitions/source";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { ReadBounds } from "../../engine";
import { describeColumns, previewOf, proposal, timesAmong } from "../inspect/describe-columns";
import { nameOfLocation, specNames } from "../inspect/names";
import { findRowKeys } from "../inspect/row-keys";
import { openSource } from "../open-source";
import type { Session } from "../session";
import { describeOpened } from "../source-file";
import { connectOptions, copyTable, type TableOptions } from "./copy-table";
import { withDatabase } from "./connect";
import type { TableReading } from "./describe-table";
import { extended, relationOf, type TableColumn, tableColumns } from "./table-columns";

/** So much of a table is looked at. */
const BOUNDS: ReadBounds = { files: 1, rows: 200_000, bytes: 256 * 2 ** 20 };
const MOST_COLUMNS = 2000;
const MOST_CORRECTIONS = 8;
const MOST_TABLES = 1000;

/** See `Engine.inspectTable`. */
export async function inspectTable(
  session: Session,
  request: TableInspectionRequest,
  reading: TableReading,
): Promise<FileInspection> {
  const { access, options, signal } = reading;
  await session.confine([], [session.scratch]);
  const { table, sql } = request;
  const where = { ...(table !== undefined && { table }), ...(sql !== undefined && { sql }) };
  const { found, primary } = await withDatabase(access, connectOptions(options, true, signal), async (client) => {
    const relation = relationOf(where);
    return { found: await tableColumns(client, relation), primary: sql === undefined ? await primaryKey(client, relation) : [] }; // prettier-ignore
  });
  if (found.length > MOST_COLUMNS)
    throw new DomainError(
      "invalid",
      `The table has ${found.length} columns; at most ${MOST_COLUMNS} can be looked at.`,
    );
  const name = request.name ?? nameOfLocation((table ?? "query").replaceAll('"', "").split(".").at(-1) as string);
  const draft: TableSource = { kind: "Source", name, entity: name, format: "postgres", connection: access.connection, ...where, columns: [], rowKey: [] }; // prettier-ignore
  const warnings: string[] = [];
  const columns = typedColumns(found, warnings);
  if (columns.length === 0)
    throw new DomainError(
      "invalid",
      `No column of ${table ?? "the query"} is of a type that is read. ${warnings.join(" ")}`,
    );
  const read = await readFirst(session, { ...draft, columns }, reading, warnings);
  const described = await describeColumns(session, read.opened, read.rows);
  const declared = read.opened.definition.columns;
  const key = primary.flatMap((from) => declared.find((one) => (one.from ?? one.name) === from)?.name ?? []);
  const told = await findRowKeys(session, read.opened, described, read.rows);
  const isPrimary = key.length > 0 && key.length === primary.length;
  const rowKeys = isPrimary ? [key, ...told.filter((one) => one.join() !== key.join())] : told;
  const timeColumns = timesAmong(described);
  if (read.isPart)
    warnings.push(`The first ${read.rows.toLocaleString("en")} rows were looked at${isPrimary ? "" : ": whether the key tells all rows apart is known after the first run"}.`); // prettier-ignore
  if (rowKeys.length === 0)
    warnings.push("There is no primary key, and no column, and no two, tell all rows apart: all columns that may are proposed as the key. Name the key."); // prettier-ignore
  return {
    format: "postgres",
    reading: {},
    files: [],
    rows: read.rows,
    isPart: read.isPart,
    columns: described,
    rowKeys,
    timeColumns,
    preview: await previewOf(session, read.opened, described),
    warnings: [...warnings, ...read.warnings],
    ...proposal(read.opened.definition, described, rowKeys[0] ?? allKeys(described), timeColumns[0]),
  };
}

/** Columns of the primary key of a table, in order; none for a view. */
async function primaryKey(client: Client, relation: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    extended(
      `SELECT a.attname AS name FROM pg_catalog.pg_index i, unnest(i.indkey) WITH ORDINALITY k(number, place)
         JOIN pg_catalog.pg_attribute a ON a.attnum = k.number
       WHERE i.indrelid = pg_catalog.to_regclass($1) AND a.attrelid = i.indrelid AND i.indisprimary ORDER BY k.place`,
      [relation],
    ),
  );
  return rows.map(({ name }) => name);
}

function typedColumns(found: readonly TableColumn[], warnings: string[]): SourceColumn[] {
  const names = specNames(found.map(({ name }) => name), "column"); // prettier-ignore
  return found.flatMap(({ name: from, copy }, at): SourceColumn[] => {
    if ("refusal" in copy) {
      warnings.push(`${copy.refusal} It is left out.`);
      return [];
    }
    const name = names[at] as string;
    return [{ name, type: typeOf(copy.type), ...(from !== name && { from }) }];
  });
}

/** Of a decimal without a scale, whole numbers that may be too large become text when they are. */
function typeOf(copied: string | null): ColumnType {
  if (copied === null) return "double";
  if (copied.startsWith("DECIMAL")) return copied.endsWith(" 0)") ? "bigint" : "double";
  if (copied.endsWith("[]")) return copied.startsWith("VARCHAR") ? "strings" : "vector";
  const types: Record<string, ColumnType> = { BOOLEAN: "boolean", BIGINT: "bigint", FLOAT: "double", DOUBLE: "double", DATE: "date", TIMESTAMP: "timestamp", TIMESTAMPTZ: "timestamp" }; // prettier-ignore
  return types[copied] ?? "string";
}

/** Reads the first rows as proposed; a column with values that do not fit becomes text, or is left out where they cannot be copied. */
async function readFirst(
  session: Session,
  draft: TableSource,
  { access, options, signal }: TableReading,
  warnings: string[],
) {
  let definition = draft;
  for (let tries = 0; ; tries += 1) {
    let isCopied = false;
    try {
      const copy = await copyTable(session, definition, access, options, { bounds: BOUNDS, isAwaited: true, signal });
      isCopied = true;
      const opened = await openSource(session, definition, [copy.path]);
      const { rows, warnings: found } = await describeOpened(session, opened, [copy.path]);
      return { opened, rows, isPart: copy.isPart, warnings: found };
    } catch (error) {
      const issues = error instanceof DomainError ? ((error.context.issues ?? []) as Issue[]) : [];
      const places = new Set(issues.flatMap(({ path }) => (path[0] === "columns" ? [Number(path[1])] : [])));
      if (places.size === 0 || tries >= MOST_CORRECTIONS) throw error;
      const outcome = isCopied ? "It is proposed as string." : "It is left out.";
      warnings.push(...issues.map(({ message }) => `${message[0]?.toUpperCase()}${message.slice(1)} ${outcome}`));
      const columns = isCopied
        ? definition.columns.map((column, at) => (places.has(at) ? { ...column, type: "string" as const } : column))
        : definition.columns.filter((_, at) => !places.has(at));
      if (columns.length === 0) throw error;
      definition = { ...definition, columns };
    }
  }
}

function allKeys(columns: readonly InspectedColumn[]): string[] {
  const able = columns.filter(({ type, missing }) => missing === 0 && ["bigint", "string", "date", "timestamp"].includes(type)); // prettier-ignore
  return (able.length > 0 ? able : columns).map(({ name }) => name);
}

/** See `Engine.greetDatabase`. */
export async function greetDatabase(
  access: DatabaseAccess,
  options: TableOptions,
  signal?: AbortSignal,
): Promise<DatabaseGreeting> {
  return withDatabase(access, connectOptions(options, true, signal), async (client) => {
    const { rows } = await client.query<{ server: string; encrypted: boolean | null; tables: string[] | null }>(
      `SELECT 'PostgreSQL ' || current_setting('server_version') AS server,
         (SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()) AS encrypted,
         (SELECT array_agg(shown) FROM (
            SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS shown FROM information_schema.tables
            WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_schema NOT LIKE 'pg\\_temp%'
              AND has_table_privilege(quote_ident(table_schema) || '.' || quote_ident(table_name), 'SELECT')
            ORDER BY 1 LIMIT ${MOST_TABLES}) t) AS tables`,
    );
    const { server = "", encrypted = null, tables = null } = rows[0] ?? {};
    return { server, encrypted: encrypted ?? false, tables: tables ?? [] };
  });
}
