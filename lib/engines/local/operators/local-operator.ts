/**
 * What an operator is to the local engine: a fit that asks DuckDB for statistics and a score that is SQL text. A vector
 * is a list of scalar expressions all the way through: DuckDB is several times faster on columns than on lists.
 */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import type { Session } from "../session";

/** A column that a stage reads, bound to SQL over some relation. */
export interface Bound {
  /** `entity.column`. */
  column: string;
  type: ColumnType;
  /** One expression for a scalar, one for each component of a vector; a null vector has null in all of them. */
  sql: string[];
  /** Known to hold neither NaN nor infinity; null is possible. */
  finite: boolean;
  /** Numbers that an indexer can write to the column, one for unknown values among them; null where nobody numbered it. */
  categories: number | null;
  /** Of a vector: what each component is, in words; null where nobody said. */
  components: string[] | null;
}

/** SQL of one output: a scalar, the components of a vector, or a vector of `size` as a map from index to value without the zeros. */
export type Scored = { scalar: string } | { components: string[] } | { sparse: string; size: number };

export interface ScoreContext {
  stage: StageDefinition;
  params: Record<string, unknown>;
  learned: Record<string, unknown>;
  inputs: Bound[];
}

export interface OutputContext extends ScoreContext {
  /** SQL of what the operator's `intermediate` gave, in order. */
  values: string[];
}

export interface FitContext {
  session: Session;
  stage: StageDefinition;
  params: Record<string, unknown>;
  /** Quoted name of a relation with the rows to fit on; `inputs` and `labels` are bound to it. */
  rows: string;
  count: number;
  inputs: Bound[];
  labels: Bound[];
  warn(message: string): void;
  /** Says that the fit is alive: steps done of at most `total`. */
  step(message: string): void;
}

export type Fitted = Pick<FittedModel, "learned" | "summary" | "terms">;

/** Rows that an operator cannot score. */
export interface InvalidRows {
  column: string;
  /** True for such a row. */
  condition: string;
  problem: string;
  advice: string;
}

export interface LocalOperator {
  /** Whether it is fitted outside DuckDB, with memory of its own. */
  isKernel?: boolean;
  /** Why this engine cannot run the operator with these parameters (defaults filled in), though another can. */
  unsupported?(params: Record<string, unknown>): string | null;
  fit?(context: FitContext): Promise<Fitted>;
  /** SQL of scalars that outputs have in common: they are computed once, and `score` reads them by name. */
  intermediate?(context: ScoreContext): string[];
  score(context: OutputContext): Scored[];
  invalid?(context: ScoreContext): InvalidRows[];
  /** Of an operator that knows categories: for each input, true in rows with one that was not there when it was fitted. */
  unseen?(context: ScoreContext): string[];
  /** Whether outputs are free of NaN and infinity, given inputs that are as bound. */
  finite?(context: ScoreContext): boolean;
  /** Of an operator that writes category numbers: how many each output can hold. */
  categories?(context: Pick<ScoreContext, "params" | "learned">): number[];
  /** What each component of each output vector is, in words; null where the operator cannot say. */
  components?(context: ScoreContext): (string[] | null)[];
}

/** An error about one stage: what is wrong, and where. */
export function stageError(
  stage: Pick<StageDefinition, "name">,
  message: string,
  issue: Omit<Issue, "message" | "path"> & { path?: Issue["path"] } = {},
): DomainError {
  const { path = [], ...rest } = issue;
  return new DomainError("invalid", `Stage ${stage.name}: ${message}`, {
    stage: stage.name,
    issues: [{ path: ["stages", stage.name, ...path], message, ...rest }] satisfies Issue[],
  });
}

/**
 * Learned numbers to ten significant digits. DuckDB adds floating point numbers in the order in which threads finish,
 * so the last digits differ from run to run; without them a rerun gives the same model.
 */
export function settle(value: number): number {
  return Number(value.toPrecision(10));
}

export function scalarOf(bound: Bound | undefined): string {
  const [sql] = bound?.sql ?? [];
  if (sql === undefined) throw new Error("a scalar input was expected");
  return sql;
}

/** Any input as doubles, a vector's components or one scalar. */
export function doubles(bound: Bound): string[] {
  return bound.type === "double" || bound.type === "vector"
    ? bound.sql
    : bound.sql.map((sql) => `CAST(${sql} AS DOUBLE)`);
}

