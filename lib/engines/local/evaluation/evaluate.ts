/** Judges a variant's prediction against its label, part by part. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { Evaluation, EvaluationTask, PartEvaluation } from "@/lib/domain/outcomes/evaluation";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { type Frame, type FrameColumn, valueSql } from "../frame";
import type { Frames } from "../frames";
import { quoteText } from "../quote";
import { selectionCondition } from "../row-selection";
import type { Session } from "../session";
import { countDuplicates } from "./duplicate-rows";
import { judgeBinary } from "./judge-binary";
import { judgeClasses } from "./judge-classes";
import { judgeNumbers } from "./judge-numbers";
import { componentsOf, type Judged, oddLabels, probabilitySql } from "./judged-rows";
import { finite } from "./outcome-figures";

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

/**
 * Metrics of each selection and what is behind them (`judgeBinary`, `judgeClasses`, `judgeNumbers`): `rows` judged, `unjudged` rows
 * that lack one of prediction and label. A selection without rows answers `rows: 0` and nothing else. Test rows that agree in all
 * features with a training row are its `duplicates`, where the plan says what the features are.
 * @param classes names of the label's class numbers, in their order; empty where nobody named them
 */
export async function evaluate(
  session: Session,
  frames: Frames,
  plan: VariantPlan,
  classes: readonly string[],
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
  const metrics: VariantResult["metrics"] = {};
  const parts: Evaluation["parts"] = {};
  for (const selection of selections) {
    const condition = selectionCondition(frame, selection);
    const { total } = await session.row<{ total: number }>(
      `SELECT CAST(count(*) AS DOUBLE) AS total FROM ${frame.relation} WHERE ${condition}`,
    );
    const judged = await judge(session, frame, condition, selection.part, question);
    const rows = judged.metrics.rows ?? 0;
    metrics[selection.part] = {
      ...metrics[selection.part],
      ...judged.metrics,
      ...(total > rows && { unjudged: total - rows }),
    };
    if (rows > 0) parts[selection.part] = judged.detail;
  }
  const duplicates = await countDuplicates(session, frames, plan, frame);
  if (duplicates !== null) metrics.test = { ...metrics.test, duplicates };
  return { metrics, evaluation: { task, threshold: task === "binary" ? threshold : null, parts } };
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

async function judge(
  session: Session,
  frame: Frame,
  condition: string,
  part: string,
  { task, threshold, label, p, y, classes }: Question,
): Promise<Judged<PartEvaluation>> {
  const from = `FROM ${frame.relation} WHERE ${condition}`;
  const truth = `CAST(${valueSql(y)} AS DOUBLE)`;
  switch (task) {
    case "binary":
      return judgeBinary(session, `SELECT ${finite(probabilitySql(p))} AS p, ${finite(truth)} AS y ${from}`, {
        label,
        part,
        threshold,
      });
    case "regression":
      return judgeNumbers(
        session,
        `SELECT ${finite(`CAST(${valueSql(p)} AS DOUBLE)`)} AS p, ${finite(truth)} AS y ${from}`,
      );
    case "multiclass": {
      if (p.type !== "vector") {
        const text = (column: FrameColumn) => nameOf(valueSql(column), column, classes);
        return judgeClasses(
          session,
          `SELECT ${text(p)} AS said, ${text(y)} AS truth, CAST(NULL AS DOUBLE) AS p ${from}`,
          classes,
        );
      }
      const { odd } = await session.row<{ odd: number }>(
        `SELECT CAST(count(*) AS DOUBLE) AS odd ${from} AND isfinite(${truth}) AND (${truth} < 0 OR ${truth} <> floor(${truth}))`,
      );
      if (odd > 0) throw oddLabels(label, odd, part, "class numbers 0, 1, 2 …");
      const usable = `list_bool_and(list_transform(v, lambda one: one IS NOT NULL AND isfinite(one)))`;
      return judgeClasses(
        session,
        // A class that the model does not know has no probability, and is a mistake.
        `SELECT CASE WHEN ${usable} THEN ${numbered("list_position(v, list_max(v)) - 1", classes)} END AS said,
                ${numbered("y", classes)} AS truth, coalesce(v[CAST(y AS INTEGER) + 1], 0e0) AS p
         FROM (SELECT ${valueSql(p)} AS v, ${finite(truth)} AS y ${from})`,
        classes,
      );
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
