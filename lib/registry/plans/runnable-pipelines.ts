import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";

export interface RunnablePipeline {
  name: string;
  description: string;
  outputs: string[];
}

/** The pipelines that can be run, by name. */
export async function listRunnablePipelines(principal: Principal, workspace: string): Promise<RunnablePipeline[]> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  return prisma().pipeline.findMany({
    where: { workspaceId: scope.workspace.id, retiredAt: null },
    select: { name: true, description: true, outputs: true },
    orderBy: { name: "asc" },
  });
}
