import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { loadRunGraph } from "../runs/graph";
import { openDeployment } from "./row";
import { openScopeFor } from "../scope";

/** Columns that more than one stage of today can write: what tells variants apart, by name. */
export async function listForkColumns(principal: Principal, workspace: string): Promise<string[]> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const rows = await prisma().$queryRaw<{ column: string }[]>`
    SELECT c."column" FROM "StageColumn" c
    JOIN "StageVersion" v ON v."id" = c."stageVersionId"
    JOIN "Stage" s ON s."id" = v."stageId" AND s."version" = v."version" AND s."retiredAt" IS NULL
    WHERE c."workspaceId" = ${scope.workspace.id} AND c."role" = 'output'
    GROUP BY c."column" HAVING count(DISTINCT s."id") > 1 ORDER BY c."column"`;
  return rows.map(({ column }) => column);
}

export interface RanVariant {
  /** Column → stage that writes it. */
  choice: Record<string, string>;
  runs: number;
  last: { id: string; number: number; state: string };
}

/** The variants of a pipeline that ran, the one that ran last first. */
export async function listRanVariants(
  principal: Principal,
  workspace: string,
  pipeline: string,
): Promise<RanVariant[]> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const rows = await prisma().variant.findMany({
    where: { pipeline: { workspaceId: scope.workspace.id, name: pipeline } },
    select: {
      choice: true,
      _count: { select: { runs: true } },
      runs: { select: { id: true, number: true, state: true }, orderBy: { number: "desc" }, take: 1 },
    },
  });
  return rows
    .flatMap(({ choice, _count, runs: [last] }) =>
      last ? [{ choice: choice as Record<string, string>, runs: _count.runs, last }] : [],
    )
    .sort((one, other) => other.last.number - one.last.number);
}

/** Stage → what it reads in a deployment: stages by name, and `source:NAME` for sources. It never changes. */
export async function readsOfDeployment(
  principal: Principal,
  workspace: string,
  name: string,
): Promise<Record<string, string[]>> {
  const { scope, deployment } = await openDeployment(principal, workspace, name, "workspace:read");
  const variant = await prisma().variant.findUniqueOrThrow({ where: { id: deployment.variantId } });
  const facts = await loadRunGraph(
    { id: deployment.id, workspaceId: scope.workspace.id, params: deployment.params },
    variant.choice as Record<string, string>,
    variant.stages.map((stage) => ({ instance: stage, stage })),
  );
  return Object.fromEntries([...facts].map(([stage, { reads }]) => [stage, reads]));
}
