/** Which units rows of dataset versions have: counted on both sides of a split, or kept as a sketch. */
import type {
  UnitIntersection,
  UnitIntersectionRequest,
  UnitRows,
  UnitSketch,
  UnitSketchRequest,
} from "@/lib/domain/leakage/unit-keys";
import { SKETCH_SIZE } from "@/lib/domain/leakage/unit-keys";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { KeyBound } from "@/lib/domain/leakage/types";
import { assertReadable } from "./assert-readable";
import { digestOfAssignment, rowKeyColumns, withParts } from "./assign-rows";
import { firstLine } from "./frame";
import { type OpenSource, openSource } from "./open-source";
import { quoteName, quoteText } from "./quote";
import { assignedCondition, hashCondition, interval } from "./row-selection";
import type { Session } from "./session";

const PART = quoteName("#part");

/**
 * See `Engine.intersectUnits`. Test rows are looked up among the units of the fit, which DuckDB does on disk where memory does not do.
 */
export async function intersectUnits(session: Session, request: UnitIntersectionRequest): Promise<UnitIntersection> {
  const { unit, fit, test } = request;
  const open = await openRows(session, unit, [...fit, ...test]);
  try {
    const keys = keyNames(unit);
    const [fitRows, testRows] = [await open("fit", fit), await open("test", test)];
    const [seen, asked] = [await countRows(session, fitRows, keys), await countRows(session, testRows, keys)];
    // Only what is on both sides is grouped, which is little where it matters.
    const on = keys.map((key) => `t.${key} = f.${key}`).join(" AND ");
    const found = await session.row<Record<string, number>>(
      `SELECT CAST(count(*) AS DOUBLE) AS common, CAST(coalesce(sum(n), 0) AS DOUBLE) AS rows FROM (SELECT ${keys.join(", ")}, count(*) AS n FROM ${testRows} t SEMI JOIN ${fitRows} f ON ${on} GROUP BY ALL)`,
    );
    return {
      common: found.common ?? 0,
      sharedTestRows: found.rows ?? 0,
      rows: { fit: seen.rows, test: asked.rows },
      withoutUnit: { fit: seen.withoutUnit, test: asked.withoutUnit },
    };
  } catch (error) {
    throw translate(error, unit);
  }
}

/** See `Engine.sketchUnits`. */
export async function sketchUnits(session: Session, { unit, rows }: UnitSketchRequest): Promise<UnitSketch> {
  const open = await openRows(session, unit, rows);
  try {
    const relation = await open("rows", rows);
    const keys = keyNames(unit);
    const counted = await countRows(session, relation, keys);
    // Only those below a bound are sorted: far more than a sketch holds where every row has a unit of its own.
    const share = (4 * SKETCH_SIZE) / counted.rows;
    const hash = `substr(md5(concat_ws(chr(31), ${keys.map((key) => `CAST(${key} AS VARCHAR)`).join(", ")})), 1, 16)`;
    const smallest = (from: string, bound = "") =>
      session.rows<{ hash: string }>(
        `SELECT DISTINCT hash FROM (SELECT ${hash} AS hash FROM ${from})${bound} ORDER BY hash LIMIT ${SKETCH_SIZE + 1}`,
      );
    const bounded = share < 1 ? await smallest(`${relation} WHERE ${wholeSql(keys)}`, ` WHERE hash < ${quoteText(hexOf(share))}`) : []; // prettier-ignore
    const units = `(SELECT DISTINCT ${keys.join(", ")} FROM ${relation} WHERE ${wholeSql(keys)})`;
    const found = bounded.length > SKETCH_SIZE ? bounded : await smallest(units);
    return {
      hashes: found.slice(0, SKETCH_SIZE).map(({ hash: one }) => one),
      isExact: found.length <= SKETCH_SIZE,
      ...counted,
    };
  } catch (error) {
    throw translate(error, unit);
  }
}

const wholeSql = (keys: readonly string[]) => keys.map((key) => `${key} IS NOT NULL`).join(" AND ");

