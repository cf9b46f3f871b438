import { createLoader } from "nuqs/server";
import { overviewParsers } from "@/components/overviews/overview-state";
import { datasetQueries, OVERVIEW_PAGE } from "@/lib/client/datasets";
import type { Overview } from "@/lib/contracts/overviews";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { getDatasetOverview } from "@/lib/registry/overviews/overview";
import { getViewOverview } from "@/lib/registry/overviews/view";

const load = createLoader({ parts: overviewParsers.parts, version: overviewParsers.version });

/**
 * The first page of an overview for `Hydrate`, as the address asks for it. Nothing when it asks for what there is not: then the
 * browser asks again and says what is wrong.
 */
export async function firstOverview(
  principal: Principal,
  subject: Overview["subject"],
  {
    workspace,
    name,
    search,
  }: { workspace: string; name: string; search: Record<string, string | string[] | undefined> },
): Promise<[readonly unknown[], unknown][]> {
  const { parts, version } = load(search);
  const question = {
    workspace,
    subject,
    name,
    ...(version && { version }),
    ...(parts?.length && { groups: parts.join(",") }),
  };
  const query = { ...question, limit: OVERVIEW_PAGE };
  try {
    const page = await (subject === "view"
      ? getViewOverview(principal, name, query)
      : getDatasetOverview(principal, name, query));
    return [[datasetQueries.overview(question).queryKey, { pages: [page], pageParams: [null] }]];
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}
