import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { describeSearch } from "@/lib/domain/plans/parameter-search";
import { openScopeFor } from "../scope";
import { definitionOf } from "../stored-json";

export interface RunnablePipeline {
  name: string;
  description: string;
  outputs: string[];
  /** What it tries before it fits, as a sentence; null for nothing. */
  search: string | null;
}

/** The pipelines that can be run, by name. */
export async function listRunnablePipelines(principal: Principal, workspace: string): Promise<RunnablePipeline[]> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const rows = await prisma().pipeline.findMany({
    where: { workspaceId: scope.workspace.id, retiredAt: null },
    select: { name: true, description: true, outputs: true, definition: true },
    orderBy: { name: "asc" },
  });
  return rows.map(({ definition, ...row }) => ({
    ...row,
    search: describeSearch(definitionOf("Pipeline", { definition })),
  }));
}
