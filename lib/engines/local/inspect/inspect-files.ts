/** What files are that nobody has declared: read by the very code that reads declared ones, so that what is proposed is accepted. */
import { stat } from "node:fs/promises";
import type { FileInspection, InspectionRequest } from "@/lib/domain/datasets/file-inspection";
import type { FileSource, SourceColumn, SourceDefinition, SourceReading } from "@/lib/domain/definitions/source";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { type OpenSource, openSource } from "../open-source";
import type { Session } from "../session";
import type { ReadBounds } from "../../engine";
import { describeOpened } from "../source-file";
import { partOf, readOf } from "../source-part";
import { EXTENSIONS, resolveFiles, type SourceFolders } from "../source-location";
import { chooseType, type ColumnEvidence, evidenceSql } from "./column-type";
import { describeColumns, previewOf, proposal, ROW_NUMBER, timesAmong } from "./describe-columns";
import { nameOfLocation, specNames } from "./names";
import { findRowKeys } from "./row-keys";

const FORMATS = Object.entries(EXTENSIONS).map(([format, ending]) => [ending, format as FileSource["format"]] as const);
/** Types are told from so many rows; every row is checked against them afterwards. */
const ROWS_LOOKED_AT = 50_000;
const MOST_COLUMNS = 2000;
const MOST_CORRECTIONS = 4;
/** See `Engine.inspectFiles`. */
export async function inspectFiles(
  session: Session,
  request: InspectionRequest,
  folders: SourceFolders,
  most: ReadBounds,
): Promise<FileInspection> {
  const name = request.name ?? nameOfLocation(request.location);
  const format = request.format ?? formatOf(request.location, name, folders);
  const draft: FileSource = {
    kind: "Source",
    name,
    entity: name,
    format,
    location: request.location,
    columns: [],
    rowKey: [],
  };
  const all = resolveFiles(draft, folders);
  await session.confine(all, [session.scratch]);
  const part = await partOf(draft, all, most);
  const read: FilesRead = { session, paths: part?.paths ?? all, bounds: part?.bounds };
  const warnings: string[] = [];
  const reading = await completeReading(read, { ...draft, reading: request.reading ?? {} }, warnings);
  const fields = await (await open(read, { ...draft, reading })).fields();
  if (fields.length === 0)
    throw new DomainError("invalid", `${request.location} has no columns. Is it really ${format}?`);
  if (fields.length > MOST_COLUMNS)
    throw new DomainError(
      "invalid",
      `${request.location} has ${fields.length} columns; at most ${MOST_COLUMNS} can be looked at. Declare those that are needed.`,
    );
  const typed = await tellTypes(read, { ...draft, reading }, fields, warnings);
  const checked = await checkAll(read, { ...draft, ...typed }, warnings);
  const { opened, rows } = checked;
  const columns = await describeColumns(session, opened, rows);
  const rowKeys = await findRowKeys(session, opened, columns, rows);
  const timeColumns = timesAmong(columns);
  const files = [];
  for (const path of all) files.push({ path, bytes: (await stat(path)).size });
  return {
    format,
    reading: opened.definition.reading ?? {},
    files,
    rows,
    isPart: part !== null,
    columns,
    rowKeys,
    timeColumns,
    preview: await previewOf(session, opened, columns),
    warnings: [
      ...(part ? [`${readOf(part, rows)} Types, missing values and the key are told from those.`] : []),
      ...warnings,
      ...checked.warnings,
      ...(rowKeys.length === 0 && rows > 0
        ? [
            `No column, and no two, tell all rows apart: the proposal numbers them as ${ROW_NUMBER}. Name the key if there is one.`,
          ]
        : []),
    ],
    ...proposal(opened.definition, columns, rowKeys[0], timeColumns[0]),
  };
}

/** The files that are looked at; of all where there are no bounds. */
interface FilesRead {
  session: Session;
  paths: string[];
  bounds: ReadBounds | undefined;
}

const open = ({ session, paths, bounds }: FilesRead, source: SourceDefinition) =>
  openSource(session, source, paths, bounds);

