import { notFound } from "next/navigation";
import { ExperimentView } from "@/components/experiments/experiment-view";
import { Hydrate } from "@/components/ui/hydrate";
import { experimentQueries } from "@/lib/client/experiments";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { getExperiment } from "@/lib/registry/experiments/experiments";
import { portal } from "../../portal";

interface Props {
  params: Promise<{ number: string }>;
}

export async function generateMetadata({ params }: Props) {
  return { title: `Experiment ${(await params).number}` };
}

export default async function Page({ params }: Props) {
  const { principal, workspace } = await portal();
  const number = Number((await params).number);
  if (!Number.isInteger(number) || number < 1 || number > 2 ** 31 - 1) notFound();
  const experiment = await getExperiment(principal, { workspace: workspace.name, number }).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  return (
    <Hydrate data={[[experimentQueries.detail(workspace.name, number).queryKey, experiment]]}>
      <ExperimentView
        workspace={workspace.name}
        number={number}
        canEdit={can(workspace.roles as Role[], "experiment:edit")}
      />
    </Hydrate>
  );
}
