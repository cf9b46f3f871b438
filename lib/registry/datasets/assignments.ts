import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import { describeSmallClasses, type WrittenAssignment } from "@/lib/domain/datasets/row-assignment";
import type { AssignmentRule, Assignment } from "@/lib/domain/definitions/split-rule";
import { DomainError } from "@/lib/domain/errors";
import { asJson } from "../stored-json";

/** Classes that are kept beside an assignment, for its page; all of them decide who is in which part. */
const MOST_CLASSES = 200;

/** Whose assignment it is: a version of a policy on a version of its source's rows. */
export interface AssignmentIdentity {
  workspaceId: string;
  policy: { name: string; definitionVersionId: string };
  dataset: { name: string; version: number; datasetVersionId: string };
}

/** Where an assignment lies: one file for a version of a policy and a version of a dataset. */
export function assignmentFile({ policy, dataset }: AssignmentIdentity): string {
  return path.resolve(environment().TRIBUTARY_DATA, pathOf({ policy, dataset }));
}

function pathOf({ policy, dataset }: Pick<AssignmentIdentity, "policy" | "dataset">): string {
  return path.join("assignments", policy.definitionVersionId, `${dataset.datasetVersionId}.parquet`);
}

/** The assignment as it was recorded, whether its file is still there or not; null before the first. */
export async function findAssignment({
  policy: { definitionVersionId },
  dataset: { datasetVersionId },
}: AssignmentIdentity): Promise<Assignment | null> {
  const row = await prisma().splitAssignment.findUnique({
    where: { definitionVersionId_datasetVersionId: { definitionVersionId, datasetVersionId } },
    select: { digest: true, path: true },
  });
  return row && { digest: row.digest, file: path.resolve(environment().TRIBUTARY_DATA, row.path) };
}

/**
 * Records what was written, or finds that it is what was recorded before: by another run at the same time, or by one whose file was
 * lost. Throws `conflict` when it is another assignment.
 */
export async function recordAssignment(
  identity: AssignmentIdentity,
  rule: AssignmentRule,
  written: WrittenAssignment,
  by: string,
): Promise<Assignment> {
  const { workspaceId, policy, dataset } = identity;
  const classes = written.classes.toSorted((one, other) => other.rows - one.rows);
  await prisma().splitAssignment.createMany({
    data: [
      {
        workspaceId,
        definitionVersionId: policy.definitionVersionId,
        datasetVersionId: dataset.datasetVersionId,
        digest: written.digest,
        rows: BigInt(written.rows),
        parts: written.parts,
        classes: classes.slice(0, MOST_CLASSES).map(asJson),
        classCount: classes.length,
        warning: rule.stratify === null ? null : describeSmallClasses(rule.stratify, written),
        path: pathOf(identity),
        createdBy: by,
      },
    ],
    skipDuplicates: true,
  });
  const known = (await findAssignment(identity)) as Assignment;
  if (known.digest === written.digest) return known;
  throw new DomainError(
    "conflict",
    `The assignment of ${dataset.name}@${dataset.version} by split policy ${policy.name} was lost, and made anew it is another one: ${written.digest.slice(0, 12)}, not ${known.digest.slice(0, 12)}. Put ${known.file} back from a copy, or give the policy another seed.`,
    { expected: known.digest, found: written.digest },
  );
}
