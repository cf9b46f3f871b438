/**
 * A model as one query over a table of given rows: the stages that a run would run, as views, planned once. The same code writes
 * the same SQL for both, so that both give the same numbers.
 */
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import { operatorName, resolveParams } from "@/lib/domain/operators/operator-table";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { RowFinding, ScoredRows, ScoringPlan } from "@/lib/domain/runs/scoring-plan";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import { EVENT_TIME, type Frame, type FrameColumn, columnKey, keyName, newFrame, valueSql } from "../frame";
import { Frames } from "../frames";
import { bindAll, runOperatorStage } from "../operator-stage";
import { LOCAL_OPERATORS } from "../operators/local-operators";
import { findUses } from "../plan-uses";
import { SQL_TYPES, quoteName, quoteNumber } from "../quote";
import { type Session, type SessionOptions, openSession } from "../session";
import { FINITE } from "../source-rows";
import { runSqlStage } from "../sql-stage";
import type { PreparedQuery } from "./prepared-query";

const TABLE = "given";

/** How values are read from their JSON; what is not there comes as text and is cast. */
const READ_AS: Partial<Record<ColumnType, string>> = {
  boolean: '"BOOLEAN"',
  bigint: '"BIGINT"',
  double: '"DOUBLE"',
  vector: '["DOUBLE"]',
  strings: '["VARCHAR"]',
};

/** Rows that come and go: whatever is computed of them stays an expression. */
class GivenFrames extends Frames {
  override store(): Promise<void> {
    return Promise.resolve();
  }
}

const QUIET: RunControl = {
  signal: new AbortController().signal,
  progress: () => undefined,
  log: () => undefined,
};

interface Check extends Omit<RowFinding, "rows"> {
  /** True in rows that it is found in. */
  condition: string;
}

export class CompiledModel {
  /** A table and a connection are there once: askings come one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly session: Session,
    private readonly plan: ScoringPlan,
    private readonly checks: readonly Check[],
    private readonly query: PreparedQuery,
  ) {}

  static async compile(options: SessionOptions, plan: ScoringPlan): Promise<CompiledModel> {
    const own = await openSession(options);
    const { session, inline } = recordViews(own);
    try {
      await session.confine([], [session.scratch]);
      const lists = plan.given.map(
        ({ type }, i) => `unnest(from_json($${i + 1}::VARCHAR, '[${READ_AS[type] ?? '"VARCHAR"'}]')) AS "c${i}"`,
      );
      // Views are bound to a table of the same columns, which stays empty.
      await session.run(
        `CREATE TABLE ${TABLE} AS SELECT ${lists.map((list) => list.replace(/\$\d+::VARCHAR/, "'[]'")).join(", ")} LIMIT 0`,
      );
      const frame = await givenFrame(session, plan);
      const frames = new GivenFrames(session, toVariantPlan(plan), plan.instances, findUses(toVariantPlan(plan), plan.instances), QUIET, 0); // prettier-ignore
      frames.place(frame);
      const checks: Check[] = [];
      for (const [at, instance] of plan.instances.entries()) {
        frames.at = at;
        checks.push(...(await addStage(session, frames, frame, instance, plan)));
      }
      checks.push(...rangeChecks(frame, plan));
      const outputs = plan.outputs.map(({ column, instance }) =>
        valueSql(columnOf(frame, columnKey(column, instance))),
      );
      const select = [...outputs, ...masks(checks.map(({ condition }) => condition))];
      const sql = `WITH ${[`${TABLE} AS (SELECT ${lists.join(", ")})`, ...inline()].join(", ")} SELECT ${select.map((one, i) => `${one} AS "v${i}"`).join(", ")} FROM ${frame.relation}`;
      return new CompiledModel(session, plan, checks, await session.prepare(sql));
    } catch (error) {
      await own.close();
      throw error;
    }
  }

  /** @param values of each given column as the JSON text of a list */
  score(values: readonly string[]): Promise<ScoredRows> {
    const scored = this.last.then(() => this.ask(values));
    this.last = scored.catch(() => undefined);
    return scored;
  }

