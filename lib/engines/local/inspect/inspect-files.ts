/** What files are that nobody has declared: read by the very code that reads declared ones, so that what is proposed is accepted. */
import { stat } from "node:fs/promises";
import type { FileInspection, InspectedColumn, InspectionRequest } from "@/lib/domain/datasets/file-inspection";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceColumn, SourceDefinition, SourceReading } from "@/lib/domain/definitions/source";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { type OpenSource, openSource } from "../open-source";
import type { Session } from "../session";
import { describeOpened } from "../source-file";
import { EXTENSIONS, resolveFiles, type SourceFolders } from "../source-location";
import { chooseType, type ColumnEvidence, evidenceSql } from "./column-type";
import { nameOfLocation, specNames } from "./names";
import { findRowKeys } from "./row-keys";

const FORMATS = Object.entries(EXTENSIONS).map(
  ([format, ending]) => [ending, format as SourceDefinition["format"]] as const,
);
/** Types are told from so many rows; every row is checked against them afterwards. */
const ROWS_LOOKED_AT = 50_000;
const SAMPLED_ROWS = 1000;
const PREVIEW_ROWS = 20;
const SAMPLES = 5;
const MOST_COLUMNS = 2000;
/** Above so many rows different values are estimated. */
const EXACT_ROWS = 1_000_000;
const MOST_CORRECTIONS = 4;
/** Where no column tells rows apart, their position does. */
const ROW_NUMBER = "row_number";

