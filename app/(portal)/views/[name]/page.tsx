import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Hydrate } from "@/components/ui/hydrate";
import { ViewPage } from "@/components/views/view-page";
import { datasetQueries } from "@/lib/client/datasets";
import { DomainError } from "@/lib/domain/errors";
import { getView } from "@/lib/registry/serving/views";
import { firstOverview } from "../../first-overview";
import { portal } from "../../portal";

interface Props {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params, searchParams }: Props) {
  const name = decodeURIComponent((await params).name);
  const { principal, workspace } = await portal();
  const view = await getView(principal, workspace.name, name).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  const overview = await firstOverview(principal, "view", {
    workspace: workspace.name,
    name,
    search: await searchParams,
  });
  return (
    <Hydrate data={[[datasetQueries.view(workspace.name, name).queryKey, view], ...overview]}>
      <ViewPage workspace={workspace.name} name={name} />
    </Hydrate>
  );
}
