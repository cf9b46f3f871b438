import type { Metadata } from "next";
import { ModelsView } from "@/components/models/models-view";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { modelQueries } from "@/lib/client/models";
import { listModels } from "@/lib/registry/models/models";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage() {
  const { principal, workspace } = await portal();
  const models = await listModels(principal, workspace.name);
  return (
    <Hydrate data={[[modelQueries.list(workspace.name).queryKey, models]]}>
      <PageHeader title="Models" facts="Trained models and their test scores, and whether the scores can be trusted." />
      <ModelsView workspace={workspace.name} />
    </Hydrate>
  );
}
