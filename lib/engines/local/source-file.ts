import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { digestFile } from "@/lib/config/file-digest";
import { canonicalJson } from "@/lib/domain/canonical-json";
import {
  type FileSource,
  isTableSource,
  type SourceColumn,
  type SourceDefinition,
} from "@/lib/domain/definitions/source";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { DatasetSnapshot, SourceDescription } from "@/lib/domain/datasets/dataset-snapshot";
import type { ReadBounds } from "../engine";
import { type OpenSource, openSource, unreadable } from "./open-source";
import { quoteInstant } from "./quote";
import type { Session } from "./session";
import type { ValueSql } from "./value-sql";
import { resolveFiles, type SourceFolders } from "./source-location";
import { count, type Part, partOf, readOf } from "./source-part";

/** Values that a message shows of one column. */
const EXAMPLES = 3;

/** What was found in files that were read as they are declared now, by their digests: every run asks, and they seldom change. */
const described = new Map<string, SourceDescription>();
const MOST_DESCRIBED = 200;

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** See `Engine.describe`. Throws `invalid` with one issue for each column that is missing, has another type or holds values of another. */
export async function describeSource(
  session: Session,
  source: FileSource,
  folders: SourceFolders,
  bounds?: ReadBounds,
): Promise<SourceDescription> {
  const paths = resolveFiles(source, folders);
  await session.confine(paths, [session.scratch]);
  const part = bounds && (await partOf(source, paths, bounds));
  if (part) return describePart(session, source, part);
  const files: DatasetSnapshot["files"] = [];
  for (const path of paths) files.push({ path, ...(await digestFile(path)) });
  const { format, reading, columns, rowKey, timeColumn, rowNumber } = source;
  const known = digestOf(canonicalJson([files, { format, reading, columns, rowKey, timeColumn, rowNumber }]));
  const before = described.get(known);
  if (before) return { ...before, dataset: source.name };
  const opened = await openSource(session, source, paths);
  if (opened.issues.length > 0) throw notAsDeclared(source, opened.issues);
  try {
    const { rows, time, warnings } = await describeOpened(session, opened, paths);
    await assertStill(source, files);
    const description = { dataset: source.name, files, rows, time, warnings: [...opened.warnings, ...warnings] };
    if (described.size >= MOST_DESCRIBED) described.delete(described.keys().next().value as string);
    described.set(known, description);
    return description;
  } catch (error) {
    throw unreadable(source, error);
  }
}

/** Says of the beginnings of some of the files what would be said of all. */
async function describePart(session: Session, source: SourceDefinition, part: Part): Promise<SourceDescription> {
  const { paths, bounds } = part;
  const opened = await openSource(session, source, paths, bounds);
  if (opened.issues.length > 0) throw notAsDeclared(source, opened.issues);
  try {
    const { rows, time, warnings } = await describeOpened(session, opened, paths, bounds);
    return {
      dataset: source.name,
      files: [],
      rows,
      time,
      warnings: [readOf(part, rows), ...opened.warnings, ...warnings],
    };
  } catch (error) {
    throw unreadable(source, error);
  }
}

/** Throws `conflict` when somebody wrote to a file while it was read: what was found is of no version of it. */
async function assertStill(source: SourceDefinition, files: DatasetSnapshot["files"]): Promise<void> {
  for (const { path, bytes } of files) {
    const now = (await stat(path)).size;
    if (now !== bytes)
      throw new DomainError(
        "conflict",
        `The file ${path} of source ${source.name} changed while it was read, from ${bytes.toLocaleString("en")} to ${now.toLocaleString("en")} bytes. Write to another file and rename it when it is whole; then try again.`,
      );
  }
}

/** See `Engine.countRows`. */
export async function countSourceRows(
  session: Session,
  source: FileSource,
  windows: [string, string][],
  folders: SourceFolders,
): Promise<number[]> {
  const paths = resolveFiles(source, folders);
  await session.confine(paths, [session.scratch]);
  return countWindows(session, source, windows, paths);
}

