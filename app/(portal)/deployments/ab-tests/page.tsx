import { createLoader, type SearchParams } from "nuqs/server";
import { AbTestList } from "@/components/ab-tests/ab-test-list";
import { AB_TEST_PAGE, abTestListParsers } from "@/components/ab-tests/ab-test-views";
import { NewAbTestButton } from "@/components/ab-tests/new-ab-test-button";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { abTestQueries } from "@/lib/client/ab-tests";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listAbTests } from "@/lib/registry/experiments/ab-tests";
import { portal } from "../../portal";

export const metadata = { title: "A/B tests" };

const load = createLoader(abTestListParsers);

export default async function AbTestsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const { state } = await load(searchParams);
  const query = { workspace: workspace.name, ...(state && { state }), limit: AB_TEST_PAGE };
  const page = await listAbTests(principal, query);
  const canWrite = can(workspace.roles as Role[], "experiment:edit");
  return (
    <>
      <PageHeader
        title="A/B tests"
        facts="Variants of one output side by side, on rows that a hash assigns, judged by actual outcomes."
        actions={canWrite && <NewAbTestButton />}
      />
      <Hydrate data={[[abTestQueries.pages(query).queryKey, { pages: [page], pageParams: [null] }]]}>
        <AbTestList workspace={workspace.name} canWrite={canWrite} />
      </Hydrate>
    </>
  );
}
