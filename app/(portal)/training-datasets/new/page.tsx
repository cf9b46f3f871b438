import { createLoader, type SearchParams } from "nuqs/server";
import { NewTraining } from "@/components/training-datasets/new-training";
import { newTrainingParsers } from "@/components/training-datasets/training-views";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listTrainingChoices } from "@/lib/registry/training-datasets/choices";
import { portal } from "../../portal";

export const metadata = { title: "New training dataset" };

const load = createLoader(newTrainingParsers);

export default async function NewTrainingPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const asked = await load(searchParams);
  const choices = await listTrainingChoices(principal, workspace.name);
  return (
    <>
      <PageHeader
        title="New training dataset"
        facts="Choose features and the rows to join them to. Preview shows the first rows and what leaks; nothing is written before you freeze."
      />
      <Body canPreview={can(workspace.roles as Role[], "features:serve")} choices={choices}>
        <NewTraining
          workspace={workspace.name}
          choices={choices}
          asked={asked}
          canFreeze={can(workspace.roles as Role[], "training:edit")}
        />
      </Body>
    </>
  );
}

function Body({
  canPreview,
  choices,
  children,
}: {
  canPreview: boolean;
  choices: Awaited<ReturnType<typeof listTrainingChoices>>;
  children: React.ReactNode;
}) {
  if (!canPreview)
    return (
      <EmptyState title="You cannot read feature values here">
        Viewers, authors, stewards and admins can. Ask an admin for one of these roles.
      </EmptyState>
    );
  if (choices.features.length === 0)
    return (
      <EmptyState title="No feature view is declared">
        A view says which features are stored together and how old a value may be. Declare one on the page Specs, then
        come back.
      </EmptyState>
    );
  if (choices.sources.length === 0)
    return (
      <EmptyState title="No source has data">
        The rows of a training dataset are those of a source. Add data on the page Datasets, then come back.
      </EmptyState>
    );
  return children;
}
