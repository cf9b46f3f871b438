import type { CreateAbTest } from "@/lib/contracts/ab-tests";
import type { Transaction } from "@/lib/db/client";
import { METRIC_FACTS, OUTCOME_METRICS } from "@/lib/domain/definitions/outcome-metrics";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { Issue } from "@/lib/domain/errors";
import { nearest } from "@/lib/domain/names/nearest-name";
import type { HashPolicy } from "./ab-test-row";
import { definitionOf } from "../stored-json";

/** Why a policy that is named cannot assign arms. */
export async function policyIssue(
  tx: Transaction,
  workspaceId: string,
  name: string,
  policies: Map<string, HashPolicy>,
): Promise<Issue> {
  const other = await tx.splitPolicy.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
  const known = [...policies.keys()].join(", ") || "none yet";
  return {
    path: ["splitPolicy"],
    message: other
      ? `${name} splits by ${other.type}: its parts differ in more than chance. Arms are assigned by a hash policy (${known}).`
      : `There is no split policy ${name} here. Arms are assigned by a hash policy (${known}).`,
    found: name,
  };
}

/** Parts that the policy does not have, and buckets that two arms would share. */
export function partIssues({ arms }: CreateAbTest, policy: HashPolicy): Issue[] {
  const issues: Issue[] = [];
  const taken: { arm: string; from: number; to: number }[] = [];
  arms.forEach(({ name, parts }, index) => {
    const path = ["arms", index, "parts"];
    for (const part of new Set(parts)) {
      const ranges = policy.parts[part];
      if (!ranges) {
        issues.push({
          path,
          message: `${policy.name} has no part ${part}, only ${Object.keys(policy.parts).sort().join(", ")}.`,
          found: part,
        });
        continue;
      }
      for (const [from, to] of ranges) {
        const clash = taken.find((other) => other.arm !== name && other.from < to && from < other.to);
        if (clash)
          issues.push({
            path,
            message: `Part ${part} shares buckets with arm ${clash.arm}: a row must be in one arm only.`,
            found: part,
          });
        taken.push({ arm: name, from, to });
      }
    }
  });
  return issues;
}

/** Why a label, judged by a metric on rows that a policy assigns, cannot tell which arm is better. */
export async function labelIssues(
  tx: Transaction,
  workspaceId: string,
  {
    output,
    label,
    metric,
    policy,
  }: Pick<CreateAbTest, "metric"> & { output: string; label: string; policy?: HashPolicy },
): Promise<Issue[]> {
  const [entity] = splitColumn(output);
  const [labelled, column] = splitColumn(label);
  if (labelled !== entity)
    return [
      { path: ["label"], message: `${label} is about ${labelled}, while ${output} is about ${entity}.`, found: label },
    ];
  const sources = (await tx.source.findMany({ where: { workspaceId, entity, retiredAt: null } })).map((row) =>
    definitionOf("Source", row),
  );
  const features = await tx.feature.findMany({
    where: { workspaceId, entity, retiredAt: null },
    select: { name: true, type: true },
  });
  const type =
    features.find(({ name }) => name === label)?.type ??
    sources.flatMap((source) => source.columns).find(({ name }) => name === column)?.type;
  if (type === undefined) {
    const meant = nearest(
      label,
      features.map(({ name }) => name),
    );
    return [
      {
        path: ["label"],
        message: `There is no feature ${label} here.${meant ? ` Did you mean ${meant}?` : ""} A label is a declared feature or a column of a source.`,
        found: label,
        ...(meant && { expected: meant }),
      },
    ];
  }
  const issues: Issue[] = [];
  const task = type === "boolean" ? "classification" : "regression";
  if (METRIC_FACTS[metric].task !== task)
    issues.push({
      path: ["metric"],
      message: `${label} is a ${type}: it is judged by ${OUTCOME_METRICS.filter((name) => METRIC_FACTS[name].task === task).join(", ")}, not by ${metric}.`,
      found: metric,
    });
  const row = await tx.entity.findUnique({ where: { workspaceId_name: { workspaceId, name: entity } } });
  const keys = (row ? definitionOf("Entity", row).joinKeys : []).map((key) => key.name);
  const columns = [
    ...keys,
    ...features.map(({ name }) => splitColumn(name)[1]),
    ...sources.flatMap((source) => source.columns.map(({ name }) => name)),
  ];
  if (policy && !columns.includes(policy.key))
    issues.push({
      path: ["splitPolicy"],
      message: `${policy.name} hashes ${policy.key}, which ${entity} does not have. Its key must be a column of ${entity}, such as ${keys.join(", ")}.`,
      found: policy.key,
    });
  return issues;
}