  private async ask(values: readonly string[]): Promise<ScoredRows> {
    const answer = await this.query.ask(values);
    const outputs = answer.slice(0, this.plan.outputs.length);
    const words = answer.slice(outputs.length);
    const findings = this.checks.flatMap(({ kind, column, message }, i): RowFinding[] => {
      const word = words[Math.floor(i / MASK)] ?? [];
      const rows = [...word.keys()].filter((row) => (Number(word[row]) & (1 << (i % MASK))) !== 0);
      if (kind === "refused") for (const row of rows) for (const output of outputs) output[row] = null;
      return rows.length === 0 ? [] : [{ kind, column, message, rows }];
    });
    return { outputs, findings };
  }

  /** After what was asked before. */
  async close(): Promise<void> {
    await this.last;
    this.query.close();
    await this.session.close();
  }
}

/** Conditions that one integer tells of. */
const MASK = 30;

/** Integers with a bit for each condition that is true: a column for each would take longer to read than to compute. */
function masks(conditions: readonly string[]): string[] {
  return Array.from({ length: Math.ceil(conditions.length / MASK) }, (_, word) => {
    const bits = conditions.slice(word * MASK, (word + 1) * MASK);
    return `CAST(${bits.map((condition, bit) => `CASE WHEN ${condition} THEN ${2 ** bit} ELSE 0 END`).join(" + ")} AS INTEGER)`;
  });
}

/**
 * Keeps the views that stages make, to stand in the query itself: there the rows are lists that are given with each asking, while what is
 * stored in between would have to be written and taken back.
 */
function recordViews(own: Session): { session: Session; inline: () => string[] } {
  const views = new Map<string, string>();
  const run = async (sql: string) => {
    await own.run(sql);
    const [, made, query] = /^CREATE VIEW ("(?:[^"]|"")+") AS ([^]*)$/.exec(sql) ?? [];
    if (made !== undefined && query !== undefined) views.set(made, query);
    const [, dropped] = /^DROP VIEW ("(?:[^"]|"")+")$/.exec(sql) ?? [];
    if (dropped !== undefined) views.delete(dropped);
  };
  // Statements of users name their relation in full; here no WITH table of theirs could take its place, because they have none.
  const named = (query: string) =>
    [...views.keys()].reduce((text, name) => text.replaceAll(`memory.main.${name}`, name), query);
  return {
    session: { ...own, run },
    inline: () => [...views].map(([name, query]) => `${name} AS NOT MATERIALIZED (${named(query)})`),
  };
}

/** The given rows as those of the entity: its keys and event time where they are given, and columns of others as if they were joined. */
async function givenFrame(session: Session, { entity, given }: ScoringPlan): Promise<Frame> {
  const columns = new Map<string, FrameColumn>();
  const select: string[] = [];
  const names: string[] = [];
  const add = (name: string, sql: string) => {
    names.push(name);
    select.push(`${sql} AS ${quoteName(name)}`);
  };
  const sqlOf = (at: number, type: ColumnType) =>
    READ_AS[type] || type === "string" ? `"c${at}"` : `CAST("c${at}" AS ${SQL_TYPES[type]})`;
  const own = (bare: string) =>
    given.findIndex(({ relation, column }) => relation === null && column === `${entity.name}.${bare}`);
  entity.joinKeys.forEach((key, i) => {
    const at = own(key.name);
    add(keyName(i), at < 0 ? `CAST(NULL AS ${SQL_TYPES[key.type]})` : sqlOf(at, key.type));
  });
  const time = entity.eventTime === undefined ? -1 : own(entity.eventTime);
  if (time >= 0) add(EVENT_TIME, `CAST(${sqlOf(time, given[time]?.type ?? "timestamp")} AS TIMESTAMP)`);
  given.forEach(({ column, relation, type }, at) => {
    const physical = `given ${at}`;
    add(physical, sqlOf(at, type));
    columns.set(columnKey(column, null) + (relation === null ? "" : `|${relation}`), {
      type,
      physical: { kind: type === "vector" ? "list" : "scalar", name: physical },
      finite: FINITE.has(type),
    });
  });
  await session.run(`CREATE VIEW "given rows" AS SELECT ${select.join(", ")} FROM ${TABLE}`);
  return { ...newFrame(entity, '"given rows"', time >= 0, names, columns), stored: false };
}

