"use client";

import { Entrance } from "@/components/people/entrance";
import { ErrorState } from "@/components/ui/error-state";

export default function RootError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const detail = error.digest ? `The server's log has the details under ${error.digest}.` : error.message;
  return (
    <Entrance title="Something went wrong" lead="The page could not be rendered.">
      <ErrorState error={new Error(detail)} retry={reset} />
    </Entrance>
  );
}
