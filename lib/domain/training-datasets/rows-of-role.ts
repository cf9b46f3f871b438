import type { RowSet } from "../leakage/types";
import { TRAINING_ROLES, type TrainingRecipe, type TrainingRole } from "./training-recipe";
import type { PartRows } from "./training-rows";

/** Rows of the spine for a role, as the leakage rules read them. Without a split all rows are for training. */
export function rowsOfRole({ spine, split }: TrainingRecipe, role: TrainingRole): RowSet {
  const version = { dataset: spine.source, version: String(spine.version) };
  if (split === null) return role === "train" ? [version] : [];
  const parts = split.parts[role];
  if (parts.length === 0) return [];
  return [{ ...version, split: { policy: split.policy, version: split.version, parts } }];
}

/** The roles that have rows, with how many. */
export function rowsByRole(
  { split }: TrainingRecipe,
  { rows, parts }: { rows: number; parts: PartRows },
): { role: TrainingRole; rows: number }[] {
  if (split === null) return [{ role: "train", rows }];
  return TRAINING_ROLES.flatMap((role) => {
    const count = split.parts[role].reduce((sum, part) => sum + (parts[part] ?? 0), 0);
    return split.parts[role].length === 0 ? [] : [{ role, rows: count }];
  });
}
