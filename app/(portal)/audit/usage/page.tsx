import { createLoader, type SearchParams } from "nuqs/server";
import { ledgerParsers, USAGE_PAGE, usageQueryOf } from "@/components/usage/usage-filters";
import { UsagePage } from "@/components/usage/usage-page";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { usageQueries } from "@/lib/client/usage";
import { getLeakageMatrix, listUsage } from "@/lib/registry/models/usage";
import { portal } from "../../portal";

export const metadata = { title: "Usage and leakage" };

const load = createLoader(ledgerParsers);

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const { name } = workspace;
  const query = { ...usageQueryOf(name, await load(searchParams)), limit: USAGE_PAGE };
  return (
    <>
      <PageHeader
        title="Usage and leakage"
        facts="Which feature version was used by whom, in which role, on which rows, and what that means for test scores."
      />
      <Hydrate
        data={[
          [usageQueries.matrix(name).queryKey, await getLeakageMatrix(principal, name)],
          [usageQueries.pages(query).queryKey, { pages: [await listUsage(principal, query)], pageParams: [null] }],
        ]}
      >
        <UsagePage workspace={name} />
      </Hydrate>
    </>
  );
}
