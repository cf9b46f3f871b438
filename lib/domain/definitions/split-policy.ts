import type { Documented } from "./documented";

/** ISO instants; null is unbounded. */
type TimeInterval = [string | null, string | null];
export type SplitPolicyDefinition = Documented & { kind: "SplitPolicy"; name: string } & (
    | { type: "time"; column: string; parts: Record<string, TimeInterval> }
    | {
        type: "hash";
        algo: "md5-32";
        key: string;
        salt: string;
        buckets: number;
        /** Bucket ranges, `[from, to)`. */
        parts: Record<string, [number, number][]>;
      }
  );
