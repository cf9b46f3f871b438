import type { Metadata } from "next";
import { SourcesView } from "@/components/sources/sources-view";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { sourceQueries } from "@/lib/client/sources";
import { listSources } from "@/lib/registry/sources";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Sources" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function SourcesPage({ searchParams }: { searchParams: Search }) {
  const { principal, workspace } = await portal();
  const { q } = await searchParams;
  const query = { workspace: workspace.name, limit: 1000, ...(typeof q === "string" && q !== "" && { q }) };
  const sources = await listSources(principal, query);
  return (
    <Hydrate data={[[sourceQueries.list(query).queryKey, sources]]}>
      <PageHeader
        title="Sources"
        facts="Data that comes in. Every state that a run has read is a version of its own."
      />
      <SourcesView workspace={workspace.name} />
    </Hydrate>
  );
}
