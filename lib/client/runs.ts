import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import {
  cancelRun,
  compareRuns,
  getRun,
  listRunLogs,
  listRuns,
  retryRun,
  startRun,
  type Run,
  type StartRun,
} from "@/lib/contracts/runs";
import { hasEnded } from "@/lib/domain/runs/run-states";
import { api } from "./api";

type ListQuery = z.input<(typeof listRuns)["query"]>;

/** Values go online a moment after a run has ended: its page looks again for so long. */
const SETTLES_WITHIN_MS = 20_000;

export const runQueries = {
  all: ["runs"] as const,
  list: (query: ListQuery) =>
    queryOptions({
      queryKey: ["runs", "list", query],
      queryFn: ({ signal }) => api(listRuns, { query, signal }),
      placeholderData: (previous) => previous,
      refetchInterval: (current) => (current.state.data?.items.some((run) => !hasEnded(run.state)) ? 1500 : 15_000),
    }),
  /** Asked when there is another one. */
  difference: (runId: string, other: string | null) =>
    queryOptions({
      queryKey: ["runs", "difference", runId, other],
      queryFn: ({ signal }) => api(compareRuns, { params: { runId }, query: { with: other ?? "" }, signal }),
      enabled: other !== null,
    }),
  detail: (runId: string) =>
    queryOptions({
      queryKey: ["runs", runId],
      queryFn: ({ signal }) => api(getRun, { params: { runId }, signal }),
      refetchInterval: (current) => {
        const finishedAt = current.state.data?.finishedAt;
        return finishedAt && Date.now() - new Date(finishedAt).getTime() < SETTLES_WITHIN_MS ? 2000 : false;
      },
    }),
};

/** Lines after one; all there are, page by page. */
export async function readRunLog(runId: string, after: string | undefined, signal: AbortSignal) {
  const lines = [];
  let cursor: string | undefined = after;
  for (;;) {
    const page = await api(listRunLogs, {
      params: { runId },
      query: { ...(cursor && { cursor }), limit: 1000 },
      signal,
    });
    lines.push(...page.items);
    if (page.nextCursor === null) return lines;
    cursor = page.nextCursor;
  }
}

export const runMutations = {
  start: (client: QueryClient) =>
    mutationOptions({
      mutationFn: (body: StartRun) => api(startRun, { body }),
      onSuccess: (run: Run) => remember(client, run),
    }),
  cancel: (client: QueryClient) =>
    mutationOptions({
      mutationFn: (runId: string) => api(cancelRun, { params: { runId } }),
      onSuccess: (run: Run) => remember(client, run),
    }),
  retry: (client: QueryClient) =>
    mutationOptions({
      mutationFn: (runId: string) => api(retryRun, { params: { runId } }),
      onSuccess: (run: Run) => remember(client, run),
    }),
};

/** The answer is the run's newest state; lists have to be asked again. */
function remember(client: QueryClient, run: Run): void {
  client.setQueryData(runQueries.detail(run.id).queryKey, run);
  void client.invalidateQueries({ queryKey: ["runs", "list"] });
}
