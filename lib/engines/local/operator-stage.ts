/** Runs every stage that is not SQL: binds its columns, fits it if need be, and puts its score into the frame. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { stageKind } from "@/lib/domain/definitions/stage";
import { operatorName, resolveParams } from "@/lib/domain/operators/operator-table";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { EngineInstance } from "@/lib/domain/runs/variant-plan";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { type Frame, type FrameColumn, bindColumn, columnKey, displayColumn } from "./frame";
import type { Addition, Frames } from "./frames";
import { LOCAL_OPERATORS } from "./operators/local-operators";
import {
  type Bound,
  type Fitted,
  type LocalOperator,
  type ScoreContext,
  type Scored,
  stageError,
} from "./operators/local-operator";
import { quoteName } from "./quote";
import { splitCondition, whyNotSplit } from "./row-selection";
import type { Session } from "./session";

export type Fit = VariantResult["fits"][number];

/** Adds the outputs to the frame and answers what was fitted, null for a transformer. */
export async function runOperatorStage(
  session: Session,
  frames: Frames,
  instance: EngineInstance,
  control: RunControl,
  step: (message: string) => void,
): Promise<Fit | null> {
  const { stage } = instance;
  const operator = LOCAL_OPERATORS[operatorName(stage)];
  if (!operator)
    throw stageError(stage, `the local engine cannot run ${operatorName(stage)}.`, { path: [stageKind(stage)] });
  const params = resolveParams(stage);
  const refusal = operator.unsupported?.(params);
  if (refusal) throw stageError(stage, refusal, { path: ["params"] });
  const frame = await frames.readBy(instance);
  const inputs = await bindAll(session, frames, frame, instance, stage.inputs);

  let fit: Fit | null = null;
  let learned: Record<string, unknown> = {};
  if (operator.fit) {
    const started = performance.now();
    const reused = instance.fit?.fitted;
    const fitted: Fitted & { rows: number } = reused
      ? { ...reused, rows: 0 }
      : await fitStage({ session, frames, instance, operator, params, control, step });
    learned = fitted.learned;
    if (reused) await checkReused(instance, reused);
    const display = inputs.map((input) => displayColumn(input.column, stage.entity, input));
    const shown = { stage, params, learned, inputs: display };
    const values = (operator.intermediate?.(shown) ?? []).map((sql) => `(${sql})`);
    const model: FittedModel = reused ?? {
      operator: operatorName(stage),
      learned,
      expressions: expressionsOf(stage.outputs, operator.score({ ...shown, values })),
      summary: fitted.summary,
      ...(fitted.terms && { terms: fitted.terms }),
    };
    fit = {
      instance: instance.key,
      fingerprint: instance.fit?.fingerprint ?? "",
      model,
      rows: fitted.rows,
      seconds: (performance.now() - started) / 1000,
      reused: reused !== undefined,
    };
  }

  const context = { stage, params, learned, inputs };
  await refuseInvalid(session, frame, operator, context);
  const common = (operator.intermediate?.(context) ?? []).map((sql) => ({ name: frames.fresh("value"), sql }));
  if (common.length > 0) await frames.extend(frame, common);
  const values = common.map(({ name }) => quoteName(name));
  const shared: Addition[] = [];
  const additions: Addition[] = [];
  const placed: [key: string, column: FrameColumn][] = [];
  const finite = operator.finite?.(context) ?? false;
  const categories = operator.categories?.(context) ?? [];
  const components = operator.components?.(context) ?? [];
  operator.score({ ...context, values }).forEach((scored, i) => {
    const output = stage.outputs[i];
    if (!output) return;
    const [, bare] = splitColumn(output.column);
    const column = place(frames, bare, scored, shared, additions);
    placed.push([
      columnKey(output.column, instance.key),
      {
        ...column,
        type: output.type,
        finite,
        ...(categories[i] !== undefined && { categories: categories[i] }),
        ...(components[i] && { components: components[i] }),
      },
    ]);
  });
  if (shared.length > 0) {
    await frames.extend(frame, shared);
    // DuckDB puts a view's expressions into every condition on them, and would make the map once for each component.
    await frames.store(
      frame,
      undefined,
      shared.map(({ name }) => name),
    );
  }
  await frames.extend(frame, additions);
  for (const [key, column] of placed) frame.columns.set(key, column);
  return fit;
}

/** Names what is to be added for an output; `shared` are expressions that `additions` read by name. */
function place(
  frames: Frames,
  bare: string,
  scored: Scored,
  shared: Addition[],
  additions: Addition[],
): Pick<FrameColumn, "physical"> {
  const add = (sql: string) => {
    const name = frames.fresh(bare);
    additions.push({ name, sql });
    return name;
  };
  if ("scalar" in scored) return { physical: { kind: "scalar", name: add(scored.scalar) } };
  if ("sparse" in scored) {
    const map = frames.fresh(bare);
    shared.push({ name: map, sql: scored.sparse });
    const components = Array.from({ length: scored.size }, (_, i) => add(componentOf(quoteName(map), String(i))));
    return { physical: { kind: "components", names: components } };
  }
  return { physical: { kind: "components", names: scored.components.map(add) } };
}

function componentOf(map: string, index: string): string {
  return `CASE WHEN ${map} IS NOT NULL THEN coalesce(CAST(${map}[${index}] AS DOUBLE), 0e0) END`;
}

