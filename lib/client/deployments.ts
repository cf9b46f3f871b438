import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import {
  type Backfill,
  type BackfillAction,
  type BackfillDetail,
  cancelBackfill,
  createBackfill,
  type CreateBackfill,
  getBackfill,
  pauseBackfill,
  resumeBackfill,
  retryBackfill,
} from "@/lib/contracts/backfills";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import {
  createDeployment,
  type CreateDeployment,
  type DeploymentDetail,
  type DeploymentSummary,
  editDeployment,
  type EditDeployment,
  getDeployment,
  listDeployments,
  pauseDeployment,
  resumeDeployment,
  retireDeployment,
  startJob,
} from "@/lib/contracts/deployments";
import { hasEnded } from "@/lib/domain/runs/run-states";
import { api } from "./api";

type ListQuery = z.input<(typeof listDeployments)["query"]>;

const SOON_MS = 1500;
const CALM_MS = 15_000;

const isBusy = ({ jobs }: Pick<DeploymentSummary, "jobs">) =>
  jobs.some(({ lastRun }) => lastRun !== null && !hasEnded(lastRun.state));
const isGoing = ({ state }: Pick<Backfill, "state">) => state === "running";

export const deploymentQueries = {
  all: ["deployments"] as const,
  list: (query: ListQuery) =>
    queryOptions({
      queryKey: ["deployments", "list", query],
      queryFn: ({ signal }) => api(listDeployments, { query, signal }),
      placeholderData: (previous) => previous,
      refetchInterval: (current) => (current.state.data?.items.some(isBusy) ? SOON_MS : CALM_MS),
    }),
  detail: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["deployments", workspace, name],
      queryFn: ({ signal }) => api(getDeployment, { params: { name }, query: { workspace }, signal }),
      refetchInterval: (current) => {
        const data = current.state.data;
        return data && (isBusy(data) || data.jobs.some((job) => job.backfills.some(isGoing))) ? SOON_MS : CALM_MS;
      },
    }),
  backfill: (workspace: string, name: string, backfillId: string) =>
    queryOptions({
      queryKey: ["deployments", workspace, name, "backfills", backfillId],
      queryFn: ({ signal }) => api(getBackfill, { params: { name, backfillId }, query: { workspace }, signal }),
      refetchInterval: (current) => (current.state.data && isGoing(current.state.data) ? SOON_MS : CALM_MS),
    }),
};

const CHANGES = { pause: pauseDeployment, resume: resumeDeployment, retire: retireDeployment };
const BACKFILL_CHANGES = {
  pause: pauseBackfill,
  resume: resumeBackfill,
  cancel: cancelBackfill,
  retry: retryBackfill,
} satisfies Record<BackfillAction, unknown>;

export const deploymentMutations = {
  create: (client: QueryClient) =>
    mutationOptions({
      mutationFn: (body: z.input<typeof CreateDeployment>) => api(createDeployment, { body }),
      onSuccess: (made: DeploymentDetail, { workspace }: { workspace: string }) => remember(client, workspace, made),
    }),
  edit: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: (body: EditDeployment) => api(editDeployment, { params: { name }, query: { workspace }, body }),
      onSuccess: (changed: DeploymentDetail) => remember(client, workspace, changed),
    }),
  change: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: (verb: keyof typeof CHANGES) => api(CHANGES[verb], { params: { name }, query: { workspace } }),
      onSuccess: (changed: DeploymentDetail) => remember(client, workspace, changed),
    }),
  start: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: ({ kind, ...body }: { kind: JobKind; from?: string; to?: string }) =>
        api(startJob, { params: { name, kind }, query: { workspace }, body }),
      onSuccess: () => {
        void client.invalidateQueries({ queryKey: ["runs", "list"] });
        return client.invalidateQueries({ queryKey: deploymentQueries.all });
      },
    }),
  backfill: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: ({ kind, ...body }: { kind: JobKind } & z.input<typeof CreateBackfill>) =>
        api(createBackfill, { params: { name, kind }, query: { workspace }, body }),
      onSuccess: (made: BackfillDetail) => rememberBackfill(client, workspace, made),
    }),
  changeBackfill: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: ({ backfillId, verb }: { backfillId: string; verb: BackfillAction }) =>
        api(BACKFILL_CHANGES[verb], { params: { name, backfillId }, query: { workspace } }),
      onSuccess: (changed: BackfillDetail) => rememberBackfill(client, workspace, changed),
    }),
};

/** The answer is the deployment's newest state; lists have to be asked again. */
function remember(client: QueryClient, workspace: string, deployment: DeploymentDetail) {
  client.setQueryData(deploymentQueries.detail(workspace, deployment.name).queryKey, deployment);
  return client.invalidateQueries({ queryKey: ["deployments", "list"] });
}

function rememberBackfill(client: QueryClient, workspace: string, backfill: BackfillDetail) {
  const { queryKey } = deploymentQueries.backfill(workspace, backfill.deployment, backfill.id);
  client.setQueryData(queryKey, backfill);
  return client.invalidateQueries({ queryKey: ["deployments", workspace, backfill.deployment], exact: true });
}
