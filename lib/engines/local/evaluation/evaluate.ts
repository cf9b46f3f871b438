/** Judges a variant's prediction against its label, part by part. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { Evaluation, EvaluationTask } from "@/lib/domain/outcomes/evaluation";
import { differenceFromWhole, type Ends, intervalOfFigure } from "@/lib/domain/outcomes/judged-figure";
import type { Slice, SlicedFeature } from "@/lib/domain/outcomes/slices";
import type { PermutationImportance } from "@/lib/domain/outcomes/permutation-importance";
import type { TargetProxy } from "@/lib/domain/outcomes/target-proxies";
import { headlineMetric } from "@/lib/domain/outcomes/headline";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { type Frame, type FrameColumn, valueSql } from "../frame";
import type { Frames } from "../frames";
import { quoteText } from "../quote";
import { selectionCondition } from "../row-selection";
import type { Session } from "../session";
import { sameRow } from "../source-rows";
import { countDuplicates } from "./duplicate-rows";
import { judgeBinary, type JudgedBinary } from "./judge-binary";
import { judgeClasses } from "./judge-classes";
import { judgeNumbers } from "./judge-numbers";
import { componentsOf, type Judged, NOTHING_JUDGED, oddLabels, probabilitySql } from "./judged-rows";
import { finite } from "./outcome-figures";
import type { InputSample, NoSample } from "./input-sample";
import { findProxies } from "./find-proxies";
import { shuffleInputs } from "./shuffle-inputs";
import { type Cut, cutRows } from "./slice-rows";

interface Question {
  task: EvaluationTask;
  threshold: number;
  /** Name of the label's column. */
  label: string;
  p: FrameColumn;
  y: FrameColumn;
  /** Names of class numbers, in their order, where an indexer made them. */
  classes: readonly string[];
}

/** What is known of the plan when all of it has run. */
interface Known {
  /** Names of the label's class numbers, in their order; empty where nobody named them. */
  classes: readonly string[];
  /** Inputs of the judged estimator, to be shuffled; null where nobody asked. */
  shuffled: { sample: InputSample | NoSample; model: FittedModel | null } | null;
}

/**
 * Metrics of each selection and what is behind them (`judgeBinary`, `judgeClasses`, `judgeNumbers`): `rows` judged, `unjudged` rows
 * that lack one of prediction and label. A selection without rows answers `rows: 0` and nothing else. Test rows that agree in all
 * features with a training row are its `duplicates`, where the plan says what the features are.
 */
export async function evaluate(
  session: Session,
  frames: Frames,
  plan: VariantPlan,
  { classes, shuffled }: Known,
): Promise<Pick<VariantResult, "metrics" | "evaluation">> {
  if (!plan.evaluate) return { metrics: {}, evaluation: null };
  const { prediction, label, selections, threshold } = plan.evaluate;
  const [entity] = splitColumn(prediction.column);
  if (splitColumn(label.column)[0] !== entity) {
    throw new DomainError(
      "invalid",
      `${prediction.column} is judged by ${label.column}, which belongs to another entity. Judge it by a label of ${entity}.`,
    );
  }
  const frame = await frames.holding(entity, [prediction, label]);
  const p = await frames.own(frame, prediction.column, prediction.instance, "The evaluation");
  const y = await frames.own(frame, label.column, label.instance, "The evaluation");
  const task = await resolveTask(session, frame, p, plan.evaluate.task);
  const question: Question = { task, threshold, label: label.column, p, y, classes };
  const cuts: Cut[] = [];
  for (const { column, instance } of plan.evaluate.slices ?? []) {
    const by = await frames.own(frame, column, instance, "The evaluation");
    cuts.push(await cutRows(session, frame, by, column, selections));
  }
  const metrics: VariantResult["metrics"] = {};
  const parts: Evaluation["parts"] = {};
  const slices = cuts.map(({ feature, edges, edgesOf }): SlicedFeature => ({ feature, edges, edgesOf, parts: {} }));
  for (const selection of selections) {
    const { part } = selection;
    const condition = selectionCondition(frame, selection);
    const { total } = await session.row<{ total: number }>(
      `SELECT CAST(count(*) AS DOUBLE) AS total FROM ${frame.relation} WHERE ${condition}`,
    );
    const whole = (await judge(session, frame, condition, part, question, null)).groups.get(0) ?? NOTHING_JUDGED;
    const rows = whole.metrics.rows ?? 0;
    metrics[part] = { ...metrics[part], ...whole.metrics, ...(total > rows && { unjudged: total - rows }) };
    if (rows === 0) continue;
    parts[part] = { intervals: intervalsOf(whole), ...whole.detail };
    for (const [at, cut] of cuts.entries())
      (slices[at] as SlicedFeature).parts[part] = toSlices(cut, await judge(session, frame, condition, part, question, cut), whole); // prettier-ignore
  }
  const inputs = shuffled && (await examineInputs(session, frame, plan, question, shuffled, metrics.validation));
  const duplicates = await countDuplicates(session, frames, plan, frame);
  if (duplicates !== null) metrics.test = { ...metrics.test, duplicates };
  return {
    metrics,
    evaluation: {
      task,
      threshold: task === "binary" ? threshold : null,
      parts,
      ...(slices.length > 0 && { slices }),
      ...(inputs && { importance: inputs.importance }),
      ...(inputs && inputs.proxies.length > 0 && { proxies: inputs.proxies }),
    },
  };
}