/** Readable SQL of every output; a vector as a list. */
export function expressionsOf(outputs: { column: string }[], scored: Scored[]): Record<string, string> {
  return Object.fromEntries(
    outputs.map(({ column }, i) => {
      const score = scored[i];
      if (score === undefined) return [column, ""];
      if ("sparse" in score)
        return [column, `list_transform(range(0, ${score.size}), lambda i: ${componentOf(`(${score.sparse})`, "i")})`];
      return [column, "scalar" in score ? score.scalar : `[${score.components.join(", ")}]`];
    }),
  );
}

/** The columns that a stage reads, bound to a frame. */
export async function bindAll(
  session: Session,
  frames: Frames,
  frame: Frame,
  instance: EngineInstance,
  columns: string[],
): Promise<Bound[]> {
  const bound: Bound[] = [];
  for (const column of columns) {
    const found = await frames.resolve(frame, column, instance.inputs[column] ?? null, instance);
    bound.push(
      bindColumn(
        column,
        found,
        found.physical.kind === "list" ? await vectorSize(session, frame, found, instance, column) : 0,
      ),
    );
  }
  return bound;
}

/** Vectors that came as lists must all have one length before they can be taken apart. */
async function vectorSize(
  session: Session,
  frame: Frame,
  column: FrameColumn,
  instance: EngineInstance,
  name: string,
): Promise<number> {
  const sql = column.physical.kind === "list" ? quoteName(column.physical.name) : "NULL";
  const { low, high } = await session.row<{ low: number | null; high: number | null }>(
    `SELECT min(len(${sql})) AS low, max(len(${sql})) AS high FROM ${frame.relation}`,
  );
  if (low !== high) {
    throw stageError(
      instance.stage,
      `vectors of ${name} have ${low} to ${high} components, and an operator needs one length.`,
      { path: ["inputs"], expected: "vectors of one length", found: `${low} to ${high}` },
    );
  }
  return low ?? 0;
}

interface FitRequest {
  session: Session;
  frames: Frames;
  instance: EngineInstance;
  operator: LocalOperator;
  params: Record<string, unknown>;
  control: RunControl;
  step(message: string): void;
}

async function fitStage(request: FitRequest): Promise<Fitted & { rows: number }> {
  const { session, frames, instance, operator, params, control, step } = request;
  const { stage } = instance;
  // Labels may be on more rows than the inputs; what is scored must not depend on that.
  const frame = await frames.readBy(instance, [...stage.inputs, ...(stage.fitInputs ?? [])]);
  const inputs = await bindAll(session, frames, frame, instance, stage.inputs);
  const labels = await bindAll(session, frames, frame, instance, stage.fitInputs ?? []);
  const split = instance.fit?.split ?? null;
  const problem = whyNotSplit(frame, split);
  if (problem !== undefined) {
    throw stageError(
      stage,
      `it cannot be fitted on ${split?.parts.join(", ")}: ${problem}. Fit it on a policy that ${frame.entity.name} can follow, or on all rows.`,
      { path: ["fit"], expected: "a split of the stage's entity", found: split?.policy.name ?? "" },
    );
  }
  const rows = quoteName(frames.fresh("fit"));
  await session.run(`CREATE VIEW ${rows} AS SELECT * FROM ${frame.relation} WHERE ${splitCondition(frame, split)}`);
  const { count } = await session.row<{ count: number }>(`SELECT count(*) AS count FROM ${rows}`);
  if (count === 0) {
    const { total } = await session.row<{ total: number }>(`SELECT count(*) AS total FROM ${frame.relation}`);
    const what = split
      ? `part ${split.parts.join(", ")} of split policy ${split.policy.name} selects none of the ${total} rows of ${frame.entity.name}`
      : `${frame.entity.name} has no rows`;
    throw stageError(stage, `there is nothing to fit on: ${what}. Choose parts that hold rows.`, {
      path: ["fit"],
      expected: "at least one row",
      found: "none",
    });
  }
  const warn = (message: string) => control.log("warn", message);
  const fitted = await operator.fit?.({ session, stage, params, rows, count, inputs, labels, warn, step });
  if (!fitted) throw stageError(stage, `${operatorName(stage)} cannot be fitted.`);
  return { ...fitted, rows: count };
}

/** A model kept from an earlier fit must be of the operator that is asked to score with it. */
async function checkReused(instance: EngineInstance, fitted: FittedModel): Promise<void> {
  if (fitted.operator === operatorName(instance.stage)) return;
  throw stageError(instance.stage, `the fitted model it was given is of ${fitted.operator}.`, {
    path: ["estimator"],
    expected: operatorName(instance.stage),
    found: fitted.operator,
  });
}

async function refuseInvalid(
  session: Session,
  frame: Frame,
  operator: LocalOperator,
  context: ScoreContext,
): Promise<void> {
  const checks = operator.invalid?.(context) ?? [];
  if (checks.length === 0) return;
  const counts = checks.map(({ condition }, i) => `count(*) FILTER (WHERE ${condition}) AS c${i}`);
  const row = await session.row<Record<string, number>>(
    `SELECT ${counts.join(", ")}, count(*) AS n FROM ${frame.relation}`,
  );
  checks.forEach(({ column, problem, advice }, i) => {
    const n = row[`c${i}`] ?? 0;
    if (n === 0) return;
    throw stageError(context.stage, `${n} of ${row.n} rows of ${column} hold ${problem}. ${advice}`, {
      path: ["inputs"],
      expected: "values that can be handled",
      found: `${n} rows with ${problem}`,
    });
  });
}