/** The same of files that the session may read. */
export async function countWindows(
  session: Session,
  source: SourceDefinition,
  windows: [string, string][],
  paths: string[],
): Promise<number[]> {
  const time = source.columns.find((column) => column.name === source.timeColumn);
  if (!time)
    throw new DomainError(
      "invalid",
      `Source ${source.name} has no time column, so its rows belong to no time. Declare timeColumn to count them by time.`,
    );
  if (windows.length === 0) return [];
  const opened = await openSource(session, source, paths);
  const counts = windows.map(
    ([from, to], i) => `count(*) FILTER (WHERE t >= ${quoteInstant(from)} AND t < ${quoteInstant(to)}) AS c${i}`,
  );
  try {
    const row = await session.row<Record<string, number>>(
      `SELECT ${counts.join(", ")} FROM (SELECT CAST(${opened.expression(time.name)} AS TIMESTAMP) AS t FROM ${opened.relation})`,
    );
    return windows.map((_, i) => row[`c${i}`] ?? 0);
  } catch (error) {
    throw unreadable(source, error);
  }
}

export function notAsDeclared(source: SourceDefinition, issues: Issue[]): DomainError {
  const data = isTableSource(source) ? "table" : "file";
  return new DomainError(
    "invalid",
    `The ${data} of source ${source.name} is not as declared. ${issues.map((issue) => issue.message).join(" ")} Correct the source's columns or the ${data}.`,
    { issues },
  );
}

/** Reads every value of every declared column once. Throws `invalid` when there is one that does not fit its column. */
export async function describeOpened(
  session: Session,
  opened: OpenSource,
  paths: string[],
  bounds?: ReadBounds,
): Promise<Pick<SourceDescription, "rows" | "time" | "warnings">> {
  const source = opened.definition;
  const columns = [...opened.columns.values()];
  const counts = ["count(*) AS n"];
  columns.forEach(({ value }, i) => {
    if (value.misfit) counts.push(`count(*) FILTER (WHERE ${value.misfit}) AS misfit${i}`);
    if (value.assumedMissing) counts.push(`count(*) FILTER (WHERE ${value.assumedMissing}) AS assumed${i}`);
    if (value.cut) counts.push(`count(*) FILTER (WHERE ${value.cut}) AS cut${i}`);
    if (value.doubtful) counts.push(`count(*) FILTER (WHERE ${value.doubtful}) AS doubtful${i}`);
    if (opened.replaced.length > 0) counts.push(`count(*) FILTER (WHERE ${hasReplaced(value)}) AS replaced${i}`);
    if (value.unit) counts.push(`list(DISTINCT ${value.unit}) AS units${i}`);
    // Text only shows whether every record is whole when every field is read.
    if (opened.isText) counts.push(`count(${value.shown}) AS read${i}`);
  });
  const found = await session.row<Record<string, number> & Record<`units${number}`, string[] | null>>(
    `SELECT ${counts.join(", ")} FROM ${opened.relation}`,
  );
  const issues: Issue[] = [];
  const warnings: string[] = [];
  for (const [i, { declared, value }] of columns.entries()) {
    const misfits = found[`misfit${i}`] ?? 0;
    if (misfits > 0) issues.push(await misfitIssue(session, source, { paths, bounds }, declared, misfits));
    const replaced = found[`replaced${i}`] ?? 0;
    if (replaced > 0) issues.push(await replacedIssue(session, source, { paths, bounds }, declared, replaced));
    const assumed = found[`assumed${i}`] ?? 0;
    if (assumed > 0)
      warnings.push(
        `${count(assumed, "value")} of ${declared.name} ${assumed === 1 ? "is a word that stands" : "are words that stand"} for nothing, such as NA, and ${assumed === 1 ? "was" : "were"} read as missing. Name the words as reading.nullValues to say so.`,
      );
    const cut = found[`cut${i}`] ?? 0;
    if (cut > 0) warnings.push(`${count(cut, "time")} of ${declared.name} ${cut === 1 ? "is" : "are"} finer than a microsecond: what is beyond it was cut off.`); // prettier-ignore
    const doubtful = found[`doubtful${i}`] ?? 0;
    if (doubtful > 0) warnings.push(`${count(doubtful, "time")} of ${declared.name} ${doubtful === 1 ? "is one" : "are such"} that the clocks of ${source.reading?.timeZone} went over or showed twice, as when summer time begins and ends: the later moment was taken. Write an offset to say which is meant.`); // prettier-ignore
    const units = ((value.unit && found[`units${i}`]) || []).filter((unit) => unit !== null);
    if (units.length > 1)
      issues.push({
        path: ["columns", source.columns.indexOf(declared), "type"],
        message: `Column ${declared.name} of source ${source.name} holds amounts in several currencies: ${units.sort().join(", ")}. Keep one currency in a column, or declare it as string.`,
        expected: "one currency",
        found: units.join(", "),
      });
  }
  if (issues.length > 0)
    throw new DomainError(
      "invalid",
      `The ${isTableSource(source) ? "table" : "file"} of source ${source.name} cannot be read as ${source.format} with the declared columns: ${issues.map((issue) => issue.message).join(" ")}`,
      { issues },
    );
  const rows = found["n"] ?? 0;
  warnings.push(...opened.replaced);
  if (rows === 0) warnings.push(isTableSource(source) ? "The table holds no rows." : paths.length === 1 ? "The file holds no rows." : "The files hold no rows."); // prettier-ignore
  const keyed = await inspectKeys(session, opened);
  return { rows, time: keyed.time, warnings: [...warnings, ...keyed.warnings] };
}

