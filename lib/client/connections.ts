import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import * as contract from "@/lib/contracts/connections";
import { api } from "./api";

type CreateInput = Omit<z.input<typeof contract.CreateConnection>, "workspace">;
type UpdateInput = Omit<z.input<(typeof contract.updateConnection)["body"]>, "workspace">;

export const connectionQueries = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["connections", workspace],
      queryFn: ({ signal }) => api(contract.listConnections, { query: { workspace }, signal }),
    }),
};

export const connectionMutations = {
  create: (client: QueryClient, workspace: string) =>
    mutationOptions({
      mutationFn: (body: CreateInput) => api(contract.createConnection, { body: { workspace, ...body } }),
      onSettled: () => refresh(client, workspace),
    }),
  update: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: (body: UpdateInput) =>
        api(contract.updateConnection, { params: { name }, body: { workspace, ...body } }),
      onSettled: () => refresh(client, workspace),
    }),
  remove: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: () => api(contract.deleteConnection, { params: { name }, query: { workspace } }),
      onSettled: () => refresh(client, workspace),
    }),
  test: (workspace: string, name: string) =>
    mutationOptions({
      mutationFn: () => api(contract.testConnection, { params: { name }, body: { workspace } }),
    }),
};

function refresh(client: QueryClient, workspace: string) {
  return client.invalidateQueries({ queryKey: ["connections", workspace] });
}
