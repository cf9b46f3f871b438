"use client";

import { Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { RunLogLine } from "@/lib/contracts/runs";
import { useRunLog } from "./use-run";
import classes from "./runs.module.css";

/** How far from its end the log may be scrolled and still follow. */
const FOLLOWS_WITHIN_PX = 40;

/** The log, which stays at its end while somebody reads there and leaves them alone while they read further up. */
export function RunLog({
  runId,
  first,
  live,
  atEnd,
}: {
  runId: string;
  first: RunLogLine[];
  live: boolean;
  /** Show the last line first: it says how the run ended. */
  atEnd: boolean;
}) {
  const lines = useRunLog(runId, first, live);
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(atEnd);
  useEffect(() => {
    if (follows.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [lines]);
  if (lines.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing yet.
      </Text>
    );
  return (
    <div
      ref={list}
      className={classes.log}
      tabIndex={0}
      role="log"
      aria-label="Log of the run"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < FOLLOWS_WITHIN_PX;
      }}
    >
      <ol>
        {lines.map((line) => (
          <li key={line.id} className={line.level === "info" ? undefined : classes[line.level]}>
            <time dateTime={line.at}>{line.at.slice(11, 19)}</time>
            <span>
              {line.level !== "info" && `${line.level}: `}
              {line.message}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
