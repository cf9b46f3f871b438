import type { SplitPolicyDefinition, Shares } from "./split-policy";

/**
 * Every kind of split policy is one of three rules: an interval of time, a range of buckets of a hash, or an assignment of a source's
 * rows that is drawn by a seed and materialised.
 */
export type SplitRule =
  | { by: "time"; column: string; parts: Record<string, [string | null, string | null]> }
  | {
      by: "hash";
      algo: "md5-32";
      key: string;
      salt: string;
      buckets: number;
      parts: Record<string, [number, number][]>;
    }
  | {
      by: "assignment";
      source: string;
      seed: number;
      /** Column whose values have equal shares in every part; null for none. */
      stratify: string | null;
      /** By name of the part; folds by their number. */
      shares: [part: string, share: number][];
    };

export type HashRule = Extract<SplitRule, { by: "hash" }>;
export type AssignmentRule = Extract<SplitRule, { by: "assignment" }>;

/** A materialised assignment. */
export interface Assignment {
  /** Absolute path of the Parquet file: row key columns `key0` …, and `part`. */
  file: string;
  /** Digest of its content: every row key with its part. */
  digest: string;
}

/** Parts of a policy, with the assignment where the policy is one and it was materialised. */
export interface PolicyParts {
  policy: SplitPolicyDefinition;
  parts: string[];
  assignment?: Assignment;
}

/** Buckets that the shares of a group policy are whole numbers of. */
export const GROUP_BUCKETS = 10_000;
/** The part that a kfold policy holds out. */
const HELD_OUT = "test";

export function toSplitRule(policy: SplitPolicyDefinition): SplitRule {
  switch (policy.type) {
    case "time":
      return { by: "time", column: policy.column, parts: policy.parts };
    case "hash":
      return hashRule(policy, policy.buckets, policy.parts);
    case "group":
      return hashRule(policy, GROUP_BUCKETS, rangesOf(policy.parts, GROUP_BUCKETS));
    case "random":
    case "stratified":
      return {
        by: "assignment",
        source: policy.source,
        seed: policy.seed,
        stratify: policy.type === "stratified" ? policy.stratify : null,
        shares: inOrder(policy.parts),
      };
    case "kfold": {
      const { folds, test = 0 } = policy;
      const names = foldNames(policy);
      if (policy.source === undefined) {
        // So many that a whole ten-thousandth that is held out leaves folds of one size.
        const buckets = GROUP_BUCKETS * folds;
        const held = Math.round(test * buckets);
        const size = (buckets - held) / folds;
        const parts: Record<string, [number, number][]> = Object.fromEntries(
          names.map((name, i) => [name, [[i * size, (i + 1) * size]]]),
        );
        return hashRule(policy, buckets, held > 0 ? { ...parts, [HELD_OUT]: [[buckets - held, buckets]] } : parts);
      }
      const shares = names.map((name): [string, number] => [name, (1 - test) / folds]);
      return {
        by: "assignment",
        source: policy.source,
        seed: policy.seed,
        stratify: policy.stratify ?? null,
        shares: test > 0 ? [...shares, [HELD_OUT, test]] : shares,
      };
    }
  }
}

/** The folds of a kfold policy; none of another's. */
export function foldNames(policy: SplitPolicyDefinition): string[] {
  return policy.type === "kfold" ? Array.from({ length: policy.folds }, (_, i) => `fold_${i}`) : [];
}

/** Names of a policy's parts, in its order. */
export function partNames(policy: SplitPolicyDefinition): string[] {
  const rule = toSplitRule(policy);
  return rule.by === "assignment" ? rule.shares.map(([part]) => part) : Object.keys(rule.parts);
}

/** Column that a policy goes by wherever rows have it; null for an assignment, which goes by its source's row key. */
export function splitColumnOf(policy: SplitPolicyDefinition): string | null {
  const rule = toSplitRule(policy);
  if (rule.by === "assignment") return null;
  return rule.by === "time" ? rule.column : rule.key;
}

function hashRule({ key, salt }: { key: string; salt: string }, buckets: number, parts: HashRule["parts"]): HashRule {
  return { by: "hash", algo: "md5-32", key, salt, buckets, parts };
}

/** By name: a database keeps the members of an object in an order of its own, and the order decides who is in which part. */
function inOrder(shares: Shares): [part: string, share: number][] {
  return Object.entries(shares).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Ranges of buckets one after another. Shares are whole numbers of buckets, so that nothing is rounded but their binary fractions. */
function rangesOf(shares: Shares, buckets: number): HashRule["parts"] {
  let from = 0;
  return Object.fromEntries(
    inOrder(shares).map(([part, share]) => {
      const to = from + Math.round(share * buckets);
      const range: [number, number][] = [[from, to]];
      from = to;
      return [part, range];
    }),
  );
}
