import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { StageView } from "@/components/stages/stage-view";
import { Hydrate } from "@/components/ui/hydrate";
import { experimentQueries, MOST_ON_A_PAGE } from "@/lib/client/experiments";
import { stageQueries } from "@/lib/client/stages";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listExperiments } from "@/lib/registry/experiments/search";
import { getStage } from "@/lib/registry/stages/stages";
import { portal } from "../../portal";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function StagePage({ params }: Props) {
  const name = decodeURIComponent((await params).name);
  const { principal, workspace } = await portal();
  const stage = await getStage(principal, workspace.name, name).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  const about = { stage: name };
  const experiments = await listExperiments(principal, {
    workspace: workspace.name,
    q: "",
    ...about,
    limit: MOST_ON_A_PAGE,
  });
  return (
    <Hydrate
      data={[
        [stageQueries.detail(workspace.name, name).queryKey, stage],
        [experimentQueries.on(workspace.name, about).queryKey, experiments],
      ]}
    >
      <StageView workspace={workspace.name} name={name} mayRunTests={can(workspace.roles as Role[], "run:start")} />
    </Hydrate>
  );
}
