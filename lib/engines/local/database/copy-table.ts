/**
 * The rows of a table as a Parquet file: sent by the server as text, written as it comes, and read with the table's own types. What is held in
 * memory does not grow with the rows.
 */
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";
import type { TableSource } from "@/lib/domain/definitions/source";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { ReadBounds } from "../../engine";
import { quoteName, quoteText } from "../quote";
import type { Session } from "../session";
import { type ConnectOptions, withDatabase } from "./connect";
import { type Copied, copyOut } from "./copy-out";
import {
  type ColumnCopy,
  copyStatement,
  decimalOf,
  digitsSql,
  relationOf,
  type TableColumn,
  tableColumns,
} from "./table-columns";

/** Where copies of tables lie, and how databases are reached. */
export interface TableOptions {
  /** Copies of one workspace and source lie in a folder below it. */
  folder: string;
  privateAddresses: boolean;
  /** Milliseconds that reading all of a table may take. */
  readMs: number;
}

export interface TableCopy {
  /** Where the copy is: in the session's scratch folder, or kept already. */
  path: string;
  /** Whether there may be further rows. */
  isPart: boolean;
  /** What it is called in the folder of copies: equal names, equal rows and columns. */
  name: string;
}

export interface CopyControl {
  bounds?: ReadBounds | undefined;
  /** Whether a request waits, so that statements get little time. */
  isAwaited?: boolean;
  signal?: AbortSignal | undefined;
}

/** Longest row as text, in bytes: the reader holds several of them. */
const MOST_ROW_BYTES = 64 * 2 ** 20;
const LEAST_LINE_BYTES = 2 ** 21;
/** Milliseconds of a statement that a request waits for. */
const BOUNDED_MS = 20_000;
const EXAMPLES = 3;

interface SentColumn {
  name: string;
  copy: ColumnCopy;
}

/** How long statements may take: those that a request waits for, less. */
export function connectOptions(options: TableOptions, isAwaited: boolean, signal?: AbortSignal): ConnectOptions {
  const statementMs = isAwaited ? BOUNDED_MS : options.readMs;
  return { privateAddresses: options.privateAddresses, statementMs, signal };
}

/** The folder of a source's copies. */
export const copiesOf = (source: TableSource, access: DatabaseAccess, options: TableOptions) =>
  join(options.folder, access.workspaceId, source.name);

/**
 * Copies the declared columns of a table's rows to the session's scratch folder; where nobody waits, rows that have not changed are found in the
 * folder of copies, which the session may touch then.
 * @throws DomainError `invalid` with an issue for each column that is missing, is of a type that is not read, or holds values that are none
 * of its type; `not_found` without the table; what a connection says
 */
export async function copyTable(
  session: Session,
  source: TableSource,
  access: DatabaseAccess,
  options: TableOptions,
  { bounds, isAwaited = false, signal }: CopyControl = {},
): Promise<TableCopy> {
  const text = join(session.scratch, `rows-${randomUUID()}.csv`);
  try {
    const { columns, copied } = await withDatabase(
      access,
      connectOptions(options, isAwaited, signal),
      async (client) => {
        const relation = relationOf(source);
        const columns = sentColumns(source, await tableColumns(client, relation));
        const statement = copyStatement(relation, columns, bounds?.rows);
        return { columns, copied: await copyOut(client, statement, createWriteStream(text), bounds?.bytes) };
      },
    );
    const { query, fingerprint } = await readText(session, source, text, columns, copied);
    const isPart = copied.isPart || copied.rows === bounds?.rows;
    const aside = join(session.scratch, `rows-${randomUUID()}.parquet`);
    const name = `${fingerprint}.parquet`;
    const kept = join(copiesOf(source, access, options), name);
    if (!isAwaited && existsSync(kept)) return { path: kept, isPart, name };
    await session.run(`COPY (${query}) TO ${quoteText(aside)} (FORMAT parquet, COMPRESSION zstd)`);
    return { path: aside, isPart, name };
  } finally {
    await rm(text, { force: true });
  }
}

/** Keeps a copy by one step and for good: what a power cut leaves is all of it or none. Answers where it is. */
export async function keepCopy({ path, name }: TableCopy, folder: string): Promise<string> {
  const target = join(folder, name);
  if (path === target) return target;
  const file = await open(path, "r+");
  await file.sync().finally(() => file.close());
  await mkdir(folder, { recursive: true });
  await rename(path, target);
  return target;
}

/** The columns that the source declares. Throws `invalid` with an issue for each that cannot be had. */
function sentColumns(source: TableSource, found: readonly TableColumn[]): SentColumn[] {
  const issues: Issue[] = [];
  const sent = new Map<string, SentColumn>();
  source.columns.forEach(({ name, from = name }, i) => {
    const column = found.find((one) => one.name === from);
    if (!column)
      issues.push({
        path: ["columns", i],
        message: `The table of source ${source.name} has no column ${from}.`,
        expected: from,
        found: found.map((one) => one.name).slice(0, 200).join(", "), // prettier-ignore
      });
    else if ("refusal" in column.copy)
      issues.push({ path: ["columns", i, "from"], message: column.copy.refusal, found: column.type });
    else sent.set(from, { name: from, copy: column.copy });
  });
  if (issues.length > 0)
    throw new DomainError(
      "invalid",
      `The table of source ${source.name} is not as declared. ${issues.map(({ message }) => message).join(" ")} Correct the source's columns or the table.`,
      { issues },
    );
  return [...sent.values()];
}

