import type { Answer } from "./answer";
import type { Issues } from "./issues";
import type { ParsedParameters, Parameters } from "./parameters";
import type { Question } from "./read-buckets";

/** A metric of the preview. */
export interface Metric {
  /** In a few words, for documentation. */
  about: string;
  /** Names of the parameters it has, besides `preset` and those that tell where samples come from. */
  parameters: readonly string[];
  /** What `input` may say; anything unless given. */
  inputs?: readonly string[];
  defaults?: Parameters;
  /** Profiles look at one side. */
  isOneSided?: boolean;
  /** Degenerate input is answered, wrong input is an issue; throws these. */
  answer(question: Question, parameters: ParsedParameters, issues: Issues): Answer;
}
