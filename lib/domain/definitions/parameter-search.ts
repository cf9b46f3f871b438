/** Values that a search tries: each of a list, or numbers drawn from a range, its ends included. */
export type SearchValues =
  | unknown[]
  | {
      from: number;
      to: number;
      /** `log`: equally many from each power of ten; `linear` when left out. */
      scale?: "linear" | "log";
    };

/** Which parameters of which stages are tried, and by which metric the best are chosen. */
export interface ParameterSearch {
  metric: string;
  /** Stage → parameter → values. */
  params: Record<string, Record<string, SearchValues>>;
  /** Combinations that are drawn; every combination of the lists when left out. */
  trials?: number;
  /** Of the draw; 1 when left out. */
  seed?: number;
}
