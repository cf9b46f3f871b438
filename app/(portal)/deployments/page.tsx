import { createLoader, type SearchParams } from "nuqs/server";
import { DeploymentListActions } from "@/components/deployments/deployment-list-actions";
import { deploymentParsers, deploymentQueryOf } from "@/components/deployments/deployment-views";
import { DeploymentsView } from "@/components/deployments/deployments-view";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { deploymentQueries } from "@/lib/client/deployments";
import { listDeployments } from "@/lib/registry/deployments/deployments";
import { listRunnablePipelines } from "@/lib/registry/plans/runnable-pipelines";
import { listForkColumns } from "@/lib/registry/deployments/variant-forks";
import { portal } from "../portal";

export const metadata = { title: "Deployments" };

const load = createLoader(deploymentParsers);

export default async function DeploymentsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const query = deploymentQueryOf(workspace.name, await load(searchParams));
  const deployments = await listDeployments(principal, query);
  const pipelines = await listRunnablePipelines(principal, workspace.name);
  return (
    <>
      <PageHeader
        title="Deployments"
        facts="Variants in operation: each has a job that fits and two that predict, which follow the aliases of its model."
        actions={<DeploymentListActions pipelines={pipelines.map(({ name }) => name)} />}
      />
      <Hydrate data={[[deploymentQueries.list(query).queryKey, deployments]]}>
        <DeploymentsView workspace={workspace.name} forks={await listForkColumns(principal, workspace.name)} />
      </Hydrate>
    </>
  );
}
