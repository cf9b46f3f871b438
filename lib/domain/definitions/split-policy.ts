import type { Documented } from "./documented";

/** ISO instants; null is unbounded. */
type TimeInterval = [string | null, string | null];

/** Part → share of the rows, or of the keys; they sum to 1. */
export type Shares = Record<string, number>;

/** Rows of one source, drawn by a seed: bound to a version of it by the assignment that a run materialises. */
interface DrawnRows {
  /** Name of the source whose rows are assigned, by its row key. */
  source: string;
  /** A whole number; another seed is another assignment. */
  seed: number;
}

interface HashedKey {
  key: string;
  salt: string;
}

export type SplitPolicyDefinition = Documented & { kind: "SplitPolicy"; name: string } & (
    | { type: "time"; column: string; parts: Record<string, TimeInterval> }
    | (HashedKey & {
        type: "hash";
        algo: "md5-32";
        buckets: number;
        /** Bucket ranges, `[from, to)`. */
        parts: Record<string, [number, number][]>;
      })
    /** A hash of the group, with shares in the place of buckets. */
    | (HashedKey & { type: "group"; parts: Shares })
    | (DrawnRows & { type: "random"; parts: Shares })
    /** `stratify`: column of the source whose values have equal shares in every part. */
    | (DrawnRows & { type: "stratified"; stratify: string; parts: Shares })
    /** Parts `fold_0` … of equal shares, and `test` where a share is held out: by a hash of a key, or of rows that are drawn. */
    | ({ type: "kfold"; folds: number; test?: number } & (
        (HashedKey & { source?: undefined }) | (DrawnRows & { stratify?: string; key?: undefined })
      ))
  );

export type HashPolicyDefinition = Extract<SplitPolicyDefinition, { type: "hash" }>;
