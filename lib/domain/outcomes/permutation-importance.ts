/** What a model's score loses when an input is shuffled among the rows, so that it says nothing of them any more. */
import { MODEL_METRICS } from "./model-metrics";

/** Times that every input is shuffled. */
export const SHUFFLES = 5;
/** More rows than these are sampled: the figure moves by less than its deviation. */
export const MOST_SHUFFLED_ROWS = 20_000;
/** Inputs of more components are not shuffled: of a thousand words each weighs next to nothing. */
export const MOST_SHUFFLED_COMPONENTS = 200;

export interface InputImportance {
  /** The column behind the component of the inputs; of a vector all of its components are shuffled together. */
  feature: string;
  /** Mean loss over the shuffles, in the metric's unit: above 0 where the score is worse without the input. */
  value: number;
  /** Sample standard deviation over the shuffles (divisor one less). */
  deviation: number;
}

export type PermutationImportance =
  | {
      metric: string;
      /** Part whose rows were shuffled. */
      part: string;
      rows: number;
      repeats: number;
      seed: number;
      /** The metric before anything was shuffled. */
      score: number;
      inputs: InputImportance[];
    }
  /** Why there is none, as a sentence. */
  | { reason: string };

export const NO_VALIDATION_PART =
  "The pipeline names no validation part. Inputs are shuffled among validation rows only, never among test rows: name one in `evaluate.validation`.";

/** Mean and deviation of the losses, by whether more or less of the metric is better. */
export function importanceOf(
  feature: string,
  metric: string,
  score: number,
  shuffled: readonly number[],
): InputImportance {
  const sign = MODEL_METRICS[metric]?.better === "lower" ? -1 : 1;
  const losses = shuffled.map((one) => sign * (score - one));
  const value = losses.reduce((sum, one) => sum + one, 0) / losses.length;
  const squares = losses.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return { feature, value, deviation: losses.length < 2 ? 0 : Math.sqrt(squares / (losses.length - 1)) };
}

/** `segment[3]` is a component of `segment`. */
export function columnBehind(component: string): string {
  return component.replace(/\[\d+\]$/, "");
}
