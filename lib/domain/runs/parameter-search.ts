/** One trial of a search, as its run recorded it. */
export interface SearchTrial {
  /** From 1, in the order in which they ran. */
  number: number;
  /** Stage → parameter → value. */
  params: Record<string, Record<string, unknown>>;
  /** The metric, or its mean over the folds; null for a trial that could not be scored. */
  score: number | null;
  /** Sample standard deviation over the folds; null where one part was scored. */
  deviation: number | null;
  /** Part → the metric on it. */
  scores: Record<string, number>;
  /** 95 % interval of the metric on the validation rows, where one is standard. */
  interval: [low: number, high: number] | null;
  /** Seconds that the engine took. */
  seconds: number;
  /** Fits that were made for it, and those of earlier trials or runs that were used. */
  fitted: number;
  reused: number;
  /** Why it has no score. */
  error: string | null;
}

/** What a run found by trying parameters. */
export interface SearchResult {
  metric: string;
  better: "higher" | "lower";
  kind: "grid" | "random";
  /** Of the draw; null for a grid. */
  seed: number | null;
  /** Rows that the trials were scored by. */
  by: "validation" | "folds";
  split: string;
  parts: string[];
  /** Rows that each trial was scored on. */
  rows: number;
  trials: SearchTrial[];
  /** Number of the trial whose parameters the run's own fits have. */
  chosen: number;
}

/** The trial that a search chose. */
export function chosenTrial({ trials, chosen }: Pick<SearchResult, "trials" | "chosen">): SearchTrial {
  return trials.find(({ number }) => number === chosen) as SearchTrial;
}
