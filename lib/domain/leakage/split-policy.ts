import type { SplitPolicyDefinition } from "../definitions/split-policy";
import { type SplitRule, toSplitRule } from "../definitions/split-rule";
import type { Box, SplitPolicy } from "./types";

/** Under which key a box finds its policy: `name@version`, or the name alone where no version was recorded. */
export function policyKey({ policy, version }: NonNullable<Box["split"]>): string {
  return version === undefined ? policy : `${policy}@${version}`;
}

/** A declared split policy as the leakage rules read it. An assignment is trusted where a box says that it was materialised. */
export function toSplitPolicy(definition: SplitPolicyDefinition): SplitPolicy {
  const rule = toSplitRule(definition);
  switch (rule.by) {
    case "time":
      return { type: "time", column: rule.column, parts: rule.parts };
    case "hash": {
      const { algo, key, salt, buckets, parts } = rule;
      return { type: "hash", algo, key, salt, buckets, parts };
    }
    case "assignment": {
      const { source, seed, stratify, shares } = rule;
      return {
        type: "random",
        seed,
        fractions: shares.map(([, share]) => share),
        materialized: false,
        parts: shares.map(([part]) => part),
        source,
        ...(stratify !== null && { stratify }),
      };
    }
  }
}

/** The rule behind a policy of the leakage rules; null for one that only another system can carry out. */
export function ruleOf(policy: SplitPolicy): SplitRule | null {
  switch (policy.type) {
    case "time":
      return { by: "time", column: policy.column, parts: mutable(policy.parts) };
    case "hash": {
      const { algo, key, salt, buckets, parts } = policy;
      return algo === "md5-32" ? { by: "hash", algo, key, salt, buckets, parts: mutable(parts) } : null;
    }
    case "random": {
      const { source, seed = 0, stratify = null, parts, fractions = [] } = policy;
      if (source === undefined) return null;
      return { by: "assignment", source, seed, stratify, shares: parts.map((part, at) => [part, fractions[at] ?? 0]) };
    }
  }
}

/** A copy that its reader may change. */
const mutable = <Part>(parts: Readonly<Record<string, unknown>>) => structuredClone(parts) as Record<string, Part>;
