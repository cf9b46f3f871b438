import { prisma } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import type { ResolvedSource } from "../execution/run-plan";
import { findRecordedInputs, versionsReadBy } from "../reproductions/recorded-inputs";

export type VersionInputs =
  | { isWhole: true; sources: Map<string, ResolvedSource> }
  | { isWhole: false; /** What is gone, by name. */ reason: string };

/**
 * The sources that a run read, in the versions that it read or in those that are named, with the bytes that are there of them.
 * @param versions source → version
 */
export async function findVersionInputs(run: Run, versions: Record<string, number>): Promise<VersionInputs> {
  const rows = [];
  for (const recorded of await versionsReadBy(run.id)) {
    const version = versions[recorded.dataset];
    const { workspaceId, dataset } = recorded;
    rows.push(
      version === undefined
        ? recorded
        : await prisma().datasetVersion.findUniqueOrThrow({
            where: { workspaceId_dataset_version: { workspaceId, dataset, version } },
          }),
    );
  }
  const { available, identical, isWhole, sources } = await findRecordedInputs(rows);
  if (isWhole) return { isWhole, sources };
  const gone = [...available.findings, ...identical.findings].filter(({ state }) => state === "gone" || state === "differs"); // prettier-ignore
  return { isWhole, reason: gone.map(({ text }) => text).join(" ") };
}
