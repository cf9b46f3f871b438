/** What all classifiers share: labels that number classes, and outputs that say by their type what they hold. */
import { type FitContext, type OutputContext, type Scored, addUp, stageError } from "./local-operator";

const MAX_CLASSES = 100;

/**
 * Labels as class numbers 0, 1, 2 …, of which some may not occur. Fails on other labels, on a single class, and when there are more
 * classes than the outputs or thresholds can tell apart.
 */
export function readClasses(
  { stage, labels, params }: FitContext,
  label: Float64Array,
): { classes: number; y: Uint8Array; present: number[] } {
  const column = labels[0]?.column;
  const seen = new Set<number>();
  for (const value of label) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (seen.size > MAX_CLASSES) break;
  }
  const present = [...seen].sort((a, b) => a - b);
  const isNumbered = present.every((value) => Number.isInteger(value) && value >= 0 && value < MAX_CLASSES);
  if (!isNumbered || present.length > MAX_CLASSES)
    throw stageError(
      stage,
      `the label ${column} must hold class numbers 0, 1, 2 …, at most ${MAX_CLASSES}. Number other values with a StringIndexer.`,
      { path: ["fitInputs"], expected: "whole numbers from 0", found: present.slice(0, 5).join(", ") },
    );
  if (present.length < 2)
    throw stageError(
      stage,
      `the label ${column} has only the value ${present[0]}${present[0] === 1 ? ", so only true" : present[0] === 0 ? ", so only false" : ""} in the ${label.length} rows to fit on: there is nothing to tell apart. Fit on rows that hold several classes.`,
      { path: ["fitInputs"], expected: "two or more classes", found: String(present[0]) },
    );
  const classes = (present.at(-1) ?? 1) + 1;
  assertOutputs({ stage, labels, params }, classes);
  return { classes, y: Uint8Array.from(label), present };
}

/** Fails when there are more classes than the outputs can tell apart, and on thresholds that are not one for each. */
export function assertOutputs(
  { stage, labels, params }: Pick<FitContext, "stage" | "labels" | "params">,
  classes: number,
): void {
  const column = labels[0]?.column;
  const single = stage.outputs.findIndex(({ type }) => type === "double" || type === "boolean");
  if (single >= 0 && classes > 2)
    throw stageError(
      stage,
      `the label ${column} has ${classes} classes, and one probability cannot tell them apart: for a ${stage.outputs[single]?.type} it must be true or false, or 1 or 0. Declare the output as a vector of probabilities, or as bigint for the class.`,
      { path: ["outputs", single, "type"], expected: "vector or bigint", found: stage.outputs[single]?.type ?? "" },
    );
  const thresholds = params.thresholds as number[] | null;
  if (thresholds && (thresholds.length !== classes || thresholds.filter((t) => t === 0).length > 1))
    throw stageError(
      stage,
      `thresholds must hold one number for each of the ${classes} classes of ${column}, at most one of them 0.`,
      { path: ["params", "thresholds"], expected: `${classes} numbers`, found: thresholds.join(", ") },
    );
}

/** @param probabilities SQL of the probability of each class, short because outputs repeat it; null in rows that cannot be scored */
export function classOutputs(
  { stage, params }: Pick<OutputContext, "stage" | "params">,
  probabilities: string[],
): Scored[] {
  return stage.outputs.map(({ type }): Scored => {
    switch (type) {
      case "vector":
        return { components: probabilities };
      case "boolean":
        return { scalar: `${predictedClass(probabilities, params.thresholds)} = 1` };
      case "bigint":
        return { scalar: predictedClass(probabilities, params.thresholds) };
      default:
        return { scalar: probabilities[1] ?? "0e0" };
    }
  });
}

/** The class of the largest probability divided by its threshold, the lower one of equals. A threshold of 0 wins over all others. */
function predictedClass(probabilities: string[], thresholds: unknown): string {
  const weighed = Array.isArray(thresholds)
    ? probabilities.map((p, c) => {
        const threshold = Number(thresholds[c]);
        if (threshold > 0) return `${p} / ${threshold}e0`;
        return `CASE WHEN ${p} > 0 THEN 'inf'::DOUBLE ELSE 0e0 END`;
      })
    : probabilities;
  const list = `[${weighed.join(", ")}]`;
  return `CASE WHEN ${probabilities[0]} IS NOT NULL THEN list_position(${list}, list_max(${list})) - 1 END::BIGINT`;
}

/** Both probabilities of a yes or no, from that of a yes. */
export const bothOf = (p: string): string[] => [`(1 - ${p})`, p];

/** Probability of each class from its linear form. Only differences matter, and exp of one may overflow to infinity without harm. */
export function softmax(forms: string[]): string[] {
  return forms.map((own) => `1 / (${addUp(forms.map((z) => (z === own ? "1e0" : `exp(${z} - ${own})`)))})`);
}