async function countRows(session: Session, relation: string, keys: readonly string[]) {
  // Of one column, Parquet says how many values it has.
  const whole = keys.length === 1 ? `count(${keys[0] ?? ""})` : `count(*) FILTER (WHERE ${wholeSql(keys)})`;
  return session.row<Pick<UnitSketch, "rows" | "withoutUnit">>(
    `SELECT CAST(count(*) AS DOUBLE) AS "rows", CAST(count(*) - ${whole} AS DOUBLE) AS "withoutUnit" FROM ${relation}`,
  );
}

/** The hash below which that share of all hashes lies. */
function hexOf(share: number): string {
  return (BigInt(Math.floor(share * 2 ** 53)) << 11n).toString(16).padStart(16, "0");
}

const keyNames = (unit: readonly string[]) => unit.map((_, i) => quoteName(`u${i}`));

function translate(error: unknown, unit: readonly string[]): unknown {
  if (error instanceof DomainError) return error;
  return new DomainError("invalid", `Units of ${unit.join(", ")} cannot be counted: ${firstLine(error)}`);
}

/** Checks and opens what is read; the answer makes a relation of some of the rows, with a column for each of the unit. */
async function openRows(session: Session, unit: readonly string[], all: readonly UnitRows[]) {
  assertSameTypes(unit, all);
  for (const { source, snapshot } of all) await assertReadable({ source, snapshot });
  const paths = ({ snapshot }: UnitRows) => snapshot.files.map(({ path }) => path);
  const assigned = all.flatMap(({ split }) => (split?.assignment ? [split.assignment.file] : []));
  await session.confine([...new Set([...all.flatMap(paths), ...assigned])], [session.scratch]);
  return async (name: string, some: readonly UnitRows[]): Promise<string> => {
    const queries: string[] = [];
    let isText = false;
    for (const group of groupBySnapshot(some)) {
      const [first] = group;
      const opened = await openSource(session, first.source, paths(first));
      for (const rows of group) await assertAssignment(session, rows);
      isText ||= opened.isText;
      queries.push(selectUnits(opened, unit, group));
    }
    const relation = quoteName(name);
    // Text is parsed once; Parquet is read as fast as a table.
    const query = queries.length === 0 ? `SELECT ${keyNames(unit).map((key) => `NULL AS ${key}`).join(", ")} WHERE false` : queries.join(" UNION ALL "); // prettier-ignore
    await session.run(`CREATE ${isText ? "TABLE" : "VIEW"} ${relation} AS ${query}`);
    return relation;
  };
}

/** Rows of one dataset version are read once, whichever of the conditions they meet. */
function groupBySnapshot(rows: readonly UnitRows[]): [UnitRows, ...UnitRows[]][] {
  const groups = new Map<string, [UnitRows, ...UnitRows[]]>();
  for (const one of rows) {
    const key = `${one.snapshot.dataset}@${one.snapshot.version}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

/** Keys of two types are never equal to DuckDB, or are cast in silence: neither is a count. */
function assertSameTypes(unit: readonly string[], all: readonly UnitRows[]): void {
  for (const column of unit) {
    const types = new Map(all.map(({ source }) => [source.name, typeOf(source, column)]));
    if (new Set(types.values()).size < 2) continue;
    const words = [...types].map(([name, type]) => `${type ?? "missing"} in ${name}`).join(" and ");
    throw new DomainError(
      "invalid",
      `Units of ${column} cannot be compared: it is ${words}. Declare it with one type.`,
      {
        issues: [{ path: ["unit"], message: "expected one type on both sides", found: words }],
      },
    );
  }
}

const typeOf = ({ columns }: UnitRows["source"], name: string): ColumnType | undefined =>
  columns.find((column) => column.name === name)?.type;

/** Throws `conflict` when an assignment is not what was recorded. */
async function assertAssignment(session: Session, { source, split }: UnitRows): Promise<void> {
  if (!split?.assignment) return;
  const { file, digest } = split.assignment;
  const found = await digestOfAssignment(session, file, source.rowKey.length);
  if (found.digest === digest) return;
  throw new DomainError(
    "conflict",
    `The assignment of ${source.name} by split policy ${split.policy} is not what was recorded: ${file} has digest ${found.digest.slice(0, 12)}, not ${digest.slice(0, 12)}. Remove the file; the next run makes it anew.`,
    { expected: digest, found: found.digest },
  );
}

function selectUnits(opened: OpenSource, unit: readonly string[], group: readonly UnitRows[]): string {
  const { definition } = opened;
  const keys = unit.map((column, i) => `${opened.expression(column)} AS ${keyNames(unit)[i] ?? ""}`);
  const files = [...new Set(group.flatMap(({ split }) => (split?.assignment ? [split.assignment.file] : [])))];
  const conditions = group.map((rows) => conditionOf(opened, rows, files));
  const condition = conditions.includes("true") ? "" : conditions.map((one) => `(${one})`).join(" OR ");
  if (files.length === 0)
    return `SELECT ${keys.join(", ")} FROM ${opened.relation}${condition && ` WHERE ${condition}`}`;
  // The part is known only where the rows are joined, and what the other conditions read only before.
  const parts = files.map((file, at) => ({ file, name: partName(at) }));
  const others = group.map((rows, at) => `coalesce(${conditionOf(opened, { ...rows, split: rows.split?.assignment ? null : rows.split }, files)}, false) AS ${quoteName(`#met${at}`)}`); // prettier-ignore
  const query = `SELECT ${[...keys, ...others, ...rowKeyColumns(opened)].join(", ")} FROM ${opened.relation}`;
  const met = group.map(({ split }, at) => {
    const own = quoteName(`#met${at}`);
    if (!split?.assignment) return own;
    return `(${own} AND ${assignedCondition(quoteName(partName(files.indexOf(split.assignment.file))), split.parts)})`;
  });
  return `SELECT ${keyNames(unit).join(", ")} FROM (${withParts(query, definition, parts)}) WHERE ${met.join(" OR ")}`;
}

