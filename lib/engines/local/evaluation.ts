import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import { countDuplicates } from "./duplicate-rows";
import { valueSql } from "./frame";
import type { Frames } from "./frames";
import { quoteName } from "./quote";
import { selectionCondition } from "./row-selection";
import type { Session } from "./session";

/** Probabilities are kept this far from 0 and 1 in the log loss, so that one certain mistake does not make it infinite. */
const CLIP = 1e-15;

/**
 * Metrics of a probability against a true/false label, for each selection: `rows` judged, `unjudged` rows that lack one
 * of the two, `positives` share, `auc` (exact, ties count half; absent when only one class occurs), `logLoss`,
 * `accuracy` at 0.5 and `brier`. A selection without rows answers `rows: 0` and nothing else. Test rows that agree in all
 * features with a training row are its `duplicates`, where the plan says what the features are.
 */
export async function evaluate(
  session: Session,
  frames: Frames,
  plan: VariantPlan,
): Promise<Record<string, Record<string, number>>> {
  if (!plan.evaluate) return {};
  const { prediction, label, selections } = plan.evaluate;
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
  for (const [{ column: name }, column] of [
    [prediction, p],
    [label, y],
  ] as const) {
    if (!["boolean", "bigint", "double"].includes(column.type) && !(column === p && column.type === "vector")) {
      throw new DomainError(
        "invalid",
        `${name} is ${column.type} and cannot be judged: a probability or class and a true/false label are needed.`,
      );
    }
  }
  // Of a vector of two probabilities the second is that of a yes.
  const pSql =
    p.type !== "vector"
      ? valueSql(p)
      : p.physical.kind === "components"
        ? quoteName(p.physical.names[1] ?? "")
        : `${valueSql(p)}[2]`;

  const metrics: Record<string, Record<string, number>> = {};
  for (const selection of selections) {
    const rows = `SELECT CAST(${pSql} AS DOUBLE) AS p, CAST(${valueSql(y)} AS DOUBLE) AS y FROM ${frame.relation} WHERE ${selectionCondition(frame, selection)}`;
    // Equal probabilities are one group: its rows of one class stand half above and half below those of the other.
    const row = await session.row<Record<string, number | null>>(
      `WITH rows AS (${rows}),
       judged AS (SELECT * FROM rows WHERE p IS NOT NULL AND y IS NOT NULL AND isfinite(p)),
       groups AS (SELECT p, sum(y) AS pos, count(*) - sum(y) AS neg FROM judged GROUP BY p),
       ranked AS (SELECT pos, neg, sum(neg) OVER (ORDER BY p) - neg AS below FROM groups)
       SELECT (SELECT count(*) FROM rows) AS total,
              (SELECT count(*) FROM judged WHERE y NOT IN (0, 1)) AS odd,
              (SELECT sum(pos * (below + neg / 2)) FROM ranked) AS ordered,
              count(*) AS n, sum(y) AS pos,
              avg(-(y * ln(greatest(p, ${CLIP})) + (1 - y) * ln(greatest(1 - p, ${CLIP})))) AS loss,
              avg(CASE WHEN (p >= 0.5) = (y = 1) THEN 1 ELSE 0 END) AS accuracy,
              avg((p - y) * (p - y)) AS brier
       FROM judged`,
    );
    const { n, pos, ordered, total, odd } = row;
    if (odd)
      throw new DomainError(
        "invalid",
        `The label ${label.column} must be true or false, or 1 or 0; ${odd} rows of ${selection.part} hold something else.`,
      );
    const judged = n ?? 0;
    const found: Record<string, number> = { rows: judged };
    if ((total ?? 0) > judged) found.unjudged = (total ?? 0) - judged;
    if (judged > 0) {
      const positives = pos ?? 0;
      const pairs = positives * (judged - positives);
      if (pairs > 0) found.auc = (ordered ?? 0) / pairs;
      found.logLoss = row.loss ?? 0;
      found.accuracy = row.accuracy ?? 0;
      found.brier = row.brier ?? 0;
      found.positives = positives / judged;
    }
    metrics[selection.part] = { ...metrics[selection.part], ...found };
  }
  const duplicates = await countDuplicates(session, frames, plan, frame);
  if (duplicates !== null) metrics.test = { ...metrics.test, duplicates };
  return metrics;
}
