import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { deploymentsOf, runsOf } from "@/components/pipelines/pipeline-lists";
import { PipelinePage } from "@/components/pipelines/pipeline-page";
import { Hydrate } from "@/components/ui/hydrate";
import { deploymentQueries } from "@/lib/client/deployments";
import { pipelineQueries } from "@/lib/client/pipelines";
import { runQueries } from "@/lib/client/runs";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listDeployments } from "@/lib/registry/deployments/deployments";
import { getPipeline } from "@/lib/registry/plans/pipelines";
import { listRuns } from "@/lib/registry/runs/runs";
import { listRanVariants } from "@/lib/registry/deployments/variant-forks";
import { portal } from "../../portal";

type Params = Promise<{ name: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: { params: Params }) {
  const name = decodeURIComponent((await params).name);
  const { principal, workspace } = await portal();
  const pipeline = await getPipeline(principal, workspace.name, name).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  const deployments = deploymentsOf(workspace.name, name);
  const runs = runsOf(workspace.name, name);
  return (
    <Hydrate
      data={[
        [pipelineQueries.detail(workspace.name, name).queryKey, pipeline],
        [deploymentQueries.list(deployments).queryKey, await listDeployments(principal, deployments)],
        [runQueries.list(runs).queryKey, await listRuns(principal, runs)],
      ]}
    >
      <PipelinePage
        workspace={workspace.name}
        name={name}
        ran={await listRanVariants(principal, workspace.name, name)}
        mayRun={can(workspace.roles as Role[], "run:start")}
        mayDeploy={can(workspace.roles as Role[], "deployment:edit")}
      />
    </Hydrate>
  );
}
