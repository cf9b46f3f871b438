import type { DatabaseAccess, DatabaseGreeting } from "@/lib/domain/datasets/database-access";
import type { FileInspection, InspectionRequest, TableInspectionRequest } from "@/lib/domain/datasets/file-inspection";
import { engine } from "./current-engine";
import { fewAtATime } from "./few-at-a-time";
import { INSPECTION_BOUNDS } from "./request-bounds";

/** Inspects with this process's engine. Throws `too_many` when the workspace keeps it busy. */
export const inspectors = {
  files: (workspace: string, request: InspectionRequest): Promise<FileInspection> =>
    fewAtATime(workspace, () => engine().inspectFiles(request, INSPECTION_BOUNDS)),
  table: (workspace: string, request: TableInspectionRequest, access: DatabaseAccess): Promise<FileInspection> =>
    fewAtATime(workspace, () => engine().inspectTable(request, access)),
};

/** Tries a database with this process's engine. Throws as above. */
export function greetDatabase(workspace: string, access: DatabaseAccess): Promise<DatabaseGreeting> {
  return fewAtATime(workspace, () => engine().greetDatabase(access));
}