/** See `Engine.inspectFiles`. */
export async function inspectFiles(
  session: Session,
  request: InspectionRequest,
  folders: SourceFolders,
): Promise<FileInspection> {
  const name = request.name ?? nameOfLocation(request.location);
  const format = request.format ?? formatOf(request.location, name, folders);
  const draft: SourceDefinition = {
    kind: "Source",
    name,
    entity: name,
    format,
    location: request.location,
    columns: [],
    rowKey: [],
  };
  const paths = resolveFiles(draft, folders);
  await session.confine(paths, [session.scratch]);
  const warnings: string[] = [];
  const reading = await completeReading(session, { ...draft, reading: request.reading ?? {} }, paths, warnings);
  const fields = await (await openSource(session, { ...draft, reading }, paths)).fields();
  if (fields.length === 0)
    throw new DomainError("invalid", `${request.location} has no columns. Is it really ${format}?`);
  if (fields.length > MOST_COLUMNS)
    throw new DomainError(
      "invalid",
      `${request.location} has ${fields.length} columns; at most ${MOST_COLUMNS} can be looked at. Declare those that are needed.`,
    );
  const typed = await tellTypes(session, { ...draft, reading }, paths, fields, warnings);
  const checked = await checkAll(session, { ...draft, ...typed }, paths, warnings);
  const { opened, rows } = checked;
  const columns = await describeColumns(session, opened, rows);
  const rowKeys = await findRowKeys(session, opened, columns, rows);
  const timeColumns = timesAmong(columns);
  const files = [];
  for (const path of paths) files.push({ path, bytes: (await stat(path)).size });
  return {
    format,
    reading: opened.definition.reading ?? {},
    files,
    rows,
    columns,
    rowKeys,
    timeColumns,
    preview: await previewOf(session, opened, columns),
    warnings: [
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

function formatOf(location: string, name: string, folders: SourceFolders): SourceDefinition["format"] {
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
async function completeReading(
  session: Session,
  draft: SourceDefinition,
  paths: string[],
  warnings: string[],
): Promise<SourceReading> {
  const reading = draft.reading ?? {};
  if (draft.format !== "csv") return reading;
  const opened = await openSource(session, draft, paths);
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
  session: Session,
  draft: SourceDefinition,
  paths: string[],
  fields: readonly string[],
  warnings: string[],
): Promise<Typed> {
  const names = specNames(fields, "column");
  const asked = evidenceSql(names, fields);
  const base = { ...draft, columns: asked.columns };
  const plain = await openSource(session, base, paths);
  // Marks in numbers are told from the columns that may be numbers.
  const reading: SourceReading = { ...draft.reading, ...plain.numbers };
  const opened = Object.keys(plain.numbers).length > 0 ? await openSource(session, { ...base, reading }, paths) : plain;
  const evidence = await asked.measure(session, opened, ROWS_LOOKED_AT);
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

/** Reads every row as it is to be declared; a column with a value further down that does not fit becomes text. */
async function checkAll(
  session: Session,
  draft: SourceDefinition,
  paths: string[],
  warnings: string[],
): Promise<{ opened: OpenSource; rows: number; warnings: string[] }> {
  let definition = draft;
  for (let tries = 0; ; tries += 1) {
    const opened = await openSource(session, definition, paths);
    try {
      const { rows, warnings: found } = await describeOpened(session, opened, paths);
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

async function describeColumns(session: Session, opened: OpenSource, rows: number): Promise<InspectedColumn[]> {
  const columns = [...opened.columns.values()];
  const textOf = (sql: string) => `CAST(${sql} AS VARCHAR)`;
  const count = (sql: string) => (rows <= EXACT_ROWS ? `count(DISTINCT ${sql})` : `approx_count_distinct(${sql})`);
  const counts = columns.map(
    ({ value }, i) => `count(*) - count(${value.sql}) AS m${i}, ${count(textOf(value.sql))} AS d${i}`,
  );
  const found = await session.row<Record<string, number>>(`SELECT ${counts.join(", ")} FROM ${opened.relation}`);
  const samples = columns.map(
    ({ value }, i) => `list_sort(list_slice(list(DISTINCT left(${textOf(value.sql)}, 80)), 1, ${SAMPLES})) AS s${i}`,
  );
  const shown = await session.row<Record<string, (string | null)[] | null>>(
    `SELECT ${samples.join(", ")} FROM (SELECT * FROM ${opened.relation} LIMIT ${SAMPLED_ROWS})`,
  );
  return columns.map(({ declared }, i) => ({
    name: declared.name,
    from: declared.from ?? declared.name,
    type: declared.type,
    missing: found[`m${i}`] ?? 0,
    distinct: found[`d${i}`] ?? 0,
    samples: (shown[`s${i}`] ?? []).filter((one) => one !== null),
  }));
}

async function previewOf(
  session: Session,
  opened: OpenSource,
  columns: readonly InspectedColumn[],
): Promise<(string | null)[][]> {
  const select = columns.map(
    ({ name }, i) => `left(CAST(${opened.columns.get(name)?.value.sql} AS VARCHAR), 200) AS c${i}`,
  );
  const rows = await session.rows<Record<string, string | null>>(
    `SELECT ${select.join(", ")} FROM ${opened.relation} LIMIT ${PREVIEW_ROWS}`,
  );
  return rows.map((row) => columns.map((_, i) => row[`c${i}`] ?? null));
}

/** Timestamps before dates, and fewer missing values first. */
function timesAmong(columns: readonly InspectedColumn[]): string[] {
  return columns
    .filter(({ type }) => type === "timestamp" || type === "date")
    .sort((one, other) => Number(one.type === "date") - Number(other.type === "date") || one.missing - other.missing)
    .map(({ name }) => name);
}

function proposal(
  definition: SourceDefinition,
  columns: readonly InspectedColumn[],
  rowKey: readonly string[] | undefined,
  time: string | undefined,
): { entity: EntityDefinition; source: SourceDefinition } {
  const { reading, ...rest } = definition;
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.type ?? ("bigint" as ColumnType);
  const number = specNames([...columns.map(({ name }) => name), ROW_NUMBER], "column").at(-1) as string;
  const key = rowKey ?? [number];
  const joinKeys = key.filter((name) => name !== time);
  return {
    entity: {
      kind: "Entity",
      name: definition.entity,
      joinKeys: (joinKeys.length > 0 ? joinKeys : key).map((name) => ({ name, type: typeOf(name) })),
      ...(time !== undefined && { eventTime: time }),
    },
    source: {
      ...rest,
      ...(reading && Object.keys(reading).length > 0 && { reading }),
      columns: [...definition.columns, ...(rowKey ? [] : [{ name: number, type: "bigint" as const }])],
      rowKey: [...key],
      ...(time !== undefined && { timeColumn: time }),
      ...(rowKey ? {} : { rowNumber: number }),
    },
  };
}
