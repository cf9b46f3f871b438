import type { SplitPolicyDefinition } from "../definitions/split-policy";
import type { SplitPolicy } from "./types";

/** A declared split policy as the leakage rules read it. */
export function toSplitPolicy(definition: SplitPolicyDefinition): SplitPolicy {
  if (definition.type === "time") return { type: "time", column: definition.column, parts: definition.parts };
  const { algo, key, salt, buckets, parts } = definition;
  return { type: "hash", algo, key, salt, buckets, parts };
}
