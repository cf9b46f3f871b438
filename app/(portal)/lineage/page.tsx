import { createLoader, type SearchParams } from "nuqs/server";
import { aroundQuery, lineageParsers, overviewQuery, rollUpOf } from "@/components/lineage/lineage-state";
import { LineagePage } from "@/components/lineage/lineage-page";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { lineageQueries } from "@/lib/client/lineage";
import { LineageQuery } from "@/lib/contracts/lineage";
import { getLineageOverview } from "@/lib/contracts/lineage-overview";
import { DomainError } from "@/lib/domain/errors";
import { getLineage } from "@/lib/registry/lineage/lineage";
import { getOverview } from "@/lib/registry/lineage/overview";
import { portal } from "../portal";

export const metadata = { title: "Lineage" };

const load = createLoader(lineageParsers);

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const state = await load(searchParams);
  return (
    <>
      <PageHeader
        title="Lineage"
        facts="What flows into what: sources, stages, features, views, services and models."
      />
      <Hydrate data={await firstView()}>
        <LineagePage workspace={workspace.name} />
      </Hydrate>
    </>
  );

  /** What the page shows first. What cannot be answered is left to the explorer, which says why. */
  async function firstView(): Promise<[readonly unknown[], unknown][]> {
    try {
      if (state.focus !== null && rollUpOf(state) === "column") {
        const query = aroundQuery(workspace.name, state.focus, state);
        return [[lineageQueries.around(query).queryKey, await getLineage(principal, LineageQuery.parse(query))]]; // prettier-ignore
      }
      const query = overviewQuery(workspace.name, state);
      return [[lineageQueries.overview(query).queryKey, await getOverview(principal, getLineageOverview.query.parse(query))]]; // prettier-ignore
    } catch (error) {
      if (error instanceof DomainError || (error instanceof Error && error.name === "ZodError")) return [];
      throw error;
    }
  }
}
