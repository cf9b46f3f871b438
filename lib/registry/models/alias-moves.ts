import { z } from "zod";
import type { ModelAliasMove } from "@/lib/contracts/models";
import { prisma } from "@/lib/db/client";
import { GOVERNED_ENVIRONMENTS } from "@/lib/domain/changes/promotion-policy";
import type { Scope } from "../scope";

const MOST = 50;

/** What an event says of an alias that moved: by a change request, or because a model got its first version. */
const Moved = z.object({
  environment: z.enum(GOVERNED_ENVIRONMENTS).optional(),
  alias: z.enum(GOVERNED_ENVIRONMENTS).optional(),
  version: z.number(),
  change: z.number().nullish(),
  approvedBy: z.array(z.string()).nullish(),
});
const Before = z.object({ version: z.number().nullish() }).nullish();

/** How the aliases of a model moved, newest first, from the log that every move is written to. */
export async function listAliasMoves(workspace: Scope["workspace"], model: string): Promise<ModelAliasMove[]> {
  const events = await prisma().auditEvent.findMany({
    where: {
      workspaceId: workspace.id,
      object: `${workspace.name}/model/${model}`,
      action: { in: ["model.promote", "model.alias"] },
    },
    orderBy: { sequence: "desc" },
    take: MOST,
  });
  return events.flatMap(({ at, actorName, before, after }) => {
    const moved = Moved.safeParse(after);
    const alias = moved.data?.alias ?? moved.data?.environment;
    if (!moved.success || !alias) return [];
    return [
      {
        alias,
        before: Before.safeParse(before).data?.version ?? null,
        after: moved.data.version,
        at: at.toISOString(),
        by: actorName,
        change: moved.data.change ?? null,
        approvedBy: moved.data.approvedBy ?? [],
      },
    ];
  });
}
