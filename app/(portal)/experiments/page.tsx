import { createLoader, type SearchParams } from "nuqs/server";
import { ExperimentList } from "@/components/experiments/experiment-list";
import { EXPERIMENT_PAGE, experimentParsers, experimentQueryOf } from "@/components/experiments/experiment-views";
import { NewExperimentButton } from "@/components/experiments/new-experiment-button";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { experimentQueries } from "@/lib/client/experiments";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listExperiments } from "@/lib/registry/experiments/search";
import { portal } from "../portal";

export const metadata = { title: "Experiments" };

const load = createLoader(experimentParsers);

export default async function ExperimentsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const query = { ...experimentQueryOf(workspace.name, await load(searchParams)), limit: EXPERIMENT_PAGE };
  const page = await listExperiments(principal, { q: "", ...query });
  const canWrite = can(workspace.roles as Role[], "experiment:edit");
  return (
    <>
      <PageHeader
        title="Experiments"
        facts="Hypotheses, how they were tested, and what was learned."
        actions={canWrite && <NewExperimentButton />}
      />
      <Hydrate data={[[experimentQueries.pages(query).queryKey, { pages: [page], pageParams: [null] }]]}>
        <ExperimentList workspace={workspace.name} canWrite={canWrite} />
      </Hydrate>
    </>
  );
}
