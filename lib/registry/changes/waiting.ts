import type { ChangeSummary } from "@/lib/contracts/changes";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Scope } from "../scope";
import { type ChangeJudgement, judgeChanges } from "./judgement";
import { toSummary } from "./mapping";
import { findChanges } from "./row";

/**
 * The open requests that the caller may decide and has not decided as they are now, newest first: what waits for them, on the
 * home page and on the page of changes alike. Who must decide is computed, so that requests are filtered after reading.
 */
export async function listWaiting(scope: Scope, filter: Prisma.ChangeRequestWhereInput = {}): Promise<ChangeSummary[]> {
  const where = { AND: [{ workspaceId: scope.workspace.id, endedAt: null }, filter] };
  const rows = await findChanges(where, prisma());
  const judgements = await judgeChanges(prisma(), scope, rows);
  return rows
    .map((row, index) => toSummary(scope, row, judgements[index] as ChangeJudgement))
    .filter((change) => change.waitingForMe);
}
