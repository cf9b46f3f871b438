import { access, mkdir } from "node:fs/promises";
import path from "node:path";
import { type AssignmentRequest, describeSmallClasses } from "@/lib/domain/datasets/row-assignment";
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
    assignments.set(name, await ensureAssignment(identity, { policy, source, snapshot: read.snapshot }, context.run.createdBy, engine, progress)); // prettier-ignore
  }
  return assignments;
}

/** One assignment: its file as it was recorded, written anew where it was lost, or for the first time. */
export async function ensureAssignment(
  identity: AssignmentIdentity,
  { policy, source, snapshot }: Omit<AssignmentRequest, "file">,
  by: string,
  engine: Engine,
  progress: RunControl,
): Promise<Assignment> {
  const rule = toSplitRule(policy);
  if (rule.by !== "assignment") throw new Error(`Split policy ${policy.name} goes by ${policy.type}.`);
  const known = await findAssignment(identity);
  if (known && (await isThere(known.file))) return known;
  progress.progress({
    done: 0,
    total: 1,
    instance: null,
    message: `Assigning rows of ${source.name} by ${policy.name}.`,
  });
  const file = assignmentFile(identity);
  await mkdir(path.dirname(file), { recursive: true });
  const written = await engine.assignRows({ source, snapshot, policy, file }, progress.signal);
  const assignment = await recordAssignment(identity, rule, written, by);
  const counts = Object.entries(written.parts).map(([part, rows]) => `${part} ${rows.toLocaleString("en")}`);
  progress.log(
    "info",
    `${source.name}@${identity.dataset.version} is assigned by ${policy.name}: ${counts.join(", ")}; digest ${written.digest.slice(0, 12)}.`,
  );
  const small = rule.stratify === null ? null : describeSmallClasses(rule.stratify, written);
  if (small) progress.log("warn", small);
  return assignment;
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
