import type { SplitPolicyDefinition } from "../definitions/split-policy";
import type { Box, SplitPolicy } from "./types";

/** Under which key a box finds its policy: `name@version`, or the name alone where no version was recorded. */
export function policyKey({ policy, version }: NonNullable<Box["split"]>): string {
  return version === undefined ? policy : `${policy}@${version}`;
}

/** A declared split policy as the leakage rules read it. */
export function toSplitPolicy(definition: SplitPolicyDefinition): SplitPolicy {
  if (definition.type === "time") return { type: "time", column: definition.column, parts: definition.parts };
  const { algo, key, salt, buckets, parts } = definition;
  return { type: "hash", algo, key, salt, buckets, parts };
}
