import type { StatementFinding, StatementToCheck } from "@/lib/domain/sql/statement-to-check";
import { engine } from "./current-engine";
import { fewAtATime } from "./few-at-a-time";

/** Binds statements on the engine that would run them. Throws `too_many` when the workspace keeps it busy. */
export function bindStatements(workspace: string, stages: StatementToCheck[]): Promise<StatementFinding[][]> {
  return fewAtATime(workspace, () => engine().checkStatements(stages));
}