/** Adds what a stage computes, and answers what is to be said of rows. */
async function addStage(
  session: Session,
  frames: Frames,
  frame: Frame,
  instance: EngineInstance,
  plan: ScoringPlan,
): Promise<Check[]> {
  const { stage } = instance;
  if (operatorName(stage) === "sql") {
    await runSqlStage(session, frames, instance, QUIET);
    return [];
  }
  for (const column of stage.inputs) {
    const { physical } = await frames.resolve(frame, column, instance.inputs[column] ?? null, instance);
    if (physical.kind === "list")
      throw new DomainError(
        "unsupported",
        `Stage ${stage.name} takes ${column} apart, which comes as a list: how many numbers it has is known only of whole files. Score it by a predict job, or make the vector with a VectorAssembler.`,
        { stage: stage.name, column },
      );
  }
  await runOperatorStage(session, frames, instance, QUIET, () => undefined);
  const operator = LOCAL_OPERATORS[operatorName(stage)];
  const inputs = await bindAll(session, frames, frame, instance, stage.inputs);
  const context = { stage, params: resolveParams(stage), learned: instance.fit?.fitted?.learned ?? {}, inputs };
  const nameOf = (column: string) => shownName(plan, column, instance);
  return [
    ...(operator?.unseen?.(context) ?? []).map((condition, i): Check => {
      const column = stage.inputs[i] ?? "";
      return {
        kind: "unseen",
        column: nameOf(column),
        condition,
        message: `${nameOf(column)} has a category that was not there when ${stage.name} was fitted.`,
      };
    }),
    ...(operator?.invalid?.(context) ?? []).map(({ column, condition, problem, advice }): Check => ({
      kind: "refused",
      column: nameOf(column),
      condition,
      message: `Stage ${stage.name} refuses ${nameOf(column)}: ${problem}. ${advice}`,
    })),
  ];
}

/** What a caller calls a column that a stage reads. */
function shownName({ given, entity }: ScoringPlan, column: string, { stage, inputs }: EngineInstance): string {
  const [owner] = splitColumn(column);
  if ((inputs[column] ?? null) !== null) return column;
  const named = stage.via?.[owner];
  const found = given.find(
    (one) => one.column === column && (owner === entity.name || named === undefined || one.relation === named),
  );
  return found?.name ?? column;
}

function rangeChecks(frame: Frame, { ranges }: ScoringPlan): Check[] {
  return ranges.flatMap(({ name, column, instance, relation, min, max }): Check[] => {
    const found = frame.columns.get(columnKey(column, instance) + (relation === null ? "" : `|${relation}`));
    if (found?.physical.kind !== "scalar" || (found.type !== "double" && found.type !== "bigint")) return [];
    const x = quoteName(found.physical.name);
    return [
      {
        kind: "beyond",
        column: name,
        condition: `(${x} < ${quoteNumber(min)} OR ${x} > ${quoteNumber(max)})`,
        message: `${name} is outside of ${min} to ${max}, where it was in the rows that the model was fitted on.`,
      },
    ];
  });
}

function columnOf(frame: Frame, key: string): FrameColumn {
  const found = frame.columns.get(key);
  if (!found) throw new DomainError("conflict", `The model does not write ${key.split("|")[0]}. Fit it again.`);
  return found;
}

/** What the frames know a plan by: the stages, and nothing to read from. */
function toVariantPlan({ entity, instances, outputs, ranges }: ScoringPlan): VariantPlan {
  return {
    entities: [entity],
    sources: [],
    instances,
    materialise: [...outputs, ...ranges].map(({ column, instance }) => ({ column, instance, name: column })),
    profile: { columns: [], selections: [], every: null },
    outputDirectory: "",
  };
}
