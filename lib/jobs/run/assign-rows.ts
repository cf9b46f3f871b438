import { access, mkdir } from "node:fs/promises";
import path from "node:path";
import { describeSmallClasses } from "@/lib/domain/datasets/row-assignment";
import { type Assignment, toSplitRule } from "@/lib/domain/definitions/split-rule";
import type { RunControl } from "@/lib/domain/runs/run-control";
import { definitionKey } from "@/lib/domain/plans/variant-world";
import type { Engine } from "@/lib/engines/engine";
import {
  assignmentFile,
  type AssignmentIdentity,
  findAssignment,
  recordAssignment,
} from "@/lib/registry/datasets/assignments";
import type { RunContext } from "@/lib/registry/execution/run-context";
import type { ResolvedSource } from "@/lib/registry/execution/run-plan";
import { policiesOf } from "@/lib/registry/plans/pin-definitions";

/**
 * The materialised assignments that a run selects rows by, one for each of its split policies that draws rows: the one that was made of
 * this version of the policy and of its source before, or a new one.
 */
export async function materialiseAssignments(
  context: RunContext,
  sources: ReadonlyMap<string, ResolvedSource>,
  engine: Engine,
  progress: RunControl,
): Promise<Map<string, Assignment>> {
  const assignments = new Map<string, Assignment>();
  for (const name of policiesOf(context)) {
    const policy = context.catalogue.splits.find((one) => one.name === name);
    const definition = context.catalogue.versions.get(definitionKey("SplitPolicy", name));
    const rule = policy && toSplitRule(policy);
    if (!policy || !definition || rule?.by !== "assignment") continue;
    const source = context.catalogue.sources.find((one) => one.name === rule.source);
    const read = sources.get(rule.source);
    // Where its source is not read, no row is in a part, which the engine says by name.
    if (!source || !read) continue;
    const identity: AssignmentIdentity = {
      workspaceId: context.run.workspaceId,
      policy: { name, definitionVersionId: definition.id },
      dataset: { name: source.name, version: read.version, datasetVersionId: read.datasetVersionId },
    };
    const known = await findAssignment(identity);
    if (known && (await isThere(known.file))) {
      assignments.set(name, known);
      continue;
    }
    progress.progress({ done: 0, total: 1, instance: null, message: `Assigning rows of ${source.name} by ${name}.` });
    const file = assignmentFile(identity);
    await mkdir(path.dirname(file), { recursive: true });
    const written = await engine.assignRows({ source, snapshot: read.snapshot, policy, file }, progress.signal);
    assignments.set(name, await recordAssignment(identity, rule, written, context.run.createdBy));
    const counts = Object.entries(written.parts).map(([part, rows]) => `${part} ${rows.toLocaleString("en")}`);
    progress.log(
      "info",
      `${source.name}@${read.version} is assigned by ${name}: ${counts.join(", ")}; digest ${written.digest.slice(0, 12)}.`,
    );
    const small = rule.stratify === null ? null : describeSmallClasses(rule.stratify, written);
    if (small) progress.log("warn", small);
  }
  return assignments;
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
