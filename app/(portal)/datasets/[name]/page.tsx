import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DatasetPage } from "@/components/datasets/dataset-page";
import { Hydrate } from "@/components/ui/hydrate";
import { datasetQueries } from "@/lib/client/datasets";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { getDataset } from "@/lib/registry/datasets/datasets";
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
  const search = await searchParams;
  const { principal, workspace } = await portal();
  const dataset = await getDataset(principal, workspace.name, name).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  const isOverview = search.tab === undefined || search.tab === "overview";
  const overview = isOverview
    ? await firstOverview(principal, "dataset", { workspace: workspace.name, name, search })
    : [];
  return (
    <Hydrate data={[[datasetQueries.detail(workspace.name, name).queryKey, dataset], ...overview]}>
      <DatasetPage workspace={workspace.name} name={name} mayEdit={can(workspace.roles as Role[], "spec:apply")} />
    </Hydrate>
  );
}
