import type { RunDifference } from "@/lib/contracts/runs";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { compareRuns } from "@/lib/domain/runs/run-difference";
import { getRun, openRun } from "./runs";

/** In what a run differs from another one of the same workspace, and what the difference is to be attributed to. */
export async function compareWithRun(principal: Principal, runId: string, otherId: string): Promise<RunDifference> {
  const [{ run: one }, { run: other }] = [
    await openRun(principal, runId, "workspace:read"),
    await openRun(principal, otherId, "workspace:read"),
  ];
  if (one.workspaceId !== other.workspaceId)
    throw new DomainError("invalid", "Runs of two workspaces cannot be compared: they have no data in common.");
  return {
    run: one.number,
    with: other.number,
    ...compareRuns(await getRun(principal, otherId), await getRun(principal, runId)),
  };
}