const partName = (at: number) => `${PART.slice(1, -1)}${at}`;

/** SQL of the conditions that a row meets by its own values. */
function conditionOf(opened: OpenSource, { source, split, time, keys }: UnitRows, files: readonly string[]): string {
  const conditions: string[] = [];
  const timeOf = (column: string) => `CAST(${opened.expression(column)} AS TIMESTAMP)`;
  if (split && !(split.assignment && files.includes(split.assignment.file))) {
    const { rule, parts } = split;
    const unknown = rule.by === "assignment" ? [] : parts.filter((part) => !Object.hasOwn(rule.parts, part));
    if (unknown.length > 0)
      throw new DomainError("invalid", `Split policy ${split.policy} has no part ${unknown.join(", ")}.`);
    if (rule.by === "assignment")
      throw new DomainError("not_found", `The assignment of ${source.name} by split policy ${split.policy} is not there.`); // prettier-ignore
    if (rule.by === "hash") conditions.push(hashCondition(rule, parts, opened.expression(rule.key)));
    else {
      const ranges = parts.map((part) => interval(rule.parts[part] ?? [null, null], timeOf(rule.column)));
      conditions.push(ranges.length === 0 ? "false" : `(${ranges.join(" OR ")})`);
    }
  }
  if (time) {
    if (source.timeColumn === undefined)
      throw new DomainError("invalid", `Rows of ${source.name} have no time, so that no window selects any.`);
    conditions.push(interval([time[0], time[1]], timeOf(source.timeColumn)));
  }
  if (keys) conditions.push(rangeCondition(opened, keys));
  return conditions.length === 0 ? "true" : conditions.join(" AND ");
}

/** As `comparesAtMost` orders keys: integers by value, texts by code unit. */
function rangeCondition(opened: OpenSource, { column, range: [low, high] }: NonNullable<UnitRows["keys"]>): string {
  const type = typeOf(opened.definition, column);
  const literal = (bound: KeyBound) => {
    if (type === "bigint" && /^-?\d+$/.test(String(bound))) return `${String(bound)}::HUGEINT`;
    if (type === "string") return quoteText(String(bound));
    throw new DomainError("invalid", `A range of ${column}, which is ${type ?? "missing"}, cannot be read from ${String(bound)}.`, {
      issues: [{ path: ["keys"], message: "expected integers of a bigint column, or texts of a string column", found: String(bound) }],
    }); // prettier-ignore
  };
  const sql = opened.expression(column);
  return [
    `${sql} IS NOT NULL`,
    ...(low === null ? [] : [`${sql} >= ${literal(low)}`]),
    ...(high === null ? [] : [`${sql} < ${literal(high)}`]),
  ].join(" AND ");
}
