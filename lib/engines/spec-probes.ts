import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { bindStatements } from "./bind-statements";
import { engine } from "./current-engine";
import type { ReadBounds } from "./engine";
import { fewAtATime } from "./few-at-a-time";

/** What is read of a source before it is applied: enough to find what does not fit, and no more than a request waits for. */
const BOUNDS: ReadBounds = { files: 200, bytes: 256 * 2 ** 20, rows: 500_000 };

/** What this process's engine tells of spec documents before they are applied. Throws `too_many` when the workspace keeps it busy. */
export const specProbes = {
  describe: (workspace: string, source: SourceDefinition, access?: DatabaseAccess) =>
    fewAtATime(workspace, () => engine().describe(source, BOUNDS, access)),
  bind: bindStatements,
};
