import { createLoader, type SearchParams } from "nuqs/server";
import { DriftPage } from "@/components/drift/drift-page";
import { driftParsers, toMapQuery } from "@/components/drift/drift-views";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { driftQueries } from "@/lib/client/drift";
import { monitorQueries } from "@/lib/client/monitors";
import { skewQueries } from "@/lib/client/skew";
import { getDrift as getDriftContract } from "@/lib/contracts/drift";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listAlerts } from "@/lib/registry/monitors/alerts";
import { listMonitors } from "@/lib/registry/monitors/monitors";
import { getDrift } from "@/lib/registry/drift/map";
import { listSkew } from "@/lib/registry/drift/skew-checks";
import { portal } from "../portal";

export const metadata = { title: "Drift" };

const load = createLoader(driftParsers);

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const state = await load(searchParams);
  // Only what the open tab shows is computed for the first view.
  const query = state.view === "map" ? toMapQuery(workspace.name, state, null) : null;
  const map = query && (await getDrift(principal, getDriftContract.query.parse(query)).catch(() => null));
  const monitors = state.view === "monitors" ? await listMonitors(principal, workspace.name) : null;
  const environment = state.environment ?? "dev";
  const skew = state.view === "skew" ? await listSkew(principal, { workspace: workspace.name, environment }) : null;
  const alerts = await listAlerts(principal, { workspace: workspace.name, state: "live", limit: 50 });
  return (
    <>
      <PageHeader
        title="Drift"
        facts="How the distribution of features changes over time, on the edges that each feature's reference fixed."
      />
      <Hydrate
        data={[
          ...(query && map
            ? [
                [driftQueries.map(query).queryKey, { pages: [map], pageParams: [null] }] as [
                  readonly unknown[],
                  unknown,
                ],
              ]
            : []),
          ...(monitors
            ? [[monitorQueries.list(workspace.name).queryKey, monitors] as [readonly unknown[], unknown]]
            : []),
          ...(skew
            ? [
                [
                  skewQueries.list(workspace.name, environment).queryKey,
                  { items: skew, total: skew.length, nextCursor: null },
                ] as [readonly unknown[], unknown],
              ]
            : []),
          [monitorQueries.alerts({ workspace: workspace.name, state: "live" }).queryKey, alerts],
        ]}
      >
        <DriftPage
          workspace={workspace.name}
          mayEdit={can(workspace.roles as Role[], "monitor:edit")}
          maySave={can(workspace.roles as Role[], "spec:apply")}
          mayCheck={can(workspace.roles as Role[], "run:start")}
        />
      </Hydrate>
    </>
  );
}
