import { prisma } from "@/lib/db/client";
import type { RunState } from "@/lib/domain/runs/run-states";

/** The runs of a workspace: number → where it stands, and the attempt that holds it or did last. */
export async function attemptsOf(workspace: string): Promise<Map<number, { state: RunState; attempt: number }>> {
  const runs = await prisma().run.findMany({
    where: { workspace: { name: workspace } },
    select: { number: true, state: true, attempt: true },
  });
  return new Map(runs.map(({ number, state, attempt }) => [number, { state: state as RunState, attempt }]));
}
