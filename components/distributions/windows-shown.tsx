"use client";

import { Button } from "@mantine/core";
import { parseAsInteger, useQueryState } from "nuqs";
import { WINDOWS_SHOWN } from "@/components/drift/drift-views";

/** How many of the newest windows are shown: the address says, as it does for the drift map. */
export function useWindowsShown() {
  return useQueryState("windows", parseAsInteger.withDefault(WINDOWS_SHOWN).withOptions({ history: "push" }));
}

/** Shows all windows, or the newest again; nothing where these are all. */
export function WindowsControl({ all }: { all: number }) {
  const [shown, show] = useWindowsShown();
  if (all <= WINDOWS_SHOWN) return null;
  const isCut = shown < all;
  return (
    <Button size="compact-xs" variant="default" onClick={() => void show(isCut ? all : WINDOWS_SHOWN)}>
      {isCut ? `All ${all} windows` : `The newest ${WINDOWS_SHOWN} windows`}
    </Button>
  );
}
