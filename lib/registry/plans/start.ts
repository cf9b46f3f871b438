import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { loadStages } from "../catalogue/catalogue";
import { listPopular } from "../features/popular";
import { openScopeFor } from "../scope";

/** As many of each kind as a first look takes in. */
const MOST = 8;

/** Where a plan can begin in a workspace. */
export interface PlanStart {
  /** Columns that several stages write, those with most writers first. */
  choices: { column: string; stages: string[] }[];
  /** Features that most consumers use. */
  popular: { name: string; description: string }[];
  pipelines: { name: string; description: string; outputs: string[] }[];
  /** Names of the split policies. */
  splits: string[];
}

/** What helps somebody who has not chosen any outputs yet, and the split policies that can be chosen. */
export async function planStart(principal: Principal, workspace: string): Promise<PlanStart> {
  const scope = await openScopeFor(principal, workspace, "spec:plan");
  const live = { workspaceId: scope.workspace.id, retiredAt: null };
  const [stages, popular, pipelines, splits] = await Promise.all([
    loadStages(scope.workspace.id),
    listPopular(scope.workspace),
    prisma().pipeline.findMany({
      where: live,
      select: { name: true, description: true, outputs: true },
      orderBy: { name: "asc" },
      take: MOST,
    }),
    prisma().splitPolicy.findMany({ where: live, select: { name: true }, orderBy: { name: "asc" } }),
  ]);
  const writers = new Map<string, string[]>();
  for (const stage of stages)
    for (const { column } of stage.outputs) {
      const known = writers.get(column);
      if (known) known.push(stage.name);
      else writers.set(column, [stage.name]);
    }
  return {
    choices: [...writers]
      .filter(([, names]) => names.length > 1)
      .map(([column, names]) => ({ column, stages: names }))
      .sort((one, other) => other.stages.length - one.stages.length)
      .slice(0, MOST),
    popular: popular.map(({ name, description }) => ({ name, description })),
    pipelines,
    splits: splits.map(({ name }) => name),
  };
}
