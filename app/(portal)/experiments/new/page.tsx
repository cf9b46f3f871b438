import { createLoader, type SearchParams } from "nuqs/server";
import { newExperimentParsers } from "@/components/experiments/experiment-views";
import { NewExperiment } from "@/components/experiments/new-experiment";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { portal } from "../../portal";

export const metadata = { title: "New hypothesis" };

const load = createLoader(newExperimentParsers);

export default async function NewExperimentPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { workspace } = await portal();
  const asked = await load(searchParams);
  return (
    <>
      <PageHeader title="New hypothesis" facts="Write it before you try it: similar experiments appear beside it." />
      {can(workspace.roles as Role[], "experiment:edit") ? (
        <NewExperiment workspace={workspace.name} asked={asked} />
      ) : (
        <EmptyState title="You cannot write experiments here">
          Authors, stewards and admins do. Ask one of them, or an admin for the role.
        </EmptyState>
      )}
    </>
  );
}
