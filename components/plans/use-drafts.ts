"use client";

import { useSessionStorage } from "@mantine/hooks";

/** YAML that is laid over the workspace for one's own plans. It stays in this browser tab: a link does not carry it. */
export function useDrafts(workspace: string): [string, (yaml: string) => void] {
  const [drafts, setDrafts] = useSessionStorage({ key: `plan-drafts-${workspace}`, defaultValue: "" });
  return [drafts, setDrafts];
}
