/** Test rows that a model could have learned by heart: those that agree in all features with a training row. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import { columnKey, type Frame, physicalNames } from "../frame";
import type { Frames } from "../frames";
import { FEATURE_HASH, featureHashOf, readerOf } from "../plan-uses";
import { quoteName } from "../quote";
import { selectionCondition } from "../row-selection";
import type { Session } from "../session";

/**
 * Puts the hash beside the rows that the instance read: 128 bits, since rows are counted as equal by it. Nulls are equal to
 * nulls. The features themselves need not be kept for that until the evaluation.
 */
export async function addFeatureHash(frames: Frames, instance: EngineInstance): Promise<void> {
  const frame = await frames.readBy(instance);
  const features: string[] = [];
  for (const column of instance.stage.inputs) {
    const { physical } = await frames.resolve(frame, column, instance.inputs[column] ?? null, instance);
    features.push(...physicalNames(physical).map(quoteName));
  }
  const names = [frames.fresh(FEATURE_HASH), frames.fresh(FEATURE_HASH)];
  await frames.extend(frame, [
    { name: names[0] as string, sql: `hash(${features.join(", ")})` },
    { name: names[1] as string, sql: `hash('features', ${features.join(", ")})` },
  ]);
  frame.columns.set(columnKey(`${readerOf(instance)}.${FEATURE_HASH}`, instance.key), {
    type: "vector",
    physical: { kind: "components", names },
    finite: true,
  });
}

/**
 * Rows of the test selection that have the features of some training row which is not a test row itself. Null where the plan
 * does not compare them, or has no rows to train or test on.
 */
export async function countDuplicates(
  session: Session,
  frames: Frames,
  plan: VariantPlan,
  frame: Frame,
): Promise<number | null> {
  const hash = featureHashOf(plan);
  const named = (part: string) => plan.evaluate?.selections.find((selection) => selection.part === part);
  const [train, test] = [named("train"), named("test")];
  if (!hash || !train || !test || splitColumn(hash.column)[0] !== frame.entity.name) return null;
  const { physical } = await frames.own(frame, hash.column, hash.instance, "The evaluation");
  const columns = physicalNames(physical).map(quoteName).join(", ");
  const rowsOf = (selection: RowSelection) => selectionCondition(frame, selection);
  const row = await session.row<{ n: number }>(
    `SELECT count(*) AS n FROM (SELECT ${columns} FROM ${frame.relation} WHERE ${rowsOf(test)})
     SEMI JOIN (SELECT DISTINCT ${columns} FROM ${frame.relation} WHERE ${rowsOf(train)} AND (${rowsOf(test)}) IS NOT TRUE)
     USING (${columns})`,
  );
  return row.n;
}
