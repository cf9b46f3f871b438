/** The rows of a training dataset: looked at, written down once, and read again. Rows stay in DuckDB. */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import path from "node:path";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { partNames, splitColumnOf, toSplitRule } from "@/lib/domain/definitions/split-rule";
import { exactMicros } from "@/lib/domain/instant";
import { columnsLine } from "@/lib/domain/training-datasets/content-lines";
import { PART_COLUMN } from "@/lib/domain/training-datasets/training-recipe";
import type {
  FrozenTraining,
  PartRows,
  PreviewedTraining,
  SpineFacts,
  TrainingFileRequest,
  TrainingRowsRequest,
  ValueStatus,
} from "@/lib/domain/training-datasets/training-rows";
import { quoteName, quoteText } from "../quote";
import { hashCondition, interval } from "../row-selection";
import type { Session } from "../session";
import { asOfStatement, type NamedSql, statusName, type ViewSql } from "./as-of-statement";
import { joining, openHistory } from "./join-history";
import { columnValue, jsonText, type ShownType } from "./shown-values";
import type { OpenSpine } from "./spine-relation";
import { writeArrow } from "./write-arrow";

/** Rows whose lines are one text on their way to the digest. */
const ROWS_AT_ONCE = 2000;

interface Opened {
  spine: OpenSpine;
  relations: ViewSql[];
  /** Relation of one column that has the part of each row; null without a split. */
  part: string | null;
}

/** See `Engine.previewTraining`. */
export async function previewTraining(
  session: Session,
  request: TrainingRowsRequest,
  first: number,
): Promise<PreviewedTraining> {
  return joining(async () => {
    const opened = await open(session, request, []);
    const { spine, relations } = opened;
    const features = request.columns.filter(({ role }) => role === "feature");
    const statement = asOfStatement(
      spine,
      relations,
      (columns) => [
        `${rowLine(request, (name) => sqlOf(columns, name))} AS line`,
        `[${features.map(({ name }) => sqlOf(columns, statusName(name))).join(", ")}]::VARCHAR[] AS statuses`,
      ],
      { statuses: true, first },
    );
    const rows = await session.rows<{ line: string; statuses: ValueStatus[] }>(statement);
    return {
      spine: await factsOf(session, opened, request),
      parts: opened.part === null ? {} : await partsOf(session, opened.part, spine.relation),
      rows: rows.map(({ line }) => line),
      statuses: rows.map(({ statuses }) => statuses),
    };
  });
}

