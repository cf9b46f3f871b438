import { mutationOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { testStage } from "@/lib/contracts/stage-tests";
import { getStage, listStages } from "@/lib/contracts/stages";
import { api } from "./api";

type ListQuery = z.input<(typeof listStages)["query"]>;

/** As many as the first view shows. */
export const STAGES_PER_PAGE = 100;

export const stageQueries = {
  list: (query: ListQuery) =>
    queryOptions({
      queryKey: ["stages", "list", query],
      queryFn: ({ signal }) => api(listStages, { query, signal }),
      placeholderData: (previous) => previous,
    }),
  detail: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["stages", workspace, name],
      queryFn: ({ signal }) => api(getStage, { params: { name }, query: { workspace }, signal }),
    }),
};

export const stageMutations = {
  test: (workspace: string, name: string) =>
    mutationOptions({ mutationFn: () => api(testStage, { params: { name }, body: { workspace } }) }),
};
