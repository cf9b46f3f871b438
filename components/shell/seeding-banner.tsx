"use client";

import { Alert, Progress } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { workspaceQueries } from "@/lib/client/workspaces";
import type { Workspace } from "@/lib/contracts/workspaces";
import classes from "./shell.module.css";

/** While the demo is being filled: how far it is, on every page. When it is full, the page shows what has arrived. */
export function SeedingBanner({ workspace }: { workspace: Workspace }) {
  const { data } = useQuery({ ...workspaceQueries.detail(workspace.name), initialData: workspace });
  const router = useRouter();
  const queries = useQueryClient();
  const state = data.seeding?.state;
  const before = useRef(state);

  useEffect(() => {
    if (before.current === "filling" && state === "ready") {
      router.refresh();
      void queries.invalidateQueries();
    }
    before.current = state;
  }, [state, router, queries]);

  if (!data.seeding || state === "ready") return null;
  const { message, progress } = data.seeding;
  if (state === "failed")
    return (
      <Alert color="red" mb="md" title="The demo workspace could not be filled">
        {message} To retry, start with an empty data folder; what is already loaded stays usable.
      </Alert>
    );
  const percent = Math.floor(progress * 100);
  return (
    <div className={classes.banner}>
      <span>
        Filling the demo workspace: {message ? `${message}, ` : ""}
        {percent}&nbsp;%
      </span>
      <Progress value={percent} size="sm" aria-label="Filling the demo workspace" />
    </div>
  );
}
