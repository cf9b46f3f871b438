import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DeploymentPage } from "@/components/deployments/deployment-page";
import { Hydrate } from "@/components/ui/hydrate";
import { deploymentQueries } from "@/lib/client/deployments";
import { DomainError } from "@/lib/domain/errors";
import { getDeployment } from "@/lib/registry/deployments/deployments";
import { listForkColumns, readsOfDeployment } from "@/lib/registry/deployments/variant-forks";
import { portal } from "../../portal";

type Params = Promise<{ name: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: { params: Params }) {
  const name = decodeURIComponent((await params).name);
  const { principal, workspace } = await portal();
  const deployment = await getDeployment(principal, workspace.name, name).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  return (
    <Hydrate data={[[deploymentQueries.detail(workspace.name, name).queryKey, deployment]]}>
      <DeploymentPage
        workspace={workspace.name}
        name={name}
        forks={await listForkColumns(principal, workspace.name)}
        reads={await readsOfDeployment(principal, workspace.name, name)}
      />
    </Hydrate>
  );
}