/** See `Engine.freezeTraining`. */
export async function freezeTraining(
  session: Session,
  request: TrainingRowsRequest,
  file: string,
): Promise<FrozenTraining> {
  return joining(async () => {
    const opened = await open(session, request, [path.dirname(file)]);
    const { columns } = request;
    const features = columns.filter(({ role }) => role === "feature");
    const joined = path.join(session.scratch, "joined.parquet");
    const statement = asOfStatement(
      opened.spine,
      opened.relations,
      (found) => [
        ...columns.map(({ name }) => `${sqlOf(found, name)} AS ${quoteName(name)}`),
        ...features.map(({ name }) => `${sqlOf(found, statusName(name))} AS ${quoteName(statusName(name))}`),
      ],
      { statuses: true },
    );
    await session.run(`COPY (${statement}) TO ${quoteText(joined)} (FORMAT parquet)`);
    const names = columns.map(({ name }) => quoteName(name)).join(", ");
    await session.run(
      `COPY (SELECT ${names} FROM ${readFile(joined)} ORDER BY file_row_number) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    const statuses: FrozenTraining["statuses"] = {};
    for (const { name } of features) {
      const counted = await session.rows<{ status: ValueStatus; rows: number }>(
        `SELECT ${quoteName(statusName(name))} AS status, count(*)::DOUBLE AS rows FROM ${readFile(joined)} GROUP BY ALL`,
      );
      statuses[name] = Object.fromEntries(counted.map(({ status, rows }) => [status, rows]));
    }
    const { rows } = await session.row<{ rows: number }>(`SELECT count(*) AS rows FROM ${readFile(file)}`);
    return {
      spine: await factsOf(session, opened, request),
      parts: opened.part === null ? {} : await partsOf(session, quoteName(PART_COLUMN), readFile(file)),
      rows,
      bytes: (await stat(file)).size,
      // Of what was written, and not of what was to be.
      digest: await digestRows(session, file, columns),
      statuses,
    };
  });
}

/** See `Engine.convertTraining`. */
export async function convertTraining(
  session: Session,
  { file, columns, output }: TrainingFileRequest,
): Promise<{ bytes: number }> {
  await session.confine([file], [session.scratch, path.dirname(output.file)]);
  const { format } = output;
  if (format === "json") {
    // One row of the answer's array on each line: what encodes it has no line ends of its own.
    const members = columns.map(({ name, type }) => `${quoteText(`${JSON.stringify(name)}:`)} || ${jsonText(quoteName(name), { kind: "value", type })}`); // prettier-ignore
    const query = `SELECT if(file_row_number = 0, '', ',') || '{' || ${members.join(" || ',' || ")} || '}' FROM ${readFile(file)} ORDER BY file_row_number`;
    await session.run(
      `COPY (${query}) TO ${quoteText(output.file)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\u001f')`,
    );
  } else {
    const values = columns.map(({ name, type }) => `${columnValue(quoteName(name), { kind: "value", type }, format)} AS ${quoteName(name)}`); // prettier-ignore
    const query = `SELECT ${values.join(", ")} FROM ${readFile(file)} ORDER BY file_row_number`;
    if (format === "arrow") await writeArrow(session, query, columns, output.file);
    else await session.run(`COPY (${query}) TO ${quoteText(output.file)} (FORMAT csv, HEADER true)`);
  }
  return { bytes: (await stat(output.file)).size };
}

const readFile = (file: string) => `read_parquet(${quoteText(file)}, file_row_number = true)`;

function sqlOf(columns: readonly NamedSql[], name: string): string {
  const found = columns.find((column) => column.name === name);
  if (!found) throw new Error(`No column ${name} was joined.`);
  return found.sql;
}

/** A row as content-lines.ts writes it, without its line feed. */
function rowLine({ columns }: Pick<TrainingRowsRequest, "columns">, sql: (name: string) => string): string {
  const values = columns.map(({ name, type }) => jsonText(sql(name), { kind: "value", type }));
  return `'[' || ${values.join(" || ',' || ")} || ']'`;
}

/** The spine with the part of each row as its last column. */
async function open(session: Session, request: TrainingRowsRequest, folders: readonly string[]): Promise<Opened> {
  const { spine, views, split } = request;
  const column = split && splitColumnOf(split);
  const needed = column === null ? [] : [column];
  const typeOf = (name: string) => spine.source.columns.find((column) => column.name === name)?.type ?? "string";
  const more = needed.filter((name) => !spine.columns.some((column) => column.name === name));
  const whole = { ...spine, columns: [...spine.columns, ...more.map((name) => ({ name, type: typeOf(name) }))] };
  const { opened, relations } = await openHistory(session, { spine: whole, views }, folders);
  if (split === null) return { spine: opened, relations, part: null };
  const part = partSql(split, quoteName(needed[0] ?? ""));
  const type: ShownType = { kind: "value", type: "string" };
  return {
    spine: { ...opened, columns: [...opened.columns, { name: PART_COLUMN, sql: part, type }] },
    relations,
    part,
  };
}

/** Name of the first part that a row is in; null for a row in none. */
function partSql(policy: SplitPolicyDefinition, column: string): string {
  const rule = toSplitRule(policy);
  if (rule.by === "assignment") throw new RangeError(`Rows do not say which part of ${policy.name} they are in.`);
  const conditions = partNames(policy).map((part) => {
    if (rule.by === "hash") return { part, condition: hashCondition(rule, [part], column) };
    return { part, condition: interval(rule.parts[part] ?? [null, null], `CAST(${column} AS TIMESTAMP)`) };
  });
  return `CASE ${conditions.map(({ part, condition }) => `WHEN ${condition} THEN ${quoteText(part)}`).join(" ")} END`;
}

async function factsOf(session: Session, { spine }: Opened, request: TrainingRowsRequest): Promise<SpineFacts> {
  const { relation, at, keys, rows } = spine;
  const asOf = exactMicros(request.asOf);
  if (asOf === null) throw new RangeError(`Not an instant: ${request.asOf}`);
  const columns = request.spine.keys.map(({ column }, i) => ({ column, sql: keys[i] ?? "NULL" }));
  const same = [...keys, at].join(", ");
  const { future, nulls } = await session.row<{ future: number; nulls: number[] }>(
    `SELECT count(*) FILTER (WHERE ${at} > ${asOf})::DOUBLE AS future, [${columns.map(({ sql }) => `count(*) FILTER (WHERE ${sql} IS NULL)::DOUBLE`).join(", ")}]::DOUBLE[] AS nulls FROM ${relation}`,
  );
  const { distinct } = await session.row<{ distinct: number }>(
    `SELECT count(*)::DOUBLE AS distinct FROM (SELECT DISTINCT ${same} FROM ${relation})`,
  );
  return {
    rows,
    duplicates: rows - distinct,
    future,
    nullKeys: Object.fromEntries(columns.map(({ column }, i) => [column, nulls[i] ?? 0])),
  };
}

async function partsOf(session: Session, part: string, relation: string): Promise<PartRows> {
  const counted = await session.rows<{ part: string; rows: number }>(
    `SELECT coalesce(${part}, '') AS part, count(*)::DOUBLE AS rows FROM ${relation} GROUP BY ALL ORDER BY part`,
  );
  return Object.fromEntries(counted.map(({ part, rows }) => [part, rows]));
}

async function digestRows(session: Session, file: string, columns: TrainingRowsRequest["columns"]): Promise<string> {
  const hash = createHash("sha256").update(`${columnsLine(columns)}\n`);
  const line = rowLine({ columns }, quoteName);
  const blocks = session.chunks(
    `SELECT string_agg(${line}, chr(10) ORDER BY file_row_number) FROM ${readFile(file)} GROUP BY file_row_number // ${ROWS_AT_ONCE} ORDER BY file_row_number // ${ROWS_AT_ONCE}`,
  );
  for await (const chunk of blocks) {
    const texts = chunk.getColumnVector(0);
    for (let row = 0; row < chunk.rowCount; row++) hash.update(`${String(texts.getItem(row))}\n`);
  }
  return hash.digest("hex");
}
