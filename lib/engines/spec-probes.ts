import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { bindStatements } from "./bind-statements";
import { engine } from "./current-engine";
import { fewAtATime } from "./few-at-a-time";
import { REQUEST_BOUNDS } from "./request-bounds";

/** What this process's engine tells of spec documents before they are applied. Throws `too_many` when the workspace keeps it busy. */
export const specProbes = {
  describe: (workspace: string, source: SourceDefinition, access?: DatabaseAccess) =>
    fewAtATime(workspace, () => engine().describe(source, REQUEST_BOUNDS, access)),
  bind: bindStatements,
};
