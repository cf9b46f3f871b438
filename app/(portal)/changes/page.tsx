import { createLoader, type SearchParams } from "nuqs/server";
import { ChangeQueue } from "@/components/changes/change-queue";
import { PAGE_SIZE, queueParsers } from "@/components/changes/change-views";
import { NewChangeButton } from "@/components/changes/new-change-button";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { changeQueries } from "@/lib/client/changes";
import { listChanges } from "@/lib/registry/changes/changes";
import { portal } from "../portal";

export const metadata = { title: "Changes" };

const load = createLoader(queueParsers);

export default async function ChangesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const { view } = await load(searchParams);
  const scope = { workspace: workspace.name };
  const page = await listChanges(principal, { ...scope, view, limit: PAGE_SIZE });
  const waiting = await listChanges(principal, { ...scope, view: "waiting", limit: 1 });
  return (
    <>
      <PageHeader
        title="Changes"
        facts="What staging and production serve changes only when someone else has approved."
        actions={<NewChangeButton roles={workspace.roles} />}
      />
      <Hydrate
        data={[
          [changeQueries.pages({ ...scope, view, limit: PAGE_SIZE }).queryKey, { pages: [page], pageParams: [null] }],
          [changeQueries.list({ ...scope, view: "waiting", limit: 1 }).queryKey, waiting],
        ]}
      >
        <ChangeQueue workspace={workspace.name} />
      </Hydrate>
    </>
  );
}
