import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import * as contract from "@/lib/contracts/reproductions";
import { api } from "./api";

/** What is done again: a run by its id, or a training dataset by its name. */
export type ReproductionSubject = { runId: string } | { workspace: string; trainingDataset: string };

/** As many as its page shows. */
const SHOWN = 10;

const keyOf = (subject: ReproductionSubject) => ["reproductions", subject] as const;

export const reproductionQueries = {
  list: (subject: ReproductionSubject) =>
    queryOptions({
      queryKey: keyOf(subject),
      queryFn: ({ signal }) =>
        "runId" in subject
          ? api(contract.listRunReproductions, { params: { runId: subject.runId }, query: { limit: SHOWN }, signal })
          : api(contract.listTrainingReproductions, {
              params: { name: subject.trainingDataset },
              query: { workspace: subject.workspace, limit: SHOWN },
              signal,
            }),
      refetchInterval: (current) =>
        current.state.data?.items.some(({ state }) => state === "queued" || state === "running") ? 1000 : false,
    }),
};

export const reproductionMutations = {
  start: (client: QueryClient, subject: ReproductionSubject) =>
    mutationOptions({
      mutationFn: () =>
        "runId" in subject
          ? api(contract.reproduceRun, { params: { runId: subject.runId } })
          : api(contract.reproduceTrainingDataset, {
              params: { name: subject.trainingDataset },
              query: { workspace: subject.workspace },
            }),
      onSettled: () => client.invalidateQueries({ queryKey: keyOf(subject) }),
    }),
};
