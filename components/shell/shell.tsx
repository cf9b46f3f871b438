"use client";

import { AppShell } from "@mantine/core";
import type { ReactNode } from "react";
import type { Workspace } from "@/lib/contracts/workspaces";

/** The frame of every page: navigation at the left, workspace, search and person at the top. */
export function Shell({
  children,
}: {
  person: { id: string; name: string };
  workspace: Workspace;
  workspaces: Workspace[];
  children: ReactNode;
}) {
  return (
    <AppShell header={{ height: 48 }} navbar={{ width: 200, breakpoint: "sm" }} padding="md">
      <AppShell.Main>{children}</AppShell.Main>
    </AppShell>
  );
}
