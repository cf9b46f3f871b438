import type { Metadata } from "next";
import { DeclareButton } from "@/components/specs/declare-button";
import { StagesView } from "@/components/stages/stages-view";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { stageQueries, STAGES_PER_PAGE } from "@/lib/client/stages";
import { StageFilters } from "@/lib/contracts/stages";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listStages } from "@/lib/registry/stages/stages";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Stages" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function StagesPage({ searchParams }: { searchParams: Search }) {
  const { principal, workspace } = await portal();
  const { cursor, ...asked } = await searchParams;
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
  const filters = StageFilters.safeParse(given);
  const query = {
    workspace: workspace.name,
    limit: STAGES_PER_PAGE,
    ...(filters.success && filters.data),
    ...(typeof cursor === "string" && /^\d{1,9}$/.test(cursor) && { cursor }),
  };
  const stages = await listStages(principal, query);
  return (
    <Hydrate data={[[stageQueries.list(query).queryKey, stages]]}>
      <PageHeader
        title="Stages"
        facts="Which stage reads and which writes a column. Two that write the same one are alternatives."
        actions={
          can(workspace.roles as Role[], "spec:apply") ? (
            <DeclareButton start="sql-stage" label="New stage" />
          ) : undefined
        }
      />
      <StagesView workspace={workspace.name} />
    </Hydrate>
  );
}
