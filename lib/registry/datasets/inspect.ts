import type { Inspection, InspectBody } from "@/lib/contracts/inspection";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import type { FileInspection, InspectionRequest } from "@/lib/domain/datasets/file-inspection";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";

/** Reads files that nobody has declared, for a workspace, as an engine does. */
export type InspectFiles = (workspace: string, request: InspectionRequest) => Promise<FileInspection>;

/**
 * What files are, with the spec of a source over them. Values of the files are shown, so that only who may declare a source is
 * answered.
 */
export async function inspectSource(
  principal: Principal,
  { workspace, ...request }: InspectBody,
  inspect: InspectFiles,
): Promise<Inspection> {
  await openScopeFor(principal, workspace, "spec:apply");
  const { entity, source, ...found } = await inspect(workspace, request);
  return { ...found, spec: [entity, source].map(writeSpec).join("---\n") };
}
