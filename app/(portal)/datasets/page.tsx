import type { Metadata } from "next";
import { DatasetsView } from "@/components/datasets/datasets-view";
import { RetentionButton } from "@/components/retention/retention-button";
import { AddDataButton } from "@/components/sources/add-data-button";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { datasetQueries } from "@/lib/client/datasets";
import { DATASET_KINDS } from "@/lib/contracts/datasets";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listDatasets } from "@/lib/registry/datasets/datasets";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Datasets" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function DatasetsPage({ searchParams }: { searchParams: Search }) {
  const { principal, workspace } = await portal();
  const { q, kind: asked } = await searchParams;
  const kind = DATASET_KINDS.find((one) => one === asked);
  const query = {
    workspace: workspace.name,
    limit: 1000,
    ...(typeof q === "string" && q !== "" && { q }),
    ...(kind && { kind }),
  };
  const datasets = await listDatasets(principal, query);
  return (
    <Hydrate data={[[datasetQueries.list(query).queryKey, datasets]]}>
      <PageHeader
        title="Datasets"
        facts="Sources and run outputs, versioned."
        actions={
          <>
            <RetentionButton />
            {can(workspace.roles as Role[], "spec:apply") && <AddDataButton />}
          </>
        }
      />
      <DatasetsView workspace={workspace.name} />
    </Hydrate>
  );
}
