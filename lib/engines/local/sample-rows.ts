/**
 * Rows of a dataset version, drawn so that the same question always has the same answer: those whose positions in the files have
 * the smallest hashes. What leaves DuckDB is at most the rows asked for.
 */
import { toSplitRule } from "@/lib/domain/definitions/split-rule";
import { DomainError } from "@/lib/domain/errors";
import type { RowSample, SampleRequest } from "@/lib/domain/datasets/row-sample";
import { assertReadable } from "./assert-readable";
import { EVENT_TIME, firstLine } from "./frame";
import { joinsWanted, type OpenJoin, openJoins } from "./joined-rows";
import { quoteName, quoteText } from "./quote";
import { hashCondition, interval } from "./row-selection";
import { SampledColumns, sampledExpression } from "./sampled-columns";
import type { Session } from "./session";
import { sliceCondition } from "./slice-condition";
import { type OpenSource, openSource } from "./open-source";

const POSITION = quoteName("#position");
const PART = quoteName("#part");
const SLICED = quoteName("#sliced");
const TIME = quoteName(EVENT_TIME);
/** Positions of several files stay apart: no file has more rows. */
const ROWS_PER_FILE = 2 ** 40;

/** See `Engine.sampleRows`. */
export async function sampleRows(session: Session, request: SampleRequest): Promise<RowSample> {
  const { source, snapshot, rows } = request;
  const wanted = joinsWanted(request);
  for (const read of [request, ...wanted]) await assertReadable(read);
  const paths = snapshot.files.map((file) => file.path);
  await session.confine(
    [...paths, ...wanted.flatMap((join) => join.snapshot.files.map((file) => file.path))],
    [session.scratch],
  );
  try {
    const opened = source && (await openSource(session, source, paths));
    const joins = await openJoins(session, wanted);
    const relation = await relate(session, request, opened, joins);
    const { total, matched } = await session.row<{ total: number; matched: number }>(
      `SELECT count(*) AS total, count(*) FILTER (WHERE ${SLICED}) AS matched FROM ${relation}`,
    );
    const columns = new SampledColumns(request.columns, request.parts?.labels.map(({ name }) => name) ?? null);
    if (matched > 0 && rows > 0)
      for await (const batch of session.batches(await draw(session, request, joins, { relation, matched })))
        for (const row of batch) columns.add(row);
    return { rows: total, matched, ...columns.finish() };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError(
      "invalid",
      `Version ${snapshot.version} of ${snapshot.dataset} cannot be read${source ? ` as source ${source.name} declares it` : ""}: ${firstLine(error)}`,
    );
  }
}

/** A view of the wanted columns with each row's position, part and whether it is in the slice and the wanted parts. */
async function relate(
  session: Session,
  request: SampleRequest,
  source: OpenSource | null,
  joins: readonly OpenJoin[],
): Promise<string> {
  const { slice, parts } = request;
  const paths = request.snapshot.files.map((file) => file.path);
  const expressions = source ? sourceExpressions(source) : outputExpressions(request);
  const part = parts === null ? "NULL" : partSql(request, expressions);
  const elsewhere = slice && joins.find((join) => join.has(slice.column));
  const hits = slice && elsewhere ? elsewhere.hits(slice, (name) => expressionOf(request, expressions, name)) : null;
  const wanted = [
    ...(hits ? [hits.condition] : []),
    ...(slice === null || hits ? [] : [sliceCondition(slice, expressionOf(request, expressions, slice.column))]),
    ...(parts?.only ? [`list_contains([${parts.only.map(quoteText).join(", ")}]::VARCHAR[], ${PART})`] : []),
  ];
  const select = [
    ...request.columns.flatMap(({ name, type }, i) =>
      joins.some((join) => join.has(name))
        ? []
        : [`${sampledExpression(type, expressionOf(request, expressions, name))} AS c${i}`],
    ),
    ...joins.flatMap((join) => join.keys((name) => expressionOf(request, expressions, name))),
    `${source ? POSITION : outputPosition(paths)} AS ${POSITION}`,
    `${part} AS ${PART}`,
    `coalesce(${wanted.length === 0 ? "true" : wanted.join(" AND ")}, false) AS ${SLICED}`,
  ];
  const time = parts?.time && expressions.get(parts.time);
  const files = source
    ? readOnce(source, request)
    : `read_parquet([${paths.map(quoteText).join(", ")}], file_row_number = true, filename = true, union_by_name = true)`;
  const timed = time ? `(SELECT *, CAST(${time} AS TIMESTAMP) AS ${TIME} FROM ${files})` : files;
  // Looked for once, for counting and drawing.
  if (hits) await session.run(`CREATE TABLE ${hits.table} AS ${hits.query}`);
  const from = hits ? `${timed} LEFT JOIN ${hits.table} ON ${hits.on}` : timed;
  // Text is parsed once for counting and drawing; Parquet is read column by column each time.
  await session.run(`CREATE ${source?.isText ? "TABLE" : "VIEW"} sampled AS SELECT ${select.join(", ")} FROM ${from}`);
  return "sampled";
}