function intervalsOf({ figures }: Judged): Record<string, Ends> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, figure]) => {
      const ends = intervalOfFigure(figure);
      return ends ? [[name, ends]] : [];
    }),
  );
}

/** Slices with judged rows, in their order. */
function toSlices({ slices }: Cut, { groups, areaVariances }: JudgedBinary, whole: Judged): Slice[] {
  return slices.flatMap((slice, number): Slice[] => {
    const found = groups.get(number);
    if (!found?.metrics.rows) return [];
    const differences = Object.entries(found.figures).flatMap(([name, figure]) => {
      const all = whole.figures[name];
      return all ? [[name, differenceFromWhole(figure, all, areaVariances.get(number) ?? null)] as const] : [];
    });
    return [
      {
        ...slice,
        metrics: found.metrics,
        intervals: intervalsOf(found),
        differences: Object.fromEntries(differences),
      },
    ];
  });
}

/** Two probabilities of class numbers are one of a yes. */
async function resolveTask(
  session: Session,
  frame: Frame,
  p: FrameColumn,
  task: EvaluationTask,
): Promise<EvaluationTask> {
  if (task !== "multiclass" || p.type !== "vector") return task;
  const known = componentsOf(p);
  if (known) return known.length === 2 ? "binary" : task;
  const { most } = await session.row<{ most: number | null }>(
    `SELECT CAST(max(len(${valueSql(p)})) AS DOUBLE) AS most FROM ${frame.relation}`,
  );
  return most === 2 ? "binary" : task;
}

/** Joins the sample with the labels: what each input is worth, judged as the validation part is, and which tell the label alone. */
async function examineInputs(
  session: Session,
  frame: Frame,
  { evaluate: asked }: VariantPlan,
  question: Question,
  { sample, model }: NonNullable<Known["shuffled"]>,
  validation: Record<string, number> | undefined,
): Promise<{ importance: PermutationImportance; proxies: TargetProxy[] }> {
  const without = (reason: string) => ({ importance: { reason }, proxies: [] });
  if ("reason" in sample) return without(sample.reason);
  const metric = asked?.shuffleMetric ?? headlineMetric(validation);
  if (metric === null || !model) return without("No row of the validation part could be judged.");
  if (sample.frame.timed !== frame.timed) return without("The judged rows are not those that the model reads.");
  const relation = '"labelled sample"';
  const label = valueSql(question.y);
  await session.run(
    `CREATE TABLE ${relation} AS SELECT s.*, f.${label} AS "#label" FROM ${sample.table} s JOIN ${frame.relation} f ON ${sameRow(frame)}`,
  );
  const y: FrameColumn = { ...question.y, physical: { kind: "scalar", name: "#label" } };
  const { inputs } = sample;
  const proxies = await findProxies(session, {
    relation,
    inputs,
    label: `CAST("#label" AS DOUBLE)`,
    task: question.task,
  });
  const importance = await shuffleInputs(session, sample, model, {
    metric,
    prediction: { column: asked?.prediction.column ?? "", type: question.p.type },
    relation,
    judge: async (rows, p) =>
      (await judge(session, { ...frame, relation: rows }, "true", "validation", { ...question, p, y }, { sql: '"#group"' })).groups, // prettier-ignore
  });
  return { importance, proxies };
}

