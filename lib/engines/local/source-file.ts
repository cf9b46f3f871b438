import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { SourceColumn, SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { DatasetSnapshot } from "@/lib/domain/datasets/dataset-snapshot";
import { fitsType } from "./column-fit";
import { SQL_TYPES, quoteInstant, quoteName, quoteText } from "./quote";
import type { Session } from "./session";
import { resolveLocation, type SourceFolders } from "./source-location";
import { asUtf8 } from "./utf8-copy";

export async function hashFile(path: string): Promise<{ path: string; sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return { path, sha256: hash.digest("hex"), bytes: (await stat(path)).size };
}

/** Columns that the file itself holds. */
export function fileColumns(source: SourceDefinition): SourceColumn[] {
  return source.columns.filter((column) => column.name !== source.rowNumber);
}

/** A table function over the files. Text formats are told the declared types, so that a guess from the first rows never decides. */
export function fileRelation(
  source: SourceDefinition,
  paths: string[],
  columns: SourceColumn[] = fileColumns(source),
): string {
  const files = `[${paths.map(quoteText).join(", ")}]`;
  if (source.format === "parquet") return `read_parquet(${files}, file_row_number = true)`;
  if (source.format === "json") return `read_json(${files}, format = 'auto')`;
  const types = columns.map(
    (column) => `${quoteText(column.from ?? column.name)}: ${quoteText(SQL_TYPES[column.type])}`,
  );
  return `read_csv(${files}, header = true${types.length > 0 ? `, types = {${types.join(", ")}}` : ""})`;
}

/** SQL of one declared column over `fileRelation`. */
export function columnExpression(source: SourceDefinition, column: SourceColumn, fileCount: number): string {
  if (column.name !== source.rowNumber)
    return `CAST(${quoteName(column.from ?? column.name)} AS ${SQL_TYPES[column.type]})`;
  // Parquet knows the position without counting; other formats are read in order.
  return source.format === "parquet" && fileCount === 1 ? `"file_row_number"` : "row_number() OVER () - 1";
}

/** See `Engine.describe`. Throws `invalid` with one issue for each column that is missing or has another type. */
export async function describeSource(
  session: Session,
  source: SourceDefinition,
  folders: SourceFolders,
): Promise<Omit<DatasetSnapshot, "version">> {
  const path = resolveLocation(source, folders);
  await session.confine([path], [session.scratch]);
  const file = await hashFile(path);
  const readable = await asUtf8(source, [path], session.scratch);
  await checkColumns(session, source, readable);

  const time = source.columns.find((column) => column.name === source.timeColumn);
  // Infinite times, and those of no calendar, are at no time.
  const dated = "FILTER (WHERE t >= TIMESTAMP '0001-01-01' AND t < TIMESTAMP '9999-01-01')";
  const range = time ? `, min(t) ${dated} AS low, max(t) ${dated} AS high` : "";
  const select = time ? `CAST(${columnExpression(source, time, 1)} AS TIMESTAMP) AS t` : "1";
  try {
    const row = await session.row<{ n: number; low?: string | null; high?: string | null }>(
      `SELECT count(*) AS n${range} FROM (SELECT ${select} FROM ${fileRelation(source, readable)})`,
    );
    return {
      dataset: source.name,
      files: [file],
      rows: row.n,
      time: row.low && row.high ? [row.low, row.high] : null,
    };
  } catch (error) {
    throw unreadable(source, error);
  }
}

/** See `Engine.countRows`. */
export async function countSourceRows(
  session: Session,
  source: SourceDefinition,
  windows: [string, string][],
  folders: SourceFolders,
): Promise<number[]> {
  const time = source.columns.find((column) => column.name === source.timeColumn);
  if (!time)
    throw new DomainError(
      "invalid",
      `Source ${source.name} has no time column, so its rows belong to no time. Declare timeColumn to count them by time.`,
    );
  const path = resolveLocation(source, folders);
  await session.confine([path], [session.scratch]);
  if (windows.length === 0) return [];
  const readable = await asUtf8(source, [path], session.scratch);
  const counts = windows.map(
    ([from, to], i) => `count(*) FILTER (WHERE t >= ${quoteInstant(from)} AND t < ${quoteInstant(to)}) AS c${i}`,
  );
  try {
    const row = await session.row<Record<string, number>>(
      `SELECT ${counts.join(", ")} FROM (SELECT CAST(${columnExpression(source, time, 1)} AS TIMESTAMP) AS t FROM ${fileRelation(source, readable)})`,
    );
    return windows.map((_, i) => row[`c${i}`] ?? 0);
  } catch (error) {
    throw unreadable(source, error);
  }
}

async function checkColumns(session: Session, source: SourceDefinition, paths: string[]): Promise<void> {
  let found: Map<string, string>;
  try {
    const names = await describeRelation(session, fileRelation(source, paths, []));
    const present = fileColumns(source).filter((column) => names.has(column.from ?? column.name));
    found = source.format === "csv" ? await describeRelation(session, fileRelation(source, paths, present)) : names;
    // A text format only shows whether every value fits when every value is read.
    if (source.format === "csv" && present.length > 0) {
      const counts = present.map((column, i) => `count(${quoteName(column.from ?? column.name)}) AS c${i}`);
      await session.row(`SELECT ${counts.join(", ")} FROM ${fileRelation(source, paths, present)}`);
    }
    for (const [name, type] of found)
      // What holds no value at all has no type of its own.
      if (type === "JSON" && present.some((column) => (column.from ?? column.name) === name)) {
        const { n } = await session.row<{ n: number }>(
          `SELECT count(${quoteName(name)}) AS n FROM ${fileRelation(source, paths, [])}`,
        );
        if (n === 0) found.set(name, "NULL");
      }
  } catch (error) {
    throw unreadable(source, error);
  }
  const issues: Issue[] = [];
  source.columns.forEach((column, i) => {
    if (column.name === source.rowNumber) return;
    const name = column.from ?? column.name;
    const type = found.get(name);
    if (type === undefined) {
      issues.push({
        path: ["columns", i],
        message: `The file of source ${source.name} has no column ${name}.`,
        expected: name,
        found: [...found.keys()].join(", "),
      });
    } else if (!fitsType(type, column.type)) {
      issues.push({
        path: ["columns", i, "type"],
        message: `Column ${name} of source ${source.name} holds ${type}, not ${column.type}.`,
        expected: column.type,
        found: type,
      });
    }
  });
  if (issues.length > 0) {
    throw new DomainError(
      "invalid",
      `The file of source ${source.name} is not as declared. ${issues.map((issue) => issue.message).join(" ")} Correct the source's columns or the file.`,
      { issues },
    );
  }
}

async function describeRelation(session: Session, relation: string): Promise<Map<string, string>> {
  const rows = await session.rows<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${relation}`);
  return new Map(
    rows.filter((row) => row.column_name !== "file_row_number").map((row) => [row.column_name, row.column_type]),
  );
}

function unreadable(source: SourceDefinition, error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const reason = error instanceof Error ? (error.message.split("\n\n")[0] ?? "").replaceAll("\n", " ") : String(error);
  return new DomainError(
    "invalid",
    `The file of source ${source.name} cannot be read as ${source.format} with the declared columns: ${reason}`,
    {
      issues: [
        {
          path: ["location"],
          message: reason,
          expected: `a ${source.format} file with the declared columns`,
          found: source.location,
        },
      ] satisfies Issue[],
    },
  );
}

/** Throws `conflict` when a file is gone or is no longer the one of the snapshot: a run must read what it records. */
export async function assertUnchanged(source: SourceDefinition, snapshot: DatasetSnapshot): Promise<void> {
  for (const file of snapshot.files) {
    const now = await hashFile(file.path).catch(() => undefined);
    if (now === undefined) {
      throw new DomainError(
        "not_found",
        `A file of ${source.name} version ${snapshot.version} is gone: ${file.path}. Restore it or run on a newer version.`,
      );
    }
    if (now.sha256 !== file.sha256) {
      throw new DomainError(
        "conflict",
        `The file of ${source.name} changed after version ${snapshot.version} was recorded. Record a new version and run on that.`,
        {
          expected: file.sha256,
          found: now.sha256,
        },
      );
    }
  }
}
