"use client";

import { useSyncExternalStore } from "react";

const subscribe = () => () => undefined;

/** Address of the portal as the reader reaches it; the server's first rendering has the usual local one. */
export function useOrigin(): string {
  return useSyncExternalStore(
    subscribe,
    () => window.location.origin,
    () => "http://localhost:3000",
  );
}
