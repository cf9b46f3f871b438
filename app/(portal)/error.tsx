"use client";

import { ErrorState } from "@/components/ui/error-state";

export default function PortalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  // In production the server keeps its errors' text to itself and gives the log's number instead.
  const shown = error.digest
    ? new Error(`The server could not render this page. Its log has the details under ${error.digest}.`)
    : error;
  return <ErrorState error={shown} retry={reset} />;
}