/** Condition that text has a character in the place of bytes that could not be decoded. */
const hasReplaced = ({ shown }: ValueSql) => `coalesce(contains(CAST(${shown} AS VARCHAR), chr(65533)), false)`;

interface ReadFiles {
  paths: string[];
  bounds: ReadBounds | undefined;
}

/** Texts that would be read as others than were meant. */
async function replacedIssue(
  session: Session,
  source: SourceDefinition,
  read: ReadFiles,
  declared: SourceColumn,
  texts: number,
): Promise<Issue> {
  const { shown, first, file } = await firstExamples(session, source, read, declared, hasReplaced);
  const named = source.reading?.encoding ?? "utf-8";
  return {
    path: ["reading", "encoding"],
    message: `column ${declared.from ?? declared.name} has ${count(texts, "text")} with bytes that are not ${named}: ${shown} of ${file} (rows of data from 1). Name the file's encoding as reading.encoding, such as windows-1252, or store the file as UTF-8.`,
    expected: `text in ${named}`,
    found: first,
    file,
  };
}

/** Where the values are that do not fit, with what to say about them. */
async function misfitIssue(
  session: Session,
  source: SourceDefinition,
  read: ReadFiles,
  declared: SourceColumn,
  misfits: number,
): Promise<Issue> {
  const { shown, first, file } = await firstExamples(session, source, read, declared, ({ misfit }) => misfit);
  const name = declared.from ?? declared.name;
  // The rows of a table have no places, and its copy is nobody's file.
  const isTable = isTableSource(source);
  const where = isTable ? first : `${shown} of ${file} (rows of data from 1)`;
  return {
    path: ["columns", source.columns.indexOf(declared), "type"],
    message: `column ${name} has ${count(misfits, "value")} that ${misfits === 1 ? "is" : "are"} not ${declared.type}: ${where}.${hint(source, declared, first)}`,
    expected: declared.type,
    found: first,
    ...(!isTable && { file }),
  };
}

/** The first values of a column for which a condition holds, with their rows, and the first of the files that has one. */
async function firstExamples(
  session: Session,
  source: SourceDefinition,
  read: ReadFiles,
  declared: SourceColumn,
  conditionOf: (value: ValueSql) => string | null,
): Promise<{ shown: string; first: string; file: string }> {
  let examples: { shown: string | null; n: number }[] = [];
  let file = read.paths[0] ?? "";
  // Rows are counted within their file.
  for (const path of read.paths) {
    const one = await openSource(session, source, [path], read.bounds);
    const value = one.columns.get(declared.name)?.value;
    const condition = value && conditionOf(value);
    if (!condition) continue;
    examples = await session.rows(
      `SELECT shown, n FROM (SELECT left(${value.shown}, 200) AS shown, row_number() OVER () AS n, ${condition} AS wanted FROM ${one.relation}) WHERE wanted ORDER BY n LIMIT ${EXAMPLES}`,
    );
    file = path;
    if (examples.length > 0) break;
  }
  const shown = examples.map((one) => `${one.shown ?? "null"} in row ${one.n.toLocaleString("en")}`).join(", ");
  return { shown, first: examples[0]?.shown ?? "", file };
}

