import { notFound } from "next/navigation";
import { TrainingPage } from "@/components/training-datasets/training-page";
import { Hydrate } from "@/components/ui/hydrate";
import { trainingQueries } from "@/lib/client/training-datasets";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { getTrainingDataset, listTrainingDatasets } from "@/lib/registry/training-datasets/training-datasets";
import { portal } from "../../portal";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props) {
  return { title: (await params).name };
}

export default async function Page({ params }: Props) {
  const { principal, workspace } = await portal();
  const { name } = await params;
  const dataset = await getTrainingDataset(principal, { workspace: workspace.name, name }).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  const { items } = await listTrainingDatasets(principal, { workspace: workspace.name, q: "", limit: 1000 });
  return (
    <Hydrate data={[[trainingQueries.detail(workspace.name, name).queryKey, dataset]]}>
      <TrainingPage
        workspace={workspace.name}
        name={name}
        others={items.map((item) => item.name).filter((other) => other !== name)}
        canEdit={can(workspace.roles as Role[], "training:edit")}
        canDownload={can(workspace.roles as Role[], "features:serve")}
      />
    </Hydrate>
  );
}
