import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

export type HydratedQuery = [queryKey: readonly unknown[], value: unknown];

/**
 * Hands data that a page already has to React Query, under the keys that the browser uses: the first view needs no request.
 * `data` holds [query key, value] pairs; values are the contract's responses.
 */
export function Hydrate({ data, children }: { data: HydratedQuery[]; children: ReactNode }) {
  const client = new QueryClient();
  for (const [queryKey, value] of data) client.setQueryData(queryKey, value);
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
