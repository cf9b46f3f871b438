import type { SplitPolicyDefinition } from "../definitions/split-policy";
import { toSplitRule } from "../definitions/split-rule";
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
