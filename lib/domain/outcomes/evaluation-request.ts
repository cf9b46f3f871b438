/** How a model version is judged again, without a refit. */
export interface EvaluationRequest {
  /** Features to slice the rows by. */
  slices: string[];
  /** Source → version that is read in the place of the one that the version's run read. */
  versions: Record<string, number>;
  /** Rows to judge on: parts of a policy, or all of them. Null for those of the version's pipeline. */
  split: { policy: string; parts: string[] } | "all" | null;
  /** `[from, to)` on the event time, ISO. */
  window: [string, string] | null;
}

/** Whether other rows are judged than the version's run did: they are test rows then, and all that is judged. */
export function isOnOtherRows({ versions, split, window }: EvaluationRequest): boolean {
  return Object.keys(versions).length > 0 || split !== null || window !== null;
}

/** What is judged again, in words. */
export function describeRequest({ slices, versions, split, window }: EvaluationRequest): string {
  const rows = [
    ...Object.entries(versions).map(([source, version]) => `${source}@${version}`),
    ...(split === "all" ? ["all rows"] : split ? [`${split.parts.join(" and ")} of ${split.policy}`] : []),
    ...(window ? [`${window[0]} until before ${window[1]}`] : []),
  ];
  const by = slices.length > 0 ? ` in slices by ${slices.join(", ")}` : "";
  return `${rows.length > 0 ? rows.join(", ") : "the recorded rows"}${by}`;
}
