import { infiniteQueryOptions, mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import * as contract from "@/lib/contracts/notifications";
import { api } from "./api";

type DeliveryState = z.output<(typeof contract.listDeliveries)["query"]>["state"];
type CreateInput = Omit<z.input<typeof contract.CreateChannel>, "workspace">;
type UpdateInput = Omit<z.input<(typeof contract.updateChannel)["body"]>, "workspace">;

/** While a message waits for delivery, how often to ask whether it went. */
const POLL_EVERY_MS = 1500;

export const channelQueries = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["channels", workspace],
      queryFn: ({ signal }) => api(contract.listChannels, { query: { workspace }, signal }),
      refetchInterval: ({ state }) => (state.data?.items.some(({ waiting }) => waiting > 0) ? POLL_EVERY_MS : false),
    }),
  deliveries: (workspace: string, name: string, state: DeliveryState) =>
    infiniteQueryOptions({
      queryKey: ["channels", workspace, name, "deliveries", state],
      queryFn: ({ signal, pageParam }) =>
        api(contract.listDeliveries, {
          params: { name },
          query: { workspace, state, limit: 25, ...(pageParam !== null && { cursor: pageParam }) },
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
      refetchInterval: ({ state: { data } }) =>
        data?.pages.some(({ items }) => items.some((one) => one.state === "pending")) ? POLL_EVERY_MS : false,
    }),
};

export const channelMutations = {
  create: (client: QueryClient, workspace: string) =>
    mutationOptions({
      mutationFn: (body: CreateInput) => api(contract.createChannel, { body: { workspace, ...body } }),
      onSettled: () => refresh(client, workspace),
    }),
  update: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: (body: UpdateInput) =>
        api(contract.updateChannel, { params: { name }, body: { workspace, ...body } }),
      onSettled: () => refresh(client, workspace),
    }),
  remove: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: () => api(contract.deleteChannel, { params: { name }, query: { workspace } }),
      onSettled: () => refresh(client, workspace),
    }),
  rotate: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: () => api(contract.rotateSecret, { params: { name }, body: { workspace } }),
      onSettled: () => refresh(client, workspace),
    }),
  test: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: () => api(contract.testChannel, { params: { name }, body: { workspace } }),
      onSettled: () => refresh(client, workspace),
    }),
  redeliver: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: (id: string) => api(contract.redeliver, { params: { name, id }, body: { workspace } }),
      onSettled: () => refresh(client, workspace),
    }),
};

function refresh(client: QueryClient, workspace: string) {
  return client.invalidateQueries({ queryKey: ["channels", workspace] });
}
