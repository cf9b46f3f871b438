import type { Metadata } from "next";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { RunsView } from "@/components/runs/runs-view";
import { StartRun } from "@/components/runs/start-run";
import { runQueries } from "@/lib/client/runs";
import { ListDeploymentsQuery } from "@/lib/contracts/deployments";
import { ListRunsQuery } from "@/lib/contracts/runs";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listDeployments } from "@/lib/registry/deployments/deployments";
import { listRunnablePipelines } from "@/lib/registry/plans/runnable-pipelines";
import { listRuns } from "@/lib/registry/runs/runs";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Runs" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function RunsPage({ searchParams }: { searchParams: Search }) {
  const { principal, workspace } = await portal();
  const { state, kind, pipeline, deployment, q, sort, cursor } = await searchParams;
  const asked = {
    ...(state && { state }),
    ...(kind && { kind }),
    ...(pipeline && { pipeline }),
    ...(deployment && { deployment }),
    ...(q && { q }),
    ...(sort && { sort }),
    ...(cursor && { cursor }),
  };
  const parsed = ListRunsQuery.safeParse({ workspace: workspace.name, limit: 50, ...asked });
  const query = parsed.success ? parsed.data : ListRunsQuery.parse({ workspace: workspace.name });
  // What is wrong with a query is said beside its search box, where it can be mended.
  const runs = await listRuns(principal, query).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "invalid") return null;
    throw error;
  });
  const pipelines = await listRunnablePipelines(principal, workspace.name);
  const deployments = await listDeployments(
    principal,
    ListDeploymentsQuery.parse({ workspace: workspace.name, state: "all", limit: 200 }),
  );
  const start = can(workspace.roles as Role[], "run:start") ? (
    <StartRun workspace={workspace.name} pipelines={pipelines} />
  ) : null;
  return (
    <Hydrate data={runs ? [[runQueries.list(query).queryKey, runs]] : []}>
      <PageHeader
        title="Runs"
        facts="What was computed, from which data, and with which results."
        actions={runs === null || runs.total > 0 || Object.keys(asked).length > 0 ? start : undefined}
      />
      <RunsView
        workspace={workspace.name}
        deployments={deployments.items.map(({ name }) => name)}
        pipelines={pipelines.map(({ name }) => name)}
        start={start}
      />
    </Hydrate>
  );
}
