import { createLoader, type SearchParams } from "nuqs/server";
import { NewTrainingButton } from "@/components/training-datasets/new-training-button";
import { TrainingList } from "@/components/training-datasets/training-list";
import { trainingParsers } from "@/components/training-datasets/training-views";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { TRAINING_PAGE, trainingQueries } from "@/lib/client/training-datasets";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listTrainingDatasets } from "@/lib/registry/training-datasets/training-datasets";
import { portal } from "../portal";

export const metadata = { title: "Training datasets" };

const load = createLoader(trainingParsers);

export default async function TrainingDatasetsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const { q } = await load(searchParams);
  const query = { workspace: workspace.name, q: q ?? "", limit: TRAINING_PAGE };
  const page = await listTrainingDatasets(principal, query);
  const canWrite = can(workspace.roles as Role[], "training:edit");
  return (
    <>
      <PageHeader
        title="Training datasets"
        facts="Features on the rows of a spine, as they were known at each row's moment: frozen, and made again to the same digest."
        actions={canWrite && <NewTrainingButton />}
      />
      <Hydrate data={[[trainingQueries.pages(query).queryKey, { pages: [page], pageParams: [null] }]]}>
        <TrainingList workspace={workspace.name} canWrite={canWrite} />
      </Hydrate>
    </>
  );
}
