import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import {
  type AlertEntry,
  compareMonitored,
  getMonitor,
  type MonitorDetail,
  handleAlert,
  listAlerts,
  listMonitors,
  startBacktest,
  resetBaseline,
  saveThresholds,
  tryMonitor,
} from "@/lib/contracts/monitors";
import { api } from "./api";

type AlertQuery = z.input<(typeof listAlerts)["query"]>;
type Trial = z.input<(typeof tryMonitor)["body"]>;

export const monitorQueries = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["monitors", workspace],
      queryFn: ({ signal }) => api(listMonitors, { query: { workspace }, signal }),
    }),
  detail: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["monitors", workspace, name],
      queryFn: ({ signal }) => api(getMonitor, { params: { name }, query: { workspace }, signal }),
      refetchInterval: ({ state: { data } }) => (isBacktesting(data) ? 700 : false),
    }),
  comparison: (name: string, query: z.input<(typeof compareMonitored)["query"]>) =>
    queryOptions({
      queryKey: ["monitors", query.workspace, name, "comparison", query],
      queryFn: ({ signal }) => api(compareMonitored, { params: { name }, query, signal }),
    }),
  trial: (trial: Trial) =>
    queryOptions({
      queryKey: ["monitors", trial.workspace, "trial", trial],
      queryFn: ({ signal }) => api(tryMonitor, { body: trial, signal }),
      placeholderData: (previous) => previous,
    }),
  alerts: (query: AlertQuery) =>
    queryOptions({
      queryKey: ["alerts", query.workspace, query],
      queryFn: ({ signal }) => api(listAlerts, { query, signal }),
      placeholderData: (previous) => previous,
    }),
};

/** Every alert of the state, page by page: a file has them all. */
export async function fetchAlerts(query: Omit<AlertQuery, "limit" | "cursor">): Promise<AlertEntry[]> {
  const all: AlertEntry[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await api(listAlerts, { query: { ...query, limit: 1000, cursor } });
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

/** Whether its job is still to end. */
export const isBacktesting = (monitor: MonitorDetail | undefined) =>
  monitor?.backtest?.state === "queued" || monitor?.backtest?.state === "running";

export const monitorMutations = {
  backtest: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: () => api(startBacktest, { params: { name }, body: { workspace } }),
      onSettled: () => refresh(client, workspace),
    }),
  resetBaseline: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: (body: Omit<z.input<(typeof resetBaseline)["body"]>, "workspace">) =>
        api(resetBaseline, { params: { name }, body: { workspace, ...body } }),
      onSettled: () => refresh(client, workspace),
    }),
  saveThresholds: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: (body: Omit<z.input<(typeof saveThresholds)["body"]>, "workspace">) =>
        api(saveThresholds, { params: { name }, body: { workspace, ...body } }),
      onSettled: () => refresh(client, workspace),
    }),
  handle: (client: QueryClient, workspace: string) =>
    mutationOptions({
      mutationFn: ({
        number,
        ...body
      }: { number: number } & Omit<z.input<(typeof handleAlert)["body"]>, "workspace">) =>
        api(handleAlert, { params: { number }, body: { workspace, ...body } }),
      onSettled: () => refresh(client, workspace),
    }),
};

function refresh(client: QueryClient, workspace: string) {
  return Promise.all([
    client.invalidateQueries({ queryKey: ["monitors", workspace] }),
    client.invalidateQueries({ queryKey: ["alerts", workspace] }),
  ]);
}
