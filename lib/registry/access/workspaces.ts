import type { z } from "zod";
import type { Seeding, Workspace } from "@/lib/contracts/workspaces";
import { actorIn, type Principal } from "@/lib/domain/principal";
import { prisma } from "@/lib/db/client";
import type { Workspace as WorkspaceRow } from "@/lib/db/generated/client";
import { openScopeFor } from "../scope";

/** The workspaces in which the principal has a role, by name. */
export async function listWorkspaces(principal: Principal): Promise<Workspace[]> {
  const rows = await prisma().workspace.findMany({ orderBy: { name: "asc" } });
  return Promise.all(
    rows.filter((row) => actorIn(principal, row.id).roles.length > 0).map((row) => toWorkspace(principal, row)),
  );
}

export async function getWorkspace(principal: Principal, name: string): Promise<Workspace> {
  const scope = await openScopeFor(principal, name, "workspace:read");
  return toWorkspace(principal, await prisma().workspace.findUniqueOrThrow({ where: { id: scope.workspace.id } }));
}

async function toWorkspace(principal: Principal, row: WorkspaceRow): Promise<Workspace> {
  const where = { workspaceId: row.id };
  const live = { ...where, retiredAt: null };
  const [features, stages, sources, models, runs] = await Promise.all([
    prisma().feature.count({ where: live }),
    prisma().stage.count({ where: live }),
    prisma().source.count({ where: live }),
    prisma().model.count({ where }),
    prisma().run.count({ where }),
  ]);
  return {
    name: row.name,
    title: row.title,
    description: row.description,
    roles: [...actorIn(principal, row.id).roles],
    counts: { features, stages, sources, models, runs },
    seeding: row.seedState
      ? {
          state: row.seedState as z.infer<typeof Seeding>["state"],
          progress: row.seedProgress,
          message: row.seedMessage ?? "",
        }
      : null,
  };
}
