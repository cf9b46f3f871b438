import type { DeploymentJob } from "@/lib/contracts/deployments";
import { prisma } from "@/lib/db/client";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import { describePredicted } from "@/lib/domain/serving/predictions-served";
import { aliasOf } from "./row";

/** Job → what its newest run that succeeded wrote, beside what the environment of its alias serves now. */
export async function whatJobsServe(
  jobs: readonly { id: string; kind: string }[],
  model: string | null,
): Promise<Map<string, DeploymentJob["serves"]>> {
  const served = new Map<string, DeploymentJob["serves"]>();
  for (const job of jobs) {
    const environment = aliasOf(job.kind as JobKind);
    if (environment) served.set(job.id, await whatOneServes(job.id, environment, model));
  }
  return served;
}

async function whatOneServes(
  jobId: string,
  environment: "staging" | "production",
  model: string | null,
): Promise<DeploymentJob["serves"]> {
  const run = await prisma().run.findFirst({
    where: { jobId, state: "succeeded", values: { some: {} } },
    orderBy: { number: "desc" },
    select: {
      scoredWith: { select: { version: true } },
      values: {
        select: {
          featureVersion: {
            select: {
              version: true,
              feature: {
                select: {
                  name: true,
                  pointers: { where: { environment }, select: { version: { select: { version: true } } } },
                },
              },
            },
          },
        },
      },
    },
  });
  const by = model !== null && run?.scoredWith ? { name: model, version: run.scoredWith.version } : null;
  return (run?.values ?? [])
    .map(({ featureVersion: { version, feature } }) => {
      const pointer = feature.pointers[0]?.version.version ?? null;
      const predicted = { feature: feature.name, version, pointer };
      return { ...predicted, ...describePredicted(predicted, { environment, model: by }) };
    })
    .sort((one, other) => (one.feature < other.feature ? -1 : 1));
}