function formatOf(location: string, name: string, folders: SourceFolders): FileSource["format"] {
  const known = FORMATS.find(([ending]) => ending.test(location))?.[1];
  if (known) return known;
  // A folder: the format that it has files of.
  const found = FORMATS.map(([, format]) => format).filter((format) => {
    try {
      return resolveFiles({ name, location, format }, folders).some((path) =>
        FORMATS.some(([ending, one]) => one === format && ending.test(path)),
      );
    } catch (error) {
      if (error instanceof DomainError && error.code === "not_found") return false;
      throw error;
    }
  });
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  throw new DomainError(
    "invalid",
    only
      ? `${location} holds files of several formats: ${found.join(", ")}. Name one as format.`
      : `The format of ${location} cannot be told from its name. Name it as format: ${FORMATS.map(([, one]) => one).join(", ")}.`,
    { issues: [{ path: ["format"], message: "expected a format", found: location }] },
  );
}

/** What the first lines tell of how a text file is written. */
async function completeReading(read: FilesRead, draft: SourceDefinition, warnings: string[]): Promise<SourceReading> {
  const reading = draft.reading ?? {};
  if (draft.format !== "csv") return reading;
  const opened = await open(read, draft);
  const { dialect } = opened;
  const found: SourceReading = { ...reading };
  if (reading.encoding === undefined && opened.replaced.length > 0) {
    found.encoding = "windows-1252";
    warnings.push("The text is not UTF-8; it is proposed as windows-1252, which reads any bytes. Look at words with accents, and name another encoding if they are wrong."); // prettier-ignore
  }
  if (dialect && reading.delimiter === undefined && dialect.delimiter !== ",") found.delimiter = dialect.delimiter;
  if (dialect && reading.header === undefined && dialect.names.some((name) => /^[+-]?\d+([.,]\d+)?$/.test(name))) {
    found.header = false;
    warnings.push(`The first line (${dialect.names.slice(0, 5).join(", ")}) reads like a row, not like names: it is proposed without a header.`); // prettier-ignore
  }
  return found;
}

interface Typed {
  columns: SourceColumn[];
  reading: SourceReading;
}

/** A type for every field by which all rows that are looked at can be read. */
async function tellTypes(
  read: FilesRead,
  draft: SourceDefinition,
  fields: readonly string[],
  warnings: string[],
): Promise<Typed> {
  const names = specNames(fields, "column");
  const asked = evidenceSql(names, fields);
  const base = { ...draft, columns: asked.columns };
  const plain = await open(read, base);
  // Marks in numbers are told from the columns that may be numbers.
  const reading: SourceReading = { ...draft.reading, ...plain.numbers };
  const opened = Object.keys(plain.numbers).length > 0 ? await open(read, { ...base, reading }) : plain;
  const evidence = await asked.measure(read.session, opened, ROWS_LOOKED_AT);
  const formats = new Set<string>();
  const columns: SourceColumn[] = [];
  names.forEach((name, i) => {
    const from = fields[i] as string;
    const choice = chooseType(from, evidence[i] as ColumnEvidence, reading);
    if (choice.warning) warnings.push(choice.warning);
    if (choice.format) formats.add(choice.format);
    if (choice.type) columns.push({ name, type: choice.type, ...(from !== name && { from }) });
  });
  const chosen = [...formats];
  const dates = chosen.filter((format) => !format.includes("%H"));
  const times = chosen.filter((format) => format.includes("%H"));
  return {
    columns,
    reading: {
      ...reading,
      ...(dates.length > 0 && { dateFormat: dates.length === 1 ? (dates[0] as string) : dates }),
      ...(times.length > 0 && { timestampFormat: times.length === 1 ? (times[0] as string) : times }),
    },
  };
}

/** Reads every row that is looked at as it is to be declared; a column with a value further down that does not fit becomes text. */
async function checkAll(
  read: FilesRead,
  draft: SourceDefinition,
  warnings: string[],
): Promise<{ opened: OpenSource; rows: number; warnings: string[] }> {
  let definition = draft;
  for (let tries = 0; ; tries += 1) {
    const opened = await open(read, definition);
    try {
      const { rows, warnings: found } = await describeOpened(read.session, opened, read.paths, read.bounds);
      return { opened, rows, warnings: [...opened.warnings, ...found] };
    } catch (error) {
      const issues = error instanceof DomainError ? ((error.context.issues ?? []) as Issue[]) : [];
      const places = issues.flatMap(({ path }) => (path[0] === "columns" ? [Number(path[1])] : []));
      if (places.length === 0 || tries >= MOST_CORRECTIONS) throw error;
      const columns = definition.columns.map((column, at) =>
        places.includes(at) ? { ...column, type: "string" as const } : column,
      );
      if (columns.every((column, at) => column.type === definition.columns[at]?.type)) throw error;
      warnings.push(...issues.map(({ message }) => `${message} It is proposed as string.`));
      definition = { ...definition, columns };
    }
  }
}