/** Judges the rows of a part as a whole, as group 0, or those of each slice. */
async function judge(
  session: Session,
  frame: Frame,
  condition: string,
  part: string,
  { task, threshold, label, p, y, classes }: Question,
  cut: Pick<Cut, "sql"> | null,
): Promise<JudgedBinary> {
  const from = `FROM ${frame.relation} WHERE ${condition}`;
  const grp = `${cut?.sql ?? "0"} AS grp`;
  const hasDetail = cut === null;
  const truth = `CAST(${valueSql(y)} AS DOUBLE)`;
  const alone = (groups: JudgedBinary["groups"]): JudgedBinary => ({ groups, areaVariances: new Map() });
  switch (task) {
    case "binary": {
      const relation = `SELECT ${grp}, ${finite(probabilitySql(p))} AS p, ${finite(truth)} AS y ${from}`;
      return judgeBinary(session, { relation, hasDetail }, { label, part, threshold });
    }
    case "regression": {
      const relation = `SELECT ${grp}, ${finite(`CAST(${valueSql(p)} AS DOUBLE)`)} AS p, ${finite(truth)} AS y ${from}`;
      return alone(await judgeNumbers(session, { relation, hasDetail }));
    }
    case "multiclass": {
      if (p.type !== "vector") {
        const text = (column: FrameColumn) => nameOf(valueSql(column), column, classes);
        const relation = `SELECT ${grp}, ${text(p)} AS said, ${text(y)} AS truth, CAST(NULL AS DOUBLE) AS p ${from}`;
        return alone(await judgeClasses(session, { relation }, classes));
      }
      const { odd } = await session.row<{ odd: number }>(
        `SELECT CAST(count(*) AS DOUBLE) AS odd ${from} AND isfinite(${truth}) AND (${truth} < 0 OR ${truth} <> floor(${truth}))`,
      );
      if (odd > 0) throw oddLabels(label, odd, part, "class numbers 0, 1, 2 …");
      const usable = `list_bool_and(list_transform(v, lambda one: one IS NOT NULL AND isfinite(one)))`;
      // A class that the model does not know has no probability, and is a mistake.
      const relation = `SELECT grp, CASE WHEN ${usable} THEN ${numbered("list_position(v, list_max(v)) - 1", classes)} END AS said,
                ${numbered("y", classes)} AS truth, coalesce(v[CAST(y AS INTEGER) + 1], 0e0) AS p
         FROM (SELECT ${grp}, ${valueSql(p)} AS v, ${finite(truth)} AS y ${from})`;
      return alone(await judgeClasses(session, { relation }, classes));
    }
  }
}

/** SQL text of a class number: its name where there is one. */
function numbered(sql: string, classes: readonly string[]): string {
  const number = `CAST(CAST(${sql} AS BIGINT) AS VARCHAR)`;
  if (classes.length === 0) return number;
  const names = classes.map(quoteText).join(", ");
  return `coalesce([${names}][CAST(${sql} AS BIGINT) + 1], ${number})`;
}

function nameOf(sql: string, { type }: FrameColumn, classes: readonly string[]): string {
  if (type === "string") return sql;
  return type === "boolean" ? `CAST(${sql} AS VARCHAR)` : numbered(finite(`CAST(${sql} AS DOUBLE)`), classes);
}
