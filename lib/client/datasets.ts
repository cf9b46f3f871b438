import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { getDataset, listDatasets } from "@/lib/contracts/datasets";
import { getDatasetOverview, getViewOverview, type Overview } from "@/lib/contracts/overviews";
import { getView } from "@/lib/contracts/views";
import { api } from "./api";

type ListQuery = z.input<(typeof listDatasets)["query"]>;

/** What an overview is of, and which rows of it are compared. */
export interface OverviewQuestion {
  workspace: string;
  subject: "dataset" | "view";
  name: string;
  version?: number;
  /** Keys with commas between; the default of the server when left out. */
  groups?: string;
}

/** Features of one page: few enough for the first view to be fast. */
export const OVERVIEW_PAGE = 50;

export const datasetQueries = {
  list: (query: ListQuery) =>
    queryOptions({
      queryKey: ["datasets", "list", query],
      queryFn: ({ signal }) => api(listDatasets, { query, signal }),
      placeholderData: (previous) => previous,
    }),
  detail: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["datasets", workspace, name],
      queryFn: ({ signal }) => api(getDataset, { params: { name }, query: { workspace }, signal }),
    }),
  view: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["views", workspace, name],
      queryFn: ({ signal }) => api(getView, { params: { name }, query: { workspace }, signal }),
    }),
  overview: ({ workspace, subject, name, version, groups }: OverviewQuestion) =>
    infiniteQueryOptions({
      queryKey: ["overview", workspace, subject, name, version ?? null, groups ?? null],
      queryFn: ({ signal, pageParam }): Promise<Overview> => {
        const query = {
          workspace,
          limit: OVERVIEW_PAGE,
          ...(groups && { groups }),
          ...(pageParam && { cursor: pageParam }),
        };
        return subject === "view"
          ? api(getViewOverview, { params: { name }, query, signal })
          : api(getDatasetOverview, { params: { name }, query: { ...query, ...(version && { version }) }, signal });
      },
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: (previous) => previous,
    }),
};
