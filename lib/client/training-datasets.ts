import { infiniteQueryOptions, mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import * as contract from "@/lib/contracts/training-datasets";
import { api, type ApiCall } from "./api";

type ListQuery = NonNullable<ApiCall<typeof contract.listTrainingDatasets>["query"]>;
type DraftBody = NonNullable<ApiCall<typeof contract.previewTrainingDataset>["body"]>;
type CreateBody = NonNullable<ApiCall<typeof contract.createTrainingDataset>["body"]>;

/** Of a page of the list. */
export const TRAINING_PAGE = 50;

export const trainingQueries = {
  pages: (query: Omit<ListQuery, "cursor">) =>
    infiniteQueryOptions({
      queryKey: ["training-datasets", "pages", query],
      queryFn: ({ signal, pageParam }) =>
        api(contract.listTrainingDatasets, { query: { ...query, ...(pageParam !== null && { cursor: pageParam }) }, signal }), // prettier-ignore
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
    }),
  detail: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["training-datasets", "detail", workspace, name],
      queryFn: ({ signal }) => api(contract.getTrainingDataset, { params: { name }, query: { workspace }, signal }),
    }),
  /** Asked when there is another one. */
  difference: (workspace: string, name: string, other: string | null) =>
    queryOptions({
      queryKey: ["training-datasets", "difference", workspace, name, other],
      queryFn: ({ signal }) =>
        api(contract.compareTrainingDatasets, { params: { name }, query: { workspace, with: other ?? "" }, signal }),
      enabled: other !== null,
    }),
};

export const trainingMutations = {
  preview: () => mutationOptions({ mutationFn: (body: DraftBody) => api(contract.previewTrainingDataset, { body }) }),
  freeze: (client: QueryClient) =>
    mutationOptions({
      mutationFn: (body: CreateBody) => api(contract.createTrainingDataset, { body }),
      onSettled: () => refresh(client),
    }),
  recompute: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: () => api(contract.recomputeTrainingDataset, { params: { name }, query: { workspace } }),
      onSettled: () => refresh(client),
    }),
  dropCache: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: () => api(contract.dropTrainingCache, { params: { name }, query: { workspace } }),
      onSettled: () => refresh(client),
    }),
  remove: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: () => api(contract.deleteTrainingDataset, { params: { name }, query: { workspace } }),
      onSuccess: () => client.invalidateQueries({ queryKey: ["training-datasets", "pages"] }),
    }),
};

function refresh(client: QueryClient) {
  return client.invalidateQueries({ queryKey: ["training-datasets"] });
}
