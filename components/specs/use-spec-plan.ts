import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { specQueries } from "@/lib/client/specs";
import type { SpecBody, SpecPlan } from "@/lib/contracts/specs";

/** How long nobody types before it is asked what applying would do. */
const QUIET_MS = 500;

export type Documents = SpecBody["documents"];

export interface PlannedDocuments {
  /** What was planned. */
  documents: Documents;
  plan: SpecPlan | undefined;
  error: Error | null;
  /** Whether the answer is about documents that were changed since, or is still waited for. */
  isOld: boolean;
}

/** What applying documents would do, asked while one writes. Documents are compared by identity. */
export function useSpecPlan(workspace: string, documents: Documents): PlannedDocuments {
  const [asked] = useDebouncedValue(documents, QUIET_MS);
  const isEmpty = typeof asked === "string" ? asked.trim() === "" : asked.length === 0;
  const { data, error, isFetching } = useQuery({
    ...specQueries.plan({ workspace, documents: asked, prune: false }),
    enabled: !isEmpty,
  });
  return {
    documents: asked,
    plan: isEmpty ? undefined : data,
    error: isEmpty ? null : error,
    isOld: asked !== documents || isFetching,
  };
}
