import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import { columnsOfRule } from "@/lib/domain/rules/check-rule";
import { isAboutColumns, OWN_RULES } from "@/lib/domain/rules/expectations";
import { isMap, isTable } from "@/lib/domain/rules/judge-rule";
import { binnedShares, categoricalShares, type Partition } from "@/lib/domain/rules/kl-divergence";
import type { Measured, SetComparison } from "@/lib/domain/rules/rule-result";
import type { Json, Rule } from "@/lib/domain/definitions/rule";
import { quoteName, quoteNumber } from "../quote";
import type { Session } from "../session";
import { conditionSql } from "./condition-sql";
import { toFigure } from "./figure-rule";
import { toMapRule } from "./map-rule";
import { measureOwn, type RuleFacts } from "./own-rule";
import { literal } from "./rule-literal";

const NO_FACTS: RuleFacts = { train: null, keys: [], bytes: () => Promise.resolve(0), milliseconds: {} };

/** Unexpected values that are shown. */
const SHOWN = 20;

/**
 * Measures every rule on a table. Counts and figures of all rules that need no order or grouping come from one scan. A rule
 * that cannot be measured (a column that is missing, a type that does not fit) fails alone and says why.
 * @param table a relation with the columns of `types` and the position of each row
 */
export async function measureRules(
  session: Session,
  table: string,
  types: ReadonlyMap<string, ColumnType>,
  rules: readonly Rule[],
  facts: RuleFacts = NO_FACTS,
): Promise<Measured[]> {
  const prepared = rules.map((rule) => prepare(rule, types, table));
  const scanned = await scan(session, table, prepared);
  const measured: Measured[] = [];
  for (const [at, step] of prepared.entries())
    measured.push(await finish(session, table, types, step, scanned[at], facts));
  return measured;
}

type Step =
  | { kind: "done"; measured: Measured }
  | { kind: "own"; rule: Rule; condition: string }
  | { kind: "map"; rule: Rule; condition: string; map: ReturnType<typeof toMapRule> }
  | { kind: "figure"; rule: Rule; condition: string; figure: string | null };

function prepare(rule: Rule, types: ReadonlyMap<string, ColumnType>, table: string): Step {
  try {
    const strangers = columnsOfRule(rule).filter((name) => !types.has(name));
    if (strangers.length > 0)
      return failed(`There is no column ${strangers.join(", ")}. There are ${[...types.keys()].join(", ")}.`);
    if (isAboutColumns(rule.type)) return { kind: "done", measured: { family: "table", observed: [...types.keys()] } };
    const given = rule.kwargs.row_condition;
    const condition = conditionSql(typeof given === "string" ? given : undefined, types);
    if (Object.hasOwn(OWN_RULES, rule.type)) return { kind: "own", rule, condition };
    if (isMap(rule.type)) return { kind: "map", rule, condition, map: toMapRule(rule, types) };
    return { kind: "figure", rule, condition, figure: toFigure(rule, types, table, condition) };
  } catch (error) {
    if (error instanceof DomainError) return failed(error.message);
    throw error;
  }
}

function failed(message: string): Step {
  return { kind: "done", measured: { family: "failed", message } };
}

interface Scanned {
  elements: number;
  missing: number;
  /** Unexpected rows of a map rule; the figure of another. */
  found: Json;
}

/** One pass over the table for every rule that one pass can answer; the others keep `undefined`. */
async function scan(session: Session, table: string, steps: readonly Step[]): Promise<(Scanned | undefined)[]> {
  const selected = steps.flatMap((step, at) => {
    if (step.kind === "map" && !step.map.relation)
      return countsOf(
        at,
        step.condition,
        step.map.missing,
        `count(*) FILTER (${step.condition} AND ${step.map.unexpected})`,
      );
    if (step.kind === "figure") {
      const column =
        typeof step.rule.kwargs.column === "string" ? `${quoteName(step.rule.kwargs.column)} IS NULL` : "FALSE";
      return countsOf(at, step.condition, column, step.figure ?? "NULL");
    }
    return [];
  });
  if (selected.length === 0) return steps.map(() => undefined);
  try {
    const row = await session.row<Record<string, Json>>(`SELECT ${selected.join(", ")} FROM ${table}`);
    return steps.map((_, at) => toScanned(row, at));
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const [only, ...others] = steps;
    if (only && others.length === 0) {
      Object.assign(only, failed(reasonOf(error)));
      return [undefined];
    }
    // One rule that DuckDB refuses must not fail the others: each is then asked on its own.
    const alone: (Scanned | undefined)[] = [];
    for (const step of steps) alone.push((await scan(session, table, [step]))[0]);
    return alone;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] as string) : String(error);
}