/** Terms in one pair of brackets; DuckDB refuses expressions that are nested deeper than 1000, and a sum nests once per term. */
const TERMS = 64;

/** The sum of any number of terms. */
export function addUp(terms: string[]): string {
  if (terms.length <= TERMS) return terms.join(" + ");
  const groups = Array.from({ length: Math.ceil(terms.length / TERMS) }, (_, i) =>
    terms.slice(i * TERMS, (i + 1) * TERMS),
  );
  return addUp(groups.map((group) => `(${group.join(" + ")})`));
}

/** Condition that is true when any of the expressions is NaN or infinite; null is neither. */
export function anyNotFinite(sql: string[]): string {
  return sql.length === 0 ? "false" : `coalesce(${sql.map((x) => `NOT isfinite(${x})`).join(" OR ")}, false)`;
}

export function anyNull(sql: string[]): string {
  return sql.length === 0 ? "false" : `(${sql.map((x) => `${x} IS NULL`).join(" OR ")})`;
}

/** Rows with a NaN or infinite component cannot be scored by a linear form or a tree. */
export function notFiniteRows(inputs: Bound[]): InvalidRows[] {
  return inputs
    .filter((input) => !input.finite)
    .map((input) => ({
      column: input.column,
      condition: anyNotFinite(doubles(input)),
      problem: "NaN or infinite values",
      advice: "Fill them with an Imputer, or let the VectorAssembler skip them (handleInvalid: skip).",
    }));
}

/**
 * Copies the rows that a repeated fit reads into a table of plain doubles x0, x1 …, y, and w where rows have a weight, without rows
 * that lack a component, the label or the weight, or weigh nothing. Fails on NaN and infinity.
 */
export async function storeFitRows(
  context: FitContext,
  table: string,
  y: string | null,
): Promise<{ size: number; rows: number }> {
  const { session, stage } = context;
  const xs = context.inputs.flatMap(doubles);
  for (const { column, condition, problem, advice } of notFiniteRows(context.inputs)) {
    const { n } = await session.row<{ n: number }>(`SELECT count(*) AS n FROM ${context.rows} WHERE ${condition}`);
    if (n > 0)
      throw stageError(stage, `${n} rows of ${column} hold ${problem}. ${advice}`, {
        path: ["inputs"],
        expected: "finite numbers",
        found: `${n} rows with ${problem}`,
      });
  }
  const w = y !== null && context.labels[1] ? `CAST(${scalarOf(context.labels[1])} AS DOUBLE)` : null;
  if (w !== null) {
    const { n } = await session.row<{ n: number }>(
      `SELECT count(*) AS n FROM ${context.rows} WHERE ${w} < 0 OR NOT isfinite(${w})`,
    );
    if (n > 0)
      throw stageError(stage, `${n} rows of the weights ${context.labels[1]?.column} are below 0, NaN or infinite.`, {
        path: ["fitInputs", 1],
        expected: "numbers of at least 0",
        found: `${n} rows`,
      });
  }
  const extra = [...(y === null ? [] : ["y"]), ...(w === null ? [] : ["w"])];
  const select = [
    ...xs.map((x, i) => `${x} AS x${i}`),
    ...(y === null ? [] : [`${y} AS y`]),
    ...(w === null ? [] : [`nullif(${w}, 0) AS w`]),
  ];
  await session.run(
    `CREATE TABLE ${table} AS SELECT * FROM (SELECT ${select.join(", ")} FROM ${context.rows}) WHERE NOT ${anyNull([...xs.map((_, i) => `x${i}`), ...extra])}`,
  );
  const { n } = await session.row<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
  if (n === 0) {
    throw stageError(
      stage,
      `none of the ${context.count} rows to fit on has every input and the label. Fill missing values with an Imputer, or fit on other rows.`,
      {
        path: ["fit"],
        expected: "rows without missing values",
        found: "none",
      },
    );
  }
  if (n < context.count)
    context.warn(
      `Stage ${stage.name} is fitted on ${n} of ${context.count} rows; the others lack an input or the label.`,
    );
  return { size: xs.length, rows: n };
}

/** A word for every component of the inputs, side by side: what the stages before called it, else column and position. */
export function componentNames(inputs: Bound[]): string[] {
  return inputs.flatMap(({ column, type, sql, components }) => {
    const [, bare = column] = /^[^.]*\.(.*)$/.exec(column) ?? [];
    return components ?? (type === "vector" ? sql.map((_, i) => `${bare}[${i}]`) : [bare]);
  });
}
