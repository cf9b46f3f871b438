/** The values of features at the moments of a spine, written to a file. Rows stay in DuckDB. */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { DomainError } from "@/lib/domain/errors";
import type { HistoryRequest, HistoryView, WrittenHistory } from "@/lib/domain/joins/feature-history";
import { assertReadable } from "../assert-readable";
import { fitsType } from "../column-fit";
import { firstLine } from "../frame";
import { quoteName, quoteText, SQL_TYPES } from "../quote";
import type { Session } from "../session";
import { ALWAYS, asOfStatement, type NamedSql, type ViewSql } from "./as-of-statement";
import { columnType, columnValue, jsonText, microsOf, type ShownType } from "./shown-values";
import { type OpenSpine, openSpine } from "./spine-relation";
import { writeArrow } from "./write-arrow";

/** Positions of several files stay apart: no file has more rows. */
const ROWS_PER_FILE = 2 ** 40;

/** See `Engine.joinHistory`. */
export async function joinHistory(session: Session, request: HistoryRequest): Promise<WrittenHistory> {
  const { views, output } = request;
  return joining(async () => {
    const { opened, relations } = await openHistory(session, request, [path.dirname(output.file)]);
    const types = new Map<string, ShownType>([
      ...opened.columns.map(({ name, type }) => [name, type] as const),
      ...views.flatMap(({ columns }) => columns.map(({ name, type }) => [name, { kind: "value", type }] as const)),
    ]);
    const order = [...opened.columns.map(({ name }) => name), ...request.features];
    const shown = (columns: readonly NamedSql[]) =>
      order.map((name) => ({
        name,
        sql: columns.find((column) => column.name === name)?.sql ?? "NULL",
        type: types.get(name) as ShownType,
      }));
    const arrow = order.map((name) => ({ name, type: columnType(types.get(name) as ShownType) }));
    await write(session, { first: opened.first, arrow, output }, (select) =>
      asOfStatement(opened, relations, (columns, position) => select(shown(columns), position)),
    );
    return { rows: opened.rows, bytes: (await stat(output.file)).size };
  });
}

/** Says of what DuckDB throws that it is about the join. */
export async function joining<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError("invalid", `The values cannot be joined: ${firstLine(error)}`);
  }
}

/**
 * The spine and the views as relations of a session that can touch their files, and otherwise write to `folders` only. Throws
 * `not_found` when a file is gone, and `conflict` when a source's file changed since.
 */
export async function openHistory(
  session: Session,
  { spine, views }: Pick<HistoryRequest, "spine" | "views">,
  folders: readonly string[],
): Promise<{ opened: OpenSpine; relations: ViewSql[] }> {
  if (spine.kind === "source") await assertReadable(spine);
  const files = views.flatMap((view) => view.files.map((file) => file.path));
  const gone = files.find((file) => !existsSync(file));
  if (gone !== undefined)
    throw new DomainError(
      "not_found",
      `The file ${gone} with values of ${nameAll(views.filter((view) => view.files.some((file) => file.path === gone)))} is gone. Put it back from a copy, or run its pipeline again.`,
    );
  const own = spine.kind === "given" ? [spine.file] : spine.snapshot.files.map((file) => file.path);
  await session.confine([...files, ...own], [session.scratch, ...folders]);
  const opened = await openSpine(session, spine);
  const relations: ViewSql[] = [];
  for (const view of views) relations.push(await relate(session, view, opened.keys));
  return { opened, relations };
}

const nameAll = (views: readonly HistoryView[]) =>
  views.flatMap(({ columns }) => columns.map(({ name }) => name)).join(", ");

type Shown = NamedSql & { type: ShownType };

async function write(
  session: Session,
  {
    first,
    arrow,
    output: { file, format },
  }: { first: number; arrow: Parameters<typeof writeArrow>[2]; output: HistoryRequest["output"] },
  statement: (select: (columns: readonly Shown[], position: string) => string[]) => string,
): Promise<void> {
  const to = quoteText(file);
  if (format === "json") {
    // One row of the answer's array on each line: what encodes it has no line ends of its own.
    const query = statement((columns, position) => {
      const members = columns.map(({ name, sql, type }) => `${quoteText(`${JSON.stringify(name)}:`)} || ${jsonText(sql, type)}`); // prettier-ignore
      return [`if(${position} = ${first}, '', ',') || '{' || ${members.join(" || ',' || ")} || '}'`];
    });
    return session.run(`COPY (${query}) TO ${to} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\u001f')`);
  }
  const query = statement((columns) =>
    columns.map(({ name, sql, type }) => `${columnValue(sql, type, format)} AS ${quoteName(name)}`),
  );
  if (format === "arrow") return writeArrow(session, query, arrow, file);
  await session.run(
    `COPY (${query}) TO ${to} ${format === "csv" ? "(FORMAT csv, HEADER true)" : "(FORMAT parquet, COMPRESSION zstd)"}`,
  );
}

/** A view's files as one relation of keys, times and values. */
async function relate(session: Session, view: HistoryView, spineKeys: readonly string[]): Promise<ViewSql> {
  const selects: string[] = [];
  for (const [at, file] of view.files.entries()) {
    const types = await columnsOf(session, file.path);
    const values = view.columns.map(({ type }, i) => ({ type, column: file.columns[i] ?? "" }));
    const missing = [...view.keys.map((key) => key.name), ...values.map(({ column }) => column)].filter(
      (name) => !types.has(name),
    );
    const unfit = values.find(({ column, type }) => types.has(column) && !fitsType(types.get(column) ?? "", type));
    if (missing.length > 0 || unfit)
      throw new DomainError(
        "invalid",
        `The file ${file.path} cannot be read for ${nameAll([view])}: ${unfit ? `it holds ${unfit.column} as ${types.get(unfit.column)}, not ${unfit.type}` : `it has no column ${missing.join(", ")}`}. Run its pipeline again.`,
      );
    const time = view.eventTime;
    selects.push(
      `SELECT ${[
        ...view.keys.map((key, i) => `CAST(${quoteName(key.name)} AS ${SQL_TYPES[key.type]}) AS k${i}`),
        `${time !== null && types.has(time) ? microsOf(quoteName(time)) : ALWAYS} AS event`,
        `${file.created}::BIGINT AS created`,
        `${(view.files.length - at) * ROWS_PER_FILE} + file_row_number AS place`,
        ...values.map(({ column, type }, i) => `CAST(${quoteName(column)} AS ${SQL_TYPES[type]}) AS v${i}`),
      ].join(", ")} FROM read_parquet(${quoteText(file.path)}, file_row_number = true)`,
    );
  }
  const [only] = view.files;
  return {
    relation: `(${selects.join(" UNION ALL ")})`,
    keys: view.keys.map((key, i) => ({ spine: spineKeys[key.spine] ?? "NULL", view: `k${i}` })),
    event: "event",
    // Of what is served, the files' order says which row counts; what was known when is asked by the time of writing.
    created: view.rule.knowledge === "created" ? "created" : null,
    order: "place",
    values: view.columns.map(({ name }, i) => ({ name, sql: `v${i}` })),
    rule: view.rule,
    isUnique: view.files.length === 1 && only?.isUnique === true,
  };
}

async function columnsOf(session: Session, file: string): Promise<Map<string, string>> {
  const rows = await session.rows<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * FROM read_parquet(${quoteText(file)})`,
  );
  return new Map(rows.map((row) => [row.column_name, row.column_type]));
}