/** Reads the text that was sent: the query of its typed rows, and the digest of its content whatever the order of the rows. */
async function readText(
  session: Session,
  source: TableSource,
  path: string,
  columns: readonly SentColumn[],
  { longest }: Copied,
): Promise<{ query: string; fingerprint: string }> {
  if (longest > MOST_ROW_BYTES)
    throw new DomainError(
      "invalid",
      `The table of source ${source.name} has a row of ${Math.ceil(longest / 2 ** 20)} MB as text; at most ${MOST_ROW_BYTES / 2 ** 20} MB are read. Leave its longest column out.`,
    );
  const raw = columns.map((_, i) => `c${i}`);
  const relation = `read_csv(${quoteText(path)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', comment = '', new_line = '\\n', nullstr = '\\N', allow_quoted_nulls = false, max_line_size = ${Math.max(LEAST_LINE_BYTES, longest + 1)}, columns = {${raw.map((name) => `'${name}': 'VARCHAR'`).join(", ")}})`;
  const row = `concat_ws('|', ${raw.map((name) => `coalesce(length(${name}) || ':' || ${name}, '-')`).join(", ")})`;
  const counts = [
    "count(*) AS rows",
    `CAST(sum(md5_number_lower(${row})) AS VARCHAR) AS low`,
    `CAST(sum(md5_number_upper(${row})) AS VARCHAR) AS high`,
  ];
  columns.forEach(({ copy }, i) => {
    const text = raw[i] as string;
    const misfit = `${text} IS NOT NULL AND ${copy.misfit(text)}`;
    counts.push(`count(*) FILTER (WHERE ${misfit}) AS misfits${i}`);
    counts.push(
      `list_slice(list(DISTINCT left(${text}, 80)) FILTER (WHERE ${misfit}), 1, ${EXAMPLES}) AS examples${i}`,
    );
    if (copy.type === null)
      counts.push(`max(${digitsSql.whole(text)}) AS whole${i}, max(${digitsSql.scale(text)}) AS scale${i}`);
  });
  const found = await session.row<Measured>(`SELECT ${counts.join(", ")} FROM ${relation}`);
  const typed = typedColumns(source, columns, found);
  const select = typed.map(({ name, read }, i) => `${read(raw[i] as string)} AS ${quoteName(name)}`);
  const { rows, low, high } = found;
  const content = canonicalJson({ columns: typed.map(({ name, type }) => ({ name, type })), rows, low, high });
  return {
    query: `SELECT ${select.join(", ")} FROM ${relation}`,
    fingerprint: createHash("sha256").update(content).digest("hex").slice(0, 32),
  };
}

type Measured = { rows: number; low: string | null; high: string | null } & Record<
  `misfits${number}` | `whole${number}` | `scale${number}`,
  number | null
> &
  Record<`examples${number}`, string[] | null>;

interface TypedColumn {
  name: string;
  type: string;
  read(text: string): string;
}

/** Throws `invalid` with an issue for each column with values that its type, as it is copied, cannot hold. */
function typedColumns(source: TableSource, columns: readonly SentColumn[], found: Measured): TypedColumn[] {
  const issues: Issue[] = [];
  const typed = columns.flatMap(({ name, copy }, i): TypedColumn[] => {
    const at = source.columns.findIndex((column) => (column.from ?? column.name) === name);
    const refuse = (message: string, value?: string) =>
      void issues.push({ path: ["columns", at, "type"], message, ...(value !== undefined && { found: value }) });
    const misfits = found[`misfits${i}`] ?? 0;
    const examples = found[`examples${i}`] ?? [];
    if (misfits > 0)
      refuse(
        `column ${name} has ${misfits.toLocaleString("en")} ${misfits === 1 ? "value" : "values"} that ${misfits === 1 ? "is" : "are"} ${copy.misfits}: ${examples.join(", ")}. Select null or another value in their place.`,
        examples[0],
      );
    if (copy.type !== null) return [{ name, type: copy.type, read: copy.read }];
    const [whole, scale] = [found[`whole${i}`] ?? 0, found[`scale${i}`] ?? 0];
    const type = decimalOf(whole, scale);
    if (type !== null) return [{ name, type, read: (text) => `CAST(${text} AS ${type})` }];
    refuse(
      `column ${name} is a numeric with up to ${whole} digits before and ${scale} after the point, and a decimal has 38 in all. Select fewer, such as round(${name}, 6)::numeric(38, 6), or ${name}::float8.`,
    );
    return [];
  });
  if (issues.length > 0)
    throw new DomainError(
      "invalid",
      `The table of source ${source.name} cannot be read with the declared columns: ${issues.map(({ message }) => message).join(" ")}`,
      { issues },
    );
  return typed;
}
