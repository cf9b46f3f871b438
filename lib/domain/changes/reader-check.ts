import type { ChangeCheck } from "./model-checks";

/** A model version in use that was trained on another version of the feature than the one that it would receive. */
export interface OtherReader {
  model: string;
  modelVersion: number;
  /** The version of the feature that it was trained on. */
  trainedOn: number;
  /** Values of the proposed version that are not among those it was trained on; null when that is not known. */
  neverSeen: readonly string[] | null;
}

interface Categories {
  values: readonly string[];
  counts: readonly number[];
  /** Rows of values that are not listed. */
  other: number;
}

/** The proposed values that rows to train on did not have, the most frequent first; null when not all of those are listed. */
export function neverSeenValues(trained: Categories, proposed: Categories): string[] | null {
  if (trained.other > 0) return null;
  const seen = new Set(trained.values.filter((_, index) => (trained.counts[index] ?? 0) > 0));
  return proposed.values
    .map((value, index) => ({ value, count: proposed.counts[index] ?? 0 }))
    .filter(({ value, count }) => count > 0 && !seen.has(value))
    .sort((one, other) => other.count - one.count)
    .map(({ value }) => value);
}

/** Whether models would receive values of a version that they were not trained on. Reviewers look; nothing is blocked. */
export function checkReaders(readers: readonly OtherReader[]): ChangeCheck {
  const name = "readers";
  if (readers.length === 0)
    return { name, grade: "soft", passed: true, sentence: "No model in use was trained on another version." };
  const worst = [...readers].sort((one, other) => rank(other) - rank(one));
  const named = worst.slice(0, 3).map(describeReader);
  const more = readers.length > named.length ? [`${readers.length - named.length} more were trained on others.`] : [];
  return { name, grade: "soft", passed: readers.every(isHarmless), sentence: [...named, ...more].join(" ") };
}

const isHarmless = ({ neverSeen }: OtherReader) => neverSeen !== null && neverSeen.length === 0;

function rank({ neverSeen }: OtherReader): number {
  return neverSeen === null ? 1 : neverSeen.length === 0 ? 0 : 2;
}

const MOST_VALUES = 5;

function describeReader({ model, modelVersion, trainedOn, neverSeen }: OtherReader): string {
  const opening = `\`${model}\` v${modelVersion} was trained on version ${trainedOn}`;
  if (neverSeen === null) return `${opening}, and would receive the values of another.`;
  if (neverSeen.length === 0) return `${opening}, which has all values that it would receive.`;
  const values = neverSeen.slice(0, MOST_VALUES).map((value) => `\`${value}\``);
  const more = neverSeen.length > values.length ? ` and ${neverSeen.length - values.length} more` : "";
  return `${opening}, and would receive values that it never saw: ${values.join(", ")}${more}.`;
}
