import { infiniteQueryOptions, mutationOptions, type QueryClient } from "@tanstack/react-query";
import * as contract from "@/lib/contracts/retention";
import { api } from "./api";

/** Of a page of the list. */
export const RETENTION_PAGE = 50;

interface VersionRef {
  workspace: string;
  dataset: string;
  version: number;
}

export const retentionQueries = {
  pages: (workspace: string) =>
    infiniteQueryOptions({
      queryKey: ["retention", workspace],
      queryFn: ({ signal, pageParam }) =>
        api(contract.getRetention, {
          query: { workspace, limit: RETENTION_PAGE, ...(pageParam !== null && { cursor: pageParam }) },
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
    }),
};

export const retentionMutations = {
  set: (client: QueryClient, workspace: string) =>
    mutationOptions({
      mutationFn: (days: number | null) => api(contract.setRetention, { body: { workspace, days } }),
      onSettled: () => refresh(client),
    }),
  pin: (client: QueryClient) =>
    mutationOptions({
      mutationFn: ({ workspace, dataset: name, version, reason }: VersionRef & { reason: string }) =>
        api(contract.pinVersion, { params: { name, version }, body: { workspace, reason } }),
      onSettled: () => refresh(client),
    }),
  unpin: (client: QueryClient) =>
    mutationOptions({
      mutationFn: ({ workspace, dataset: name, version }: VersionRef) =>
        api(contract.unpinVersion, { params: { name, version }, query: { workspace } }),
      onSettled: () => refresh(client),
    }),
};

function refresh(client: QueryClient) {
  return client.invalidateQueries({ queryKey: ["retention"] });
}
