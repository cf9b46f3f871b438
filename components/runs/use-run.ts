"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { urlOf } from "@/lib/client/api";
import { readRunLog, runQueries } from "@/lib/client/runs";
import { Run, type RunLogLine, watchRun } from "@/lib/contracts/runs";
import { hasEnded } from "@/lib/domain/runs/run-states";

/** The run, followed by server-sent events until it has ended. */
export function useRun(runId: string) {
  const client = useQueryClient();
  const query = useQuery(runQueries.detail(runId));
  const live = query.data ? !hasEnded(query.data.state) : false;
  useEffect(() => {
    if (!live) return;
    const events = new EventSource(urlOf(watchRun, { params: { runId } }));
    events.addEventListener("snapshot", (event) => {
      client.setQueryData(runQueries.detail(runId).queryKey, Run.parse(JSON.parse(event.data as string)));
    });
    events.addEventListener("end", () => events.close());
    return () => events.close();
  }, [client, live, runId]);
  return { ...query, live };
}

const FOLLOW_EVERY_MS = 1000;

/** The log so far, growing while the run is alive, and once more after it has ended. */
export function useRunLog(runId: string, first: RunLogLine[], live: boolean): RunLogLine[] {
  const [lines, setLines] = useState(first);
  const last = useRef(first.at(-1)?.id);
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (again: number) => {
      try {
        const more = await readRunLog(runId, last.current, controller.signal);
        if (more.length > 0) {
          last.current = more.at(-1)?.id;
          setLines((known) => [...known, ...more]);
        }
      } catch {
        // The connection was away for a moment, or the page is left: the next look reads on from the same line.
      }
      if (!controller.signal.aborted && again > 0)
        timer = setTimeout(() => void look(live ? again : again - 1), FOLLOW_EVERY_MS);
    };
    // Values go online after the end, and say so in the log.
    void look(live ? 1 : 4);
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [runId, live]);
  return lines;
}
