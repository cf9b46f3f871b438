"use client";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { ApiError } from "@/lib/client/api";
import { cssVariablesResolver, theme } from "./theme";

/** Once, unless the server understood the question: it would refuse it again. */
function mayRetry(failures: number, error: Error): boolean {
  return failures < 1 && !(error instanceof ApiError && error.problem.status < 500);
}

/** What every page stands on: theme, server state, URL state, messages. */
export function Providers({ children }: { children: ReactNode }) {
  const [queryClient] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { staleTime: 10_000, retry: mayRetry, refetchOnWindowFocus: false } },
      }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <NuqsAdapter>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
          <Notifications position="top-right" />
          {children}
        </MantineProvider>
      </NuqsAdapter>
    </QueryClientProvider>
  );
}
