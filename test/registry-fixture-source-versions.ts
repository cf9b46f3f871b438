import { prisma } from "@/lib/db/client";
import { digestOf } from "@/lib/registry/record-event";
import { SOURCES } from "./registry-fixture-definitions";
import { BY, type IdOf } from "./registry-fixture-rows";

/** The first version of every source. Their ids, in the sources' order. */
export async function fillSourceVersions(workspaceId: string, id: IdOf): Promise<string[]> {
  const rows = SOURCES.map((source) => ({
    id: id(`dataset/${source.name}`),
    workspaceId,
    dataset: source.name,
    version: 1,
    sourceId: id(`source/${source.name}`),
    files: [{ path: source.location, sha256: digestOf(source.location), bytes: 13_493_022 }],
    digest: digestOf(source.location),
    rows: source.timeColumn ? 3_000_000n : 3_376n,
    timeFrom: source.timeColumn ? new Date("2001-01-01") : null,
    timeTo: source.timeColumn ? new Date("2001-07-01") : null,
    createdBy: BY,
  }));
  await prisma().datasetVersion.createMany({ data: rows });
  return rows.map((row) => row.id);
}