/** The setting that would read a value, where there is one. */
function hint({ format, reading = {} }: SourceDefinition, { type }: SourceColumn, value: string): string {
  if ((type === "timestamp" || type === "date") && /infinity|\(BC\)|^[+-]?\d{5,}-/i.test(value))
    return " Times are of the years 1 to 9999: leave missing what is at no time, or beyond.";
  if (format !== "csv" && format !== "json") return "";
  const text = value.trim();
  if (type === "timestamp" && /^\d{9,17}(\.\d+)?$/.test(text) && !reading.epoch)
    return " If it counts from 1970, say reading: { epoch: seconds } or { epoch: milliseconds }.";
  if ((type === "timestamp" || type === "date") && /\d/.test(text)) {
    const member = type === "date" ? "dateFormat" : "timestampFormat";
    return ` Say how it is written, such as reading: { ${member}: "%d/%m/%Y${type === "date" ? "" : " %H:%M"}" }.`;
  }
  if (type === "bigint" || type === "double") {
    if (
      /^\D?\d+[.,]\d+[.,\d]*\D?$/.test(text) &&
      (text.includes(",") || type === "double") &&
      !reading.decimal &&
      !reading.thousands
    )
      return ' Say what its marks mean, such as reading: { thousands: "," } or { decimal: "," }.';
    if (/^[^\d]*$/.test(text))
      return ` If it stands for a missing value, say reading: { nullValues: [${JSON.stringify(text)}] }.`;
  }
  return "";
}

/** The range of time, and what is wrong with what tells rows apart. */
async function inspectKeys(
  session: Session,
  opened: OpenSource,
): Promise<Pick<SourceDescription, "time" | "warnings">> {
  const source = opened.definition;
  const time = source.timeColumn;
  const keys = source.rowKey.filter((name) => name !== time && name !== source.rowNumber);
  const names = [...new Set([...keys, ...(time ? [time] : [])])];
  if (names.length === 0) return { time: null, warnings: [] };
  const expression = (name: string) =>
    name === time ? `CAST(${opened.expression(name)} AS TIMESTAMP)` : opened.expression(name);
  const relation = `(SELECT ${names.map((name, i) => `${expression(name)} AS k${i}`).join(", ")} FROM ${opened.relation})`;
  const place = (name: string) => `k${names.indexOf(name)}`;
  const counts = names.map((name, i) => `count(*) FILTER (WHERE ${place(name)} IS NULL) AS missing${i}`);
  if (time) counts.push(`min(${place(time)}) AS low`, `max(${place(time)}) AS high`);
  const found = await session.row<Record<string, number> & { low?: string | null; high?: string | null }>(
    `SELECT ${counts.join(", ")} FROM ${relation}`,
  );
  const warnings = names.flatMap((name, i) => {
    const missing = found[`missing${i}`] ?? 0;
    if (missing === 0) return [];
    const role = name === time ? "time" : "key";
    return [`${count(missing, "row")} ${missing === 1 ? "has" : "have"} no ${name}, which is the row's ${role}: ${missing === 1 ? "it is" : "they are"} never served online.`]; // prettier-ignore
  });
  // A row number tells all rows apart.
  if (!source.rowKey.includes(source.rowNumber ?? "") && keys.length > 0) {
    const whole = names.map((_, i) => `k${i} IS NOT NULL`).join(" AND ");
    const all = names.map((_, i) => `k${i}`).join(", ");
    const twice = await session.row<{ surplus: number; example: string | null }>(
      `SELECT coalesce(sum(n - 1), 0)::BIGINT AS surplus, min(key) AS example FROM (SELECT concat_ws(', ', ${all}) AS key, count(*) AS n FROM ${relation} WHERE ${whole} GROUP BY ${all} HAVING count(*) > 1)`,
    );
    if (twice.surplus > 0)
      warnings.push(
        `${count(twice.surplus, "row")} ${twice.surplus === 1 ? "repeats" : "repeat"} the key (${names.join(", ")}) of another row, such as ${twice.example}: ${names.length > 1 ? "which of them counts is not defined" : "only one of them can count"}.`,
      );
  }
  return { time: found.low && found.high ? [found.low, found.high] : null, warnings };
}

/** Throws `conflict` when a file is gone or is no longer the one of the snapshot: a run must read what it records. */
export async function assertUnchanged(source: SourceDefinition, snapshot: DatasetSnapshot): Promise<void> {
  for (const file of snapshot.files) {
    const now = await digestFile(file.path).catch(() => undefined);
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
