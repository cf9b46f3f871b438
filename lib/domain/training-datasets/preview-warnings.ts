import { rowsByRole } from "./rows-of-role";
import type { TrainingRecipe } from "./training-recipe";
import type { PreviewedTraining, ValueStatus } from "./training-rows";

const number = (rows: number) => rows.toLocaleString("en");
/** How many rows of the spine do what the verb says, and that none of them is lost. */
const kept = (rows: number, one: string, many: string, what: string) =>
  rows === 1
    ? `1 row of the spine ${one} ${what}. It is kept.`
    : `${number(rows)} rows of the spine ${many} ${what}. They are kept.`;

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
      ? [kept(spine.duplicates, "has", "have", "the keys and the moment of an earlier one")]
      : []),
    ...(spine.future > 0
      ? [kept(spine.future, "is", "are", `later than the as-of time ${recipe.asOf}: what comes to be known after it is not there`)] // prettier-ignore
      : []),
    ...Object.entries(spine.nullKeys).flatMap(
      ([column, rows]) =>
      rows > 0 ? [kept(rows, "has", "have", `no ${column}: features that are joined by it are null there`)] : [], // prettier-ignore
    ),
    ...(split && (parts[""] ?? 0) > 0
      ? [`In no part of ${split.policy}: ${number(parts[""] ?? 0)} of ${number(spine.rows)} rows.`]
      : []),
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
