import { prisma } from "@/lib/db/client";
import type { DatasetVersion } from "@/lib/db/generated/client";
import { type Finding, type Level, toLevel } from "@/lib/domain/reproductions/report";
import { findFile, type FoundFile } from "../datasets/kept-files";
import type { ResolvedSource } from "../execution/run-plan";
import { writtenFilesOf } from "../stored-json";

/** A version that is named by its digest and is not on record, or is on record as another. */
export interface LostInput {
  subject: string;
  expected: string;
  /** Digest of the version of this number; null where there is none. */
  found: string | null;
}

export interface RecordedInputs {
  available: Level;
  identical: Level;
  /** Whether all of it is there, as it was recorded. */
  isWhole: boolean;
  /** Dataset → its recorded version with files that hold its bytes; only of those that are there. */
  sources: Map<string, ResolvedSource>;
}

/** The versions of sources that a run read. */
export async function versionsReadBy(runId: string): Promise<DatasetVersion[]> {
  const rows = await prisma().runInput.findMany({
    where: { runId },
    select: { datasetVersion: true },
    orderBy: { datasetVersion: { dataset: "asc" } },
  });
  return rows.map(({ datasetVersion }) => datasetVersion);
}

/** Looks for the bytes of dataset versions, and reads all of them to see whether they are what was recorded. */
export async function findRecordedInputs(
  versions: readonly DatasetVersion[],
  lost: readonly LostInput[] = [],
): Promise<RecordedInputs> {
  const available: Finding[] = [];
  const identical: Finding[] = [];
  for (const { subject, expected, found } of lost)
    if (found === null) available.push({ subject, state: "gone", text: `${subject} is not on record any more.` });
    else identical.push({ subject, state: "differs", text: `${subject} is not what it was: its files have the digest ${found.slice(0, 12)}, and had ${expected.slice(0, 12)}.`, expected, found }); // prettier-ignore
  const sources = new Map<string, ResolvedSource>();
  for (const version of versions) {
    const subject = `${version.dataset}@${version.version}`;
    const found: FoundFile[] = [];
    for (const file of writtenFilesOf(version.files)) found.push(await findFile(file, version.sourceId !== null));
    const missing = found.find(({ state }) => state !== "there");
    if (missing === undefined) {
      const files = found.flatMap((one) => (one.state === "there" ? [one] : []));
      const isKept = files.some(({ from }) => from === "kept");
      available.push({ subject, state: "identical", text: `${subject} is there${isKept ? ", in the bytes that were kept of it" : ", where it was read"}.` }); // prettier-ignore
      identical.push({ subject, state: "identical", text: `The bytes of ${subject} have the digest that was recorded.`, expected: version.digest, found: version.digest }); // prettier-ignore
      sources.set(version.dataset, toSource(version, files.map(({ file }) => file))); // prettier-ignore
      continue;
    }
    const { path } = missing.file;
    if (missing.state === "changed" && version.expiredAt === null) {
      const text = `${path} of ${subject} has changed since it was read, and its bytes are not kept: ${whyNot(version)}`;
      available.push({ subject, state: "not_reached", text: `Not what was read of ${subject}, but other bytes.` });
      identical.push({ subject, state: "differs", text, expected: missing.file.sha256, found: missing.sha256 }); // prettier-ignore
    } else {
      const since = version.expiredAt
        ? `its kept bytes were removed on ${version.expiredAt.toISOString()}, and ${path} ${missing.state === "gone" ? "is gone" : "has changed since"}`
        : version.keptAt
          ? `${path} is gone, and so is the copy that was kept on ${version.keptAt.toISOString()}`
          : `${path} is gone, and its bytes are not kept: ${whyNot(version)}`;
      available.push({ subject, state: "gone", text: `${subject} is gone: ${since.replace(/\.$/, "")}.` });
      identical.push({ subject, state: "not_reached", text: `There is nothing left of ${subject} to compare.` });
    }
  }
  const isWhole = [...available, ...identical].every(({ state }) => state === "identical");
  return { available: toLevel("available", available), identical: toLevel("inputs", identical), isWhole, sources };
}

const whyNot = ({ notKept, keptAt }: DatasetVersion) =>
  keptAt !== null
    ? "the copy that was kept is gone or damaged."
    : (notKept ?? "it was recorded before bytes were kept.");

function toSource(version: DatasetVersion, files: ResolvedSource["snapshot"]["files"]): ResolvedSource {
  const time: [string, string] | null =
    version.timeFrom && version.timeTo ? [version.timeFrom.toISOString(), version.timeTo.toISOString()] : null;
  return {
    datasetVersionId: version.id,
    version: version.version,
    time,
    snapshot: { dataset: version.dataset, version: version.version, files, rows: Number(version.rows), time },
  };
}
