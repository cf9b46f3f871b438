/**
 * Assigns every row of a dataset version to one part of a split policy, and reads such assignments. Rows are ranked by MD5 of seed and
 * row key, so that neither their order in the files nor the number of threads has a say.
 */
import { createHash } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import path from "node:path";
import type { AssignedClass, AssignmentRequest, WrittenAssignment } from "@/lib/domain/datasets/row-assignment";
import { shareRows } from "@/lib/domain/datasets/share-rows";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { type AssignmentRule, toSplitRule } from "@/lib/domain/definitions/split-rule";
import { DomainError } from "@/lib/domain/errors";
import { assertReadable } from "./assert-readable";
import { firstLine } from "./frame";
import { openSource, type OpenSource } from "./open-source";
import { quoteName, quoteText } from "./quote";
import type { Session } from "./session";

/** Values of a column beyond this are no classes, each of which would have its share in every part. */
const MOST_CLASSES = 10_000;
/** Rows whose keys are one text while the digest is made. */
const ROWS_PER_TEXT = 10_000;
const BETWEEN = "chr(31)";

/**
 * Writes the assignment; a file of that name is replaced. Throws `invalid` for a source without a row key, for keys that are missing or
 * repeated, and for a column with too many values to stratify by.
 */
export async function assignRows(session: Session, request: AssignmentRequest): Promise<WrittenAssignment> {
  const { source, snapshot, policy, file } = request;
  const rule = toSplitRule(policy);
  if (rule.by !== "assignment")
    throw new DomainError("invalid", `Split policy ${policy.name} goes by ${policy.type} and needs no assignment.`);
  if (source.rowKey.length === 0) throw noRowKey(policy.name, source.name);
  await assertReadable({ source, snapshot });
  const staged = `${file}.${path.basename(session.scratch)}`;
  const paths = snapshot.files.map((one) => one.path);
  await session.confine(paths, [session.scratch, path.dirname(file)]);
  try {
    const opened = await openSource(session, source, paths);
    await rankRows(session, opened, rule, policy.name);
    const classes = await shareClasses(session, rule, policy.name);
    const keys = keyColumns(source.rowKey.length);
    await session.run(
      `COPY (SELECT ${keys.join(", ")}, t.part FROM ranked r JOIN shares t ON r.stratum IS NOT DISTINCT FROM t.stratum AND r.rank > t.low AND r.rank <= t.high ORDER BY ${keys.join(", ")}) TO ${quoteText(staged)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    const written = await digestOfAssignment(session, staged, source.rowKey.length);
    const rows = classes.reduce((sum, one) => sum + one.rows, 0);
    if (written.rows !== rows)
      throw new Error(`The assignment of ${source.name} by ${policy.name} has ${written.rows} rows for ${rows}.`);
    await rename(staged, file);
    const parts = Object.fromEntries(
      rule.shares.map(([part]) => [part, classes.reduce((sum, one) => sum + (one.parts[part] ?? 0), 0)]),
    );
    return { ...written, parts, classes: rule.stratify === null ? [] : classes };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError(
      "invalid",
      `Rows of ${source.name} cannot be assigned by split policy ${policy.name}: ${firstLine(error)}`,
    );
  } finally {
    await rm(staged, { force: true });
  }
}

/** A drawn row is found again by its key alone. */
function noRowKey(policy: string, source: string): DomainError {
  return new DomainError(
    "invalid",
    `Split policy ${policy} assigns rows of ${source}, which declares no row key. Give the source a \`rowKey\`, or split by a hash or by time.`,
  );
}

/** Table `ranked`: key0 …, stratum, and rank from 1 within the stratum. */
async function rankRows(session: Session, opened: OpenSource, rule: AssignmentRule, policy: string): Promise<void> {
  const { rowKey, name } = opened.definition;
  const keys = rowKey.map((column, i) => ({ column, sql: quoteName(`key${i}`), from: opened.expression(column) }));
  const stratum = rule.stratify === null ? "CAST(NULL AS VARCHAR)" : `CAST(${opened.expression(rule.stratify)} AS VARCHAR)`; // prettier-ignore
  await session.run(
    `CREATE TABLE keyed AS SELECT ${keys.map(({ from, sql }) => `${from} AS ${sql}`).join(", ")}, ${stratum} AS stratum FROM ${opened.relation}`,
  );
  const { missing } = await session.row<{ missing: number }>(
    `SELECT CAST(count(*) AS DOUBLE) AS missing FROM keyed WHERE ${keys.map(({ sql }) => `${sql} IS NULL`).join(" OR ")}`,
  );
  const words = rowKey.join(", ");
  const remedy = `Split policy ${policy} cannot put them into a part: make the row key whole, or split by a hash or by time.`;
  if (missing > 0)
    throw new DomainError("invalid", `${missing} rows of ${name} have no ${words}, which is the row key. ${remedy}`, {
      expected: `a value of ${words} in every row`,
      found: `${missing} rows without`,
    });
  const list = keys.map(({ sql }) => sql).join(", ");
  const texts = keys.map(({ sql }) => `CAST(${sql} AS VARCHAR)`);
  const [twice] = await session.rows<{ key: string; n: number }>(
    `SELECT concat_ws(', ', ${texts.join(", ")}) AS key, CAST(count(*) AS DOUBLE) AS n FROM keyed GROUP BY ${list} HAVING count(*) > 1 ORDER BY ${list} LIMIT 1`,
  );
  if (twice)
    throw new DomainError(
      "invalid",
      `${twice.n} rows of ${name} have the row key ${words} = ${twice.key}, which must tell rows apart. ${remedy}`,
      { expected: "one row for each key", found: `${twice.n} rows for ${twice.key}` },
    );
  const order = `md5(concat_ws(${BETWEEN}, ${[quoteText(String(rule.seed)), ...texts].join(", ")}))`;
  await session.run(
    `CREATE TABLE ranked AS SELECT ${list}, stratum, row_number() OVER (PARTITION BY stratum ORDER BY ${order}, ${list}) AS rank FROM keyed`,
  );
  await session.run("DROP TABLE keyed");
}

/** Table `shares`: which ranks of a stratum are in which part. */
async function shareClasses(session: Session, rule: AssignmentRule, policy: string): Promise<AssignedClass[]> {
  const sizes = await session.rows<{ value: string | null; n: number }>(
    `SELECT stratum AS value, CAST(count(*) AS DOUBLE) AS n FROM ranked GROUP BY 1 ORDER BY 1 NULLS FIRST LIMIT ${MOST_CLASSES + 1}`,
  );
  if (sizes.length > MOST_CLASSES)
    throw new DomainError(
      "invalid",
      `${rule.source}.${rule.stratify} has more than ${MOST_CLASSES.toLocaleString("en")} values, which are no classes. Let split policy ${policy} stratify by another column, or be random.`,
    );
  const counts = shareRows(
    sizes.map(({ n }) => n),
    rule.shares.map(([, share]) => share),
  );
  await session.run("CREATE TABLE shares (stratum VARCHAR, part VARCHAR, low BIGINT, high BIGINT)");
  const classes = sizes.map(({ value, n }, i): AssignedClass => ({
    value,
    rows: n,
    parts: Object.fromEntries(rule.shares.map(([part], at) => [part, counts[i]?.[at] ?? 0])),
  }));
  const rows = classes.flatMap(({ value, parts }) => {
    let low = 0;
    return Object.entries(parts).map(([part, n]) => {
      const row = `(${value === null ? "NULL" : quoteText(value)}, ${quoteText(part)}, ${low}, ${low + n})`;
      low += n;
      return row;
    });
  });
  for (let at = 0; at < rows.length; at += 1000)
    await session.run(`INSERT INTO shares VALUES ${rows.slice(at, at + 1000).join(", ")}`);
  return classes;
}

const keyColumns = (count: number) => Array.from({ length: count }, (_, i) => quoteName(`key${i}`));

/** Read from the file, so that it is what the file says that is digested. */
export async function digestOfAssignment(
  session: Session,
  file: string,
  keyCount: number,
): Promise<Pick<WrittenAssignment, "digest" | "rows">> {
  const keys = keyColumns(keyCount);
  const line = `concat_ws(${BETWEEN}, ${[...keys.map((key) => `CAST(${key} AS VARCHAR)`), "part"].join(", ")})`;
  const hash = createHash("sha256");
  let rows = 0;
  const query = `SELECT string_agg(line, chr(10) ORDER BY i) AS text, count(*)::INTEGER AS n FROM (SELECT ${line} AS line, row_number() OVER (ORDER BY ${keys.join(", ")}) - 1 AS i FROM read_parquet(${quoteText(file)})) GROUP BY i // ${ROWS_PER_TEXT} ORDER BY i // ${ROWS_PER_TEXT}`;
  for await (const batch of session.batches(query))
    for (const { text, n } of batch) {
      hash.update(`${String(text)}\n`);
      rows += Number(n);
    }
  return { digest: hash.digest("hex"), rows };
}

/** A part that is read beside a source's rows. */
export interface PartColumn {
  /** Absolute path of the assignment. */
  file: string;
  /** Bare name of the column with the part. */
  name: string;
}

/**
 * A query with the part of each row beside its columns; null for a row that was not assigned.
 * @param query of the source's rows, whose last columns are its row key, as `rowKeyColumns` names them
 */
export function withParts(query: string, source: SourceDefinition, columns: readonly PartColumn[]): string {
  if (columns.length === 0) return query;
  const names = source.rowKey.map((_, i) => quoteName(rowKeyName(i)));
  const joins = columns.map(
    ({ file }, at) =>
      `LEFT JOIN read_parquet(${quoteText(file)}) a${at} ON ${names.map((name, i) => `s.${name} = a${at}.${quoteName(`key${i}`)}`).join(" AND ")}`,
  );
  const parts = columns.map(({ name }, at) => `a${at}.part AS ${quoteName(name)}`);
  return `SELECT s.* EXCLUDE (${names.join(", ")}), ${parts.join(", ")} FROM (${query}) s ${joins.join(" ")}`;
}

/** What a query of a source's rows selects for `withParts`. */
export function rowKeyColumns(opened: OpenSource): string[] {
  return opened.definition.rowKey.map((column, i) => `${opened.expression(column)} AS ${quoteName(rowKeyName(i))}`);
}

const rowKeyName = (index: number) => `#rowkey${index}`;
