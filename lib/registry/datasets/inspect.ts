import type { Inspection, InspectBody } from "@/lib/contracts/inspection";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";
import type { FileInspection, InspectionRequest, TableInspectionRequest } from "@/lib/domain/datasets/file-inspection";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";
import { connectionAccess } from "../database-access";

/** Reads what nobody has declared, for a workspace, as an engine does. */
export interface Inspectors {
  files(workspace: string, request: InspectionRequest): Promise<FileInspection>;
  table(workspace: string, request: TableInspectionRequest, access: DatabaseAccess): Promise<FileInspection>;
}

/**
 * What files or a table are, with the spec of a source over them. Values are shown, so that only who may declare a source is
 * answered.
 */
export async function inspectSource(
  principal: Principal,
  { workspace, connection, table, sql, name, location = "", ...files }: InspectBody,
  inspectors: Inspectors,
): Promise<Inspection> {
  const scope = await openScopeFor(principal, workspace, "spec:apply");
  const named = name === undefined ? {} : { name };
  const { entity, source, ...found } =
    connection === undefined
      ? await inspectors.files(workspace, { location, ...files, ...named })
      : await inspectors.table(
          workspace,
          { ...(table !== undefined && { table }), ...(sql !== undefined && { sql }), ...named },
          await connectionAccess(scope.workspace.id, connection),
        );
  return { ...found, spec: [entity, source].map(writeSpec).join("---\n") };
}
