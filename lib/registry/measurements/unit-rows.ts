/** Row-sets as an engine reads them: with the files, the definitions and the assignments of their versions. */
import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import type { UnitRows } from "@/lib/domain/leakage/unit-keys";
import { definitionKey } from "@/lib/domain/plans/variant-world";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { policyKey, ruleOf } from "@/lib/domain/leakage/split-policy";
import type { Box, LeakageInput, RowSet } from "@/lib/domain/leakage/types";
import { type AssignmentIdentity } from "../datasets/assignments";
import { findRecordedInputs } from "../reproductions/recorded-inputs";
import { anyDefinitionOf, definitionOf } from "../stored-json";
import type { ResolvedSource } from "../execution/run-plan";

/** Who asks: the run pins the definitions that its sources had. */
export interface RowsOwner {
  workspaceId: string;
  runId: string | null;
}

export type FoundRows =
  | { isThere: true; rows: LocatedRows[] }
  /** Why not, in sentences. */
  | { isThere: false; reason: string };

/** Rows, and the assignment that may have to be made again before they can be read. */
interface LocatedRows extends UnitRows {
  assigned: (AssignmentIdentity & { digest: string }) | null;
}

/** Looks for the rows of some row-sets; what is gone is named. */
export async function findUnitRows(
  owner: RowsOwner,
  { policies }: Pick<LeakageInput, "policies">,
  rowSet: RowSet,
): Promise<FoundRows> {
  const definitions = await sourcesOf(owner);
  const names = [...new Set(rowSet.map(({ dataset, version }) => `${dataset}@${version}`))];
  const rows: LocatedRows[] = [];
  for (const name of names) {
    const boxes = rowSet.filter(({ dataset, version }) => `${dataset}@${version}` === name);
    const [{ dataset, version }] = boxes as [Box, ...Box[]];
    const source = definitions.get(dataset);
    const recorded = await prisma().datasetVersion.findFirst({
      where: { workspaceId: owner.workspaceId, dataset, version: Number(version) },
    });
    if (!source || !recorded) return { isThere: false, reason: `${name} is not on record any more.` };
    const { isWhole, available, identical, sources } = await findRecordedInputs([recorded]);
    const read = sources.get(dataset);
    if (!isWhole || !read) {
      const gone = [...available.findings, ...identical.findings].filter(({ state }) => state === "gone" || state === "differs"); // prettier-ignore
      return { isThere: false, reason: gone.map(({ text }) => text).join(" ") };
    }
    for (const box of boxes) {
      const located = await locate(owner.workspaceId, box, source, read, policies);
      if (typeof located === "string") return { isThere: false, reason: located };
      rows.push(located);
    }
  }
  return { isThere: true, rows };
}

/** Sources as the run knew them, and those that it did not read as they are declared now. */
async function sourcesOf({ workspaceId, runId }: RowsOwner): Promise<Map<string, SourceDefinition>> {
  const declared = await prisma().source.findMany({ where: { workspaceId } });
  const pins = runId === null ? [] : await prisma().runDefinition.findMany({ where: { runId }, select: { definitionVersion: true } }); // prettier-ignore
  const pinned = pins
    .map(({ definitionVersion }) => anyDefinitionOf(definitionVersion))
    .filter((definition) => definition.kind === "Source");
  return new Map(
    [...declared.map((row) => definitionOf("Source", row)), ...pinned].map((definition) => [
      definition.name,
      definition,
    ]),
  );
}

async function locate(
  workspaceId: string,
  { dataset, split, time, keys }: Box,
  source: SourceDefinition,
  read: ResolvedSource,
  policies: LeakageInput["policies"],
): Promise<LocatedRows | string> {
  const whole = { source, snapshot: read.snapshot, time: time ?? null, keys: keys ?? null };
  if (!split) return { ...whole, split: null, assigned: null };
  const policy = policies[policyKey(split)];
  const rule = policy && ruleOf(policy);
  if (!rule) return `Split policy ${split.policy} is of another system, which alone can tell its rows.`;
  const part = { policy: split.policy, rule, parts: split.parts };
  if (rule.by !== "assignment") return { ...whole, split: part, assigned: null };
  const kept = await prisma().splitAssignment.findFirst({
    where: { workspaceId, datasetVersionId: read.datasetVersionId, digest: split.assignment ?? "" },
    select: { digest: true, path: true, definitionVersionId: true },
  });
  if (!kept)
    return `The rows that ${definitionKey("SplitPolicy", split.policy)} drew of ${dataset}@${read.version} are not on record.`;
  const assignment = { digest: kept.digest, file: path.resolve(environment().TRIBUTARY_DATA, kept.path) };
  return {
    ...whole,
    split: { ...part, assignment },
    assigned: {
      workspaceId,
      policy: { name: split.policy, definitionVersionId: kept.definitionVersionId },
      dataset: { name: dataset, version: read.version, datasetVersionId: read.datasetVersionId },
      digest: kept.digest,
    },
  };
}
