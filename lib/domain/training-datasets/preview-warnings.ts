import { rowsByRole } from "./rows-of-role";
import type { TrainingRecipe } from "./training-recipe";
import type { PreviewedTraining, ValueStatus } from "./training-rows";

const number = (rows: number) => rows.toLocaleString("en");
const ROWS = (rows: number) => `${number(rows)} ${rows === 1 ? "row" : "rows"}`;

const WHY: Record<Exclude<ValueStatus, "PRESENT">, string> = {
  NULL: "the stored value is null",
  NO_ROW: "no value was there before the row's moment",
  EXPIRED: "the newest value was older than the view allows",
  NO_KEY: "the row has no key",
};

/** What somebody who is about to freeze these rows should look at, in sentences. */
export function previewWarnings(
  recipe: TrainingRecipe,
  { spine, parts, statuses }: Omit<PreviewedTraining, "rows">,
): string[] {
  const { features, split } = recipe;
  return [
    ...(spine.rows === 0 ? ["The spine has no rows: the training dataset will have none."] : []),
    ...(spine.duplicates > 0
      ? [`${ROWS(spine.duplicates)} of the spine have the keys and the moment of an earlier one. They are kept.`]
      : []),
    ...(spine.future > 0
      ? [`${ROWS(spine.future)} of the spine are later than the as-of time ${recipe.asOf}: what comes to be known until their moment is not in them. They are kept.`] // prettier-ignore
      : []),
    ...Object.entries(spine.nullKeys).flatMap(
      ([column, rows]) =>
      rows > 0 ? [`${ROWS(rows)} of the spine have no ${column}: features that are joined by it are null there. They are kept.`] : [], // prettier-ignore
    ),
    ...(split && (parts[""] ?? 0) > 0 ? [`${ROWS(parts[""] ?? 0)} are in no part of ${split.policy}.`] : []),
    ...(split
      ? rowsByRole(recipe, { rows: spine.rows, parts })
          .filter(({ rows }) => rows === 0)
          .map(({ role }) => `No row is for ${role}: ${split.parts[role].join(", ")} of ${split.policy} is empty here.`)
      : ["There is no split, so nothing says which rows a model is judged on, and no leakage can be found."]),
    ...(split && split.parts.test.length === 0 ? ["No part is for test, so no leakage can be found."] : []),
    ...features.flatMap(({ name }, at) => {
      const found = new Set(statuses.map((row) => row[at] as ValueStatus));
      if (found.size === 0 || found.has("PRESENT")) return [];
      const reasons = [...found].flatMap((status) => (status === "PRESENT" ? [] : [WHY[status]]));
      return [`None of the first ${number(statuses.length)} rows has a value of ${name}: ${reasons.join("; ")}.`];
    }),
  ];
}
