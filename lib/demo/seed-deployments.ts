import { prisma } from "@/lib/db/client";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import type { Schedules } from "@/lib/contracts/deployments";
import type { Principal } from "@/lib/domain/principal";
import { createDeployment } from "@/lib/registry/deployments/create";
import { startJob } from "@/lib/registry/deployments/jobs";
import type { Support } from "@/lib/registry/plans/support";
import { paramsOf } from "@/lib/registry/stored-json";

export interface SeededDeployment {
  /** The pipeline whose first variant is deployed, and the deployment's name. */
  pipeline: string;
  author: Principal;
  description: string;
  schedules?: Schedules;
}

interface SeededJob {
  kind: JobKind;
  window?: [string, string];
}

/** Deploys a pipeline's first variant, unless an earlier filling did. */
export async function ensureDeployment(
  workspace: { id: string; name: string },
  { pipeline, author, description, schedules }: SeededDeployment,
  engine: Support,
): Promise<void> {
  const known = await prisma().deployment.findUnique({
    where: { workspaceId_name: { workspaceId: workspace.id, name: pipeline } },
    select: { id: true },
  });
  if (known) return;
  await createDeployment(
    author,
    { workspace: workspace.name, name: pipeline, pipeline, description, ...(schedules && { schedules }) },
    engine,
  );
}

/** The id of the job's run, which is started unless an earlier filling did and it has not failed. */
export async function ensureJobRun(
  workspace: { id: string; name: string },
  { pipeline: name, author }: SeededDeployment,
  { kind, window }: SeededJob,
  engine: Support,
): Promise<string> {
  const runs = await prisma().run.findMany({
    where: {
      workspaceId: workspace.id,
      state: { in: ["queued", "running", "succeeded"] },
      job: { kind, deployment: { name } },
    },
    orderBy: { number: "asc" },
    select: { id: true, params: true },
  });
  const earlier = runs.find((run) => {
    const { window: computed } = paramsOf(run);
    return computed?.join() === window?.join();
  });
  const request = window ? { from: window[0], to: window[1] } : {};
  return earlier?.id ?? (await startJob(author, { workspace: workspace.name, name, kind }, request, engine));
}
