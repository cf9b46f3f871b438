import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { StageView } from "@/components/stages/stage-view";
import { Hydrate } from "@/components/ui/hydrate";
import { stageQueries } from "@/lib/client/stages";
import { DomainError } from "@/lib/domain/errors";
import { getStage } from "@/lib/registry/stages";
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
  return (
    <Hydrate data={[[stageQueries.detail(workspace.name, name).queryKey, stage]]}>
      <StageView workspace={workspace.name} name={name} />
    </Hydrate>
  );
}
