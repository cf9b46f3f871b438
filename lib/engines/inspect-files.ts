import type { FileInspection, InspectionRequest } from "@/lib/domain/datasets/file-inspection";
import { engine } from "./current-engine";
import { fewAtATime } from "./few-at-a-time";

/** Inspects files with this process's engine. Throws `too_many` when the workspace keeps it busy. */
export function inspectFiles(workspace: string, request: InspectionRequest): Promise<FileInspection> {
  return fewAtATime(workspace, () => engine().inspectFiles(request));
}
