"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/client/api";
import { changeQueries } from "@/lib/client/changes";
import {
  applyChange,
  type Change,
  type CHANGE_DECISIONS,
  rebaseChange,
  reviewChange,
  withdrawChange,
} from "@/lib/contracts/changes";

export type ChangeStep =
  | { step: "review"; decision: (typeof CHANGE_DECISIONS)[number]; comment: string; digest: string | undefined }
  | { step: "apply" | "rebase" | "withdraw" };

const STEPS = { apply: applyChange, rebase: rebaseChange, withdraw: withdrawChange };

/** One step on a request. Whatever comes of it, the page shows the request as it is then. */
export function useChangeStep(workspace: string, number: number) {
  const client = useQueryClient();
  const { queryKey } = changeQueries.detail(workspace, number);
  const address = { params: { changeId: String(number) }, query: { workspace } };
  return useMutation<Change, Error, ChangeStep>({
    mutationFn: (input) =>
      input.step === "review"
        ? api(reviewChange, {
            ...address,
            body: { decision: input.decision, comment: input.comment, digest: input.digest },
          })
        : api(STEPS[input.step], address),
    onSuccess: (change) => client.setQueryData(queryKey, change),
    // A refusal often means that the request is no longer what the page shows.
    onError: () => client.invalidateQueries({ queryKey }),
    onSettled: () =>
      client.invalidateQueries({ queryKey: ["changes"], predicate: ({ queryKey: key }) => key[1] !== "detail" }),
  });
}