/** A query of the drawn rows, in the order of the files. */
async function draw(
  session: Session,
  request: SampleRequest,
  joins: readonly OpenJoin[],
  from: { relation: string; matched: number },
): Promise<string> {
  const names = [...request.columns.map((_, i) => `c${i}`), PART].join(", ");
  if (joins.length === 0) return `SELECT ${names} FROM (${drawQuery(request, from)}) ORDER BY ${POSITION}`;
  // Drawn before they are joined: of millions of rows only so many are looked up.
  await session.run(`CREATE TABLE drawn AS ${drawQuery(request, from)}`);
  const joined = joins.map((join) => `LEFT JOIN ${join.values(request.columns)}`).join(" ");
  const first = `QUALIFY row_number() OVER (PARTITION BY ${POSITION} ORDER BY ${joins.map((join) => join.order).join(", ")}) = 1`;
  return `SELECT ${names} FROM drawn ${joined} ${first} ORDER BY ${POSITION}`;
}

/** The rows with the smallest hashes. A bound that more than enough rows stay below, but for once in a billion, spares sorting them all. */
function drawQuery({ rows }: SampleRequest, { relation, matched }: { relation: string; matched: number }): string {
  const share = (rows + 8 * Math.sqrt(rows) + 64) / matched;
  const bound = share >= 1 ? "" : ` AND hash(${POSITION}) <= ${BigInt(Math.floor(share * 2 ** 53)) << 11n}::UBIGINT`;
  return `SELECT * EXCLUDE (${SLICED}) FROM ${relation} WHERE ${SLICED}${bound} ORDER BY hash(${POSITION}), ${POSITION} LIMIT ${rows}`;
}

function outputPosition(paths: string[]): string {
  if (paths.length === 1) return `"file_row_number"`;
  return `(list_position([${paths.map(quoteText).join(", ")}], filename) - 1) * ${ROWS_PER_FILE} + "file_row_number"`;
}

/** SQL of the part that a row is in: the first whose split has it; null in none. */
function partSql({ parts, snapshot }: SampleRequest, expressions: ReadonlyMap<string, string>): string {
  const cases = (parts?.labels ?? []).map(({ name, split }) => {
    if (split === null) return `WHEN true THEN ${quoteText(name)}`;
    const { policy } = split;
    const rule = toSplitRule(policy);
    if (rule.by === "time") {
      if (!parts?.time || !expressions.has(parts.time))
        throw new DomainError(
          "invalid",
          `Split policy ${policy.name} goes by time, and rows of ${snapshot.dataset} have none.`,
        );
      const ranges = split.parts.map((part) => interval(rule.parts[part] ?? [null, null]));
      return `WHEN ${ranges.length === 0 ? "false" : ranges.join(" OR ")} THEN ${quoteText(name)}`;
    }
    const column = rule.by === "hash" ? rule.key : `the row key of ${rule.source}`;
    const key = rule.by === "hash" ? expressions.get(rule.key) : undefined;
    if (key === undefined || rule.by !== "hash")
      throw new DomainError(
        "invalid",
        `Split policy ${policy.name} goes by ${column}, which ${snapshot.dataset} does not have.`,
      );
    return `WHEN ${hashCondition(rule, split.parts, key)} THEN ${quoteText(name)}`;
  });
  return cases.length === 0 ? "NULL" : `CASE ${cases.join(" ")} END`;
}

function sourceExpressions(source: OpenSource): Map<string, string> {
  return new Map(source.definition.columns.map(({ name }) => [name, quoteName(name)]));
}

/**
 * The wanted columns of a source under their own names, and each row's position. What reads a value of a text file is a long expression,
 * and stands here once: whoever asks for the value several times names the column.
 */
function readOnce(source: OpenSource, request: SampleRequest): string {
  const wanted = wantedNames(request);
  const values = source.definition.columns
    .filter(({ name }) => wanted.has(name))
    .map(({ name }) => `${source.expression(name)} AS ${quoteName(name)}`);
  return `(SELECT ${[...values, `${source.position} AS ${POSITION}`].join(", ")} FROM ${source.relation})`;
}

/** Columns of a file that a run wrote, under their own names. */
function outputExpressions(request: SampleRequest): Map<string, string> {
  return new Map([...wantedNames(request)].map((name) => [name, quoteName(name)]));
}

/** What is asked for, and what is only needed to tell parts apart or to join. */
function wantedNames({ columns, slice, parts, joined }: SampleRequest): Set<string> {
  return new Set([
    ...joined.flatMap(({ keys, time }) => [...keys.map(({ name }) => name), ...(time ? [time.own] : [])]),
    ...columns.map(({ name }) => name),
    ...(slice ? [slice.column] : []),
    ...(parts?.time ? [parts.time] : []),
    ...(parts?.keys ?? []),
  ]);
}

function expressionOf({ snapshot }: SampleRequest, expressions: ReadonlyMap<string, string>, name: string): string {
  const found = expressions.get(name);
  if (found === undefined)
    throw new DomainError("invalid", `${snapshot.dataset} has no column ${name}.`, {
      issues: [{ path: ["columns"], message: `expected one of ${[...expressions.keys()].join(", ")}`, found: name }],
    });
  return found;
}
