import { createLoader, type SearchParams } from "nuqs/server";
import { DriftPage } from "@/components/drift/drift-page";
import { driftParsers } from "@/components/drift/drift-views";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { driftQueries } from "@/lib/client/drift";
import { monitorQueries } from "@/lib/client/monitors";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listAlerts } from "@/lib/registry/alerts";
import { listMonitors } from "@/lib/registry/monitors";
import { getDrift } from "@/lib/registry/drift";
import { portal } from "../portal";

export const metadata = { title: "Drift" };

const load = createLoader(driftParsers);

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const { environment } = await load(searchParams);
  const map = await getDrift(principal, { workspace: workspace.name, environment });
  const monitors = await listMonitors(principal, workspace.name);
  const alerts = await listAlerts(principal, { workspace: workspace.name, state: "live", limit: 50 });
  return (
    <>
      <PageHeader
        title="Drift"
        facts={
          map.reference
            ? `Every month against ${map.reference}, by the population stability index over the reference's own buckets.`
            : "How the distribution of features changes over time."
        }
      />
      <Hydrate
        data={[
          [driftQueries.map(workspace.name, environment).queryKey, map],
          [monitorQueries.list(workspace.name).queryKey, monitors],
          [monitorQueries.alerts({ workspace: workspace.name, state: "live" }).queryKey, alerts],
        ]}
      >
        <DriftPage workspace={workspace.name} mayEdit={can(workspace.roles as Role[], "monitor:edit")} />
      </Hydrate>
    </>
  );
}