function countsOf(at: number, condition: string, missing: string, found: string): string[] {
  return [
    `count(*) FILTER (${condition}) AS e${at}`,
    `count(*) FILTER (${condition} AND ${missing}) AS m${at}`,
    `${found} AS f${at}`,
  ];
}

/** Results are JSON, which has no NaN and no infinity. */
function toJson(value: Json): Json {
  if (Array.isArray(value)) return value.map(toJson);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function toScanned(row: Record<string, Json>, at: number): Scanned | undefined {
  return `e${at}` in row
    ? { elements: Number(row[`e${at}`]), missing: Number(row[`m${at}`]), found: toJson(row[`f${at}`] ?? null) }
    : undefined;
}

async function finish(
  session: Session,
  table: string,
  types: ReadonlyMap<string, ColumnType>,
  step: Step,
  scanned: Scanned | undefined,
  facts: RuleFacts,
): Promise<Measured> {
  if (step.kind === "done") return step.measured;
  try {
    if (step.kind === "own") return await measureOwn(session, table, types, step, facts);
    if (step.kind === "map") return await finishMap(session, table, step, scanned);
    const { elements, missing, found } = scanned as Scanned;
    if (isTable(step.rule.type)) return { family: "table", observed: elements };
    if (step.figure !== null) return { family: "aggregate", observed: found, elements, missing };
    return { family: "aggregate", elements, missing, ...(await observe(session, table, types, step)) };
  } catch (error) {
    if (error instanceof DomainError && error.code !== "invalid") throw error;
    return { family: "failed", message: reasonOf(error) };
  }
}

async function finishMap(
  session: Session,
  table: string,
  { condition, map }: Extract<Step, { kind: "map" }>,
  scanned: Scanned | undefined,
): Promise<Measured> {
  const rows = map.relation?.(table, condition) ?? `(SELECT * FROM ${table} WHERE ${condition})`;
  const counted =
    scanned ??
    toScanned(
      await session.row(
        `SELECT ${countsOf(0, "TRUE", map.missing, `count(*) FILTER (${map.unexpected})`).join(", ")} FROM ${rows}`,
      ),
      0,
    );
  const { elements, missing, found } = counted as Scanned;
  const unexpected = Number(found);
  if (unexpected === 0) return { family: "map", elements, missing, unexpected, sample: [], counts: [] };
  const { as, columns } = map.shown;
  const shown = columns.map((name, at) => `${quoteName(name)} AS v${at}`).join(", ");
  const valuesOf = (row: Record<string, Json>) => columns.map((_, at) => toJson(row[`v${at}`] ?? null));
  const sample = await session.rows<Record<string, Json>>(
    `SELECT ${shown} FROM ${rows} WHERE ${map.unexpected} ORDER BY "__position" LIMIT ${SHOWN}`,
  );
  const most = `SELECT ${shown}, count(*) AS n, min("__position") AS first FROM ${rows} WHERE ${map.unexpected}
    GROUP BY ALL ORDER BY n DESC, first LIMIT ${SHOWN}`;
  const counts = await session.rows<Record<string, Json>>(
    `SELECT * FROM (${most}) ORDER BY n DESC, ${columns.map((_, at) => `v${at}`).join(", ")}`,
  );
  return {
    family: "map",
    elements,
    missing,
    unexpected,
    sample: sample.map((row): Json => {
      const values = valuesOf(row);
      if (as === "record") return Object.fromEntries(columns.map((name, at) => [name, values[at] as Json]));
      return as === "list" ? values : (values[0] as Json);
    }),
    counts: counts.map((row) => {
      const values = valuesOf(row);
      return { value: as === "value" ? (values[0] as Json) : values, count: Number(row.n) };
    }),
  };
}

/** Rules whose figure is not one aggregate. */
async function observe(
  session: Session,
  table: string,
  types: ReadonlyMap<string, ColumnType>,
  { rule, condition }: Extract<Step, { kind: "figure" }>,
): Promise<{ observed: Json; details?: Record<string, Json> }> {
  const name = String(rule.kwargs.column);
  const column = quoteName(name);
  const present = `${condition} AND ${column} IS NOT NULL`;
  switch (rule.type) {
    case "expect_column_values_to_be_of_type":
      return { observed: types.get(name) as string };
    case "expect_column_distinct_values_to_be_in_set":
    case "expect_column_distinct_values_to_contain_set":
    case "expect_column_distinct_values_to_equal_set":
      return {
        observed: null,
        details: await compareWithSet(session, table, {
          column,
          present,
          set: (rule.kwargs.value_set as Json[]).filter((value) => value !== null),
          literalOf: (value) => literal(value, types.get(name) as ColumnType, name),
        }),
      };
    case "expect_column_most_common_value_to_be_in_set": {
      const rows = await session.rows<{ value: Json }>(
        `SELECT value FROM (SELECT ${column} AS value, count(*) AS n FROM ${table} WHERE ${present} GROUP BY 1)
         QUALIFY n = max(n) OVER () ORDER BY value`,
      );
      return { observed: rows.map((row) => toJson(row.value)) };
    }
    case "expect_column_kl_divergence_to_be_less_than": {
      const partition = rule.kwargs.partition_object as Partition;
      const holdouts = {
        tail: Number(rule.kwargs.tail_weight_holdout ?? 0),
        internal: Number(rule.kwargs.internal_weight_holdout ?? 0),
      };
      if ("values" in partition && holdouts.internal > 0)
        throw new DomainError(
          "invalid",
          "internal_weight_holdout is for bins that are expected to be empty, not for values.",
        );
      const details =
        "values" in partition
          ? categoricalShares(partition, await countValues(session, table, column, present), holdouts)
          : binnedShares(partition, await countBins(session, table, column, present, partition.bins), holdouts);
      return { observed: null, details: { ...details } };
    }
    default:
      throw new DomainError("unsupported", `The local engine cannot check ${rule.type}.`);
  }
}

/** The values that occur and are not in the set, and those of the set that do not occur: how many, and the first of them. */
async function compareWithSet(
  session: Session,
  table: string,
  asked: { column: string; present: string; set: Json[]; literalOf: (value: Json) => string },
): Promise<SetComparison> {
  const { column, present, set, literalOf } = asked;
  const listed = set.map((value, at) => `(${at}, ${literalOf(value)})`);
  const values = `(SELECT DISTINCT ${column} AS value FROM ${table} WHERE ${present})`;
  const wanted = listed.length === 0 ? "(SELECT 0 AS place, NULL AS value LIMIT 0)" : `(VALUES ${listed.join(", ")})`;
  const unexpected = await session.rows<{ value: Json; n: number }>(
    `SELECT value, count(*) OVER () AS n FROM ${values} v WHERE value NOT IN (SELECT value FROM ${wanted} w(place, value))
     ORDER BY value LIMIT ${SHOWN}`,
  );
  const missing = await session.rows<{ place: number; n: number }>(
    `SELECT place, count(*) OVER () AS n FROM ${wanted} w(place, value) WHERE value NOT IN (SELECT value FROM ${values})
     ORDER BY place LIMIT ${SHOWN}`,
  );
  return {
    unexpected_count: Number(unexpected[0]?.n ?? 0),
    partial_unexpected_list: unexpected.map(({ value }) => toJson(value)),
    missing_count: Number(missing[0]?.n ?? 0),
    partial_missing_list: missing.map(({ place }) => set[Number(place)] as Json),
  };
}

async function countValues(
  session: Session,
  table: string,
  column: string,
  present: string,
): Promise<{ value: Json; count: number }[]> {
  const rows = await session.rows<{ value: Json; n: number }>(
    `SELECT ${column} AS value, count(*) AS n FROM ${table} WHERE ${present} GROUP BY 1 ORDER BY 1`,
  );
  return rows.map(({ value, n }) => ({ value: toJson(value), count: Number(n) }));
}

/** Rows below, in each bin, above; the last bin includes its right edge. NaN is in none. */
async function countBins(
  session: Session,
  table: string,
  column: string,
  present: string,
  bins: number[],
): Promise<number[]> {
  const edges = bins.map(quoteNumber);
  const last = edges.length - 1;
  const within = edges
    .slice(0, last)
    .map((edge, at) => `count(*) FILTER (x >= ${edge} AND x ${at === last - 1 ? "<=" : "<"} ${edges[at + 1]})`);
  const counts = [
    `count(*) FILTER (x < ${edges[0]})`,
    ...within,
    `count(*) FILTER (x > ${edges[last]} AND NOT isnan(x))`,
  ];
  const row = await session.row<Record<string, number>>(
    `SELECT ${counts.map((count, at) => `${count} AS c${at}`).join(", ")} FROM (SELECT ${column}::DOUBLE AS x FROM ${table} WHERE ${present})`,
  );
  return counts.map((_, at) => Number(row[`c${at}`]));
}
