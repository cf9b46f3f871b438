"use client";

import { Group, Progress, Text } from "@mantine/core";
import type { RunSummary } from "@/lib/contracts/runs";
import { durationInWords, secondsBetween, secondsLeft } from "./figures";
import { useNow } from "./use-now";

/** Where a living run stands: what it does, how far it is, how long it will take. */
export function RunProgress({ run }: { run: RunSummary }) {
  const now = useNow(true);
  const elapsed = run.startedAt && now !== null ? secondsBetween(run.startedAt, null, now) : null;
  const left = elapsed === null ? null : secondsLeft(elapsed, run.progress);
  const percent = Math.round(run.progress * 100);
  return (
    <div>
      <Group justify="space-between" mb={4} gap="sm">
        <Text size="sm" aria-live="polite">
          {run.message}
        </Text>
        <Text size="sm" c="dimmed" className="tr-number">
          {percent} %{elapsed !== null && ` · ${durationInWords(Math.round(elapsed))}`}
          {left !== null && ` · about ${durationInWords(Math.max(1, Math.round(left)))} left`}
        </Text>
      </Group>
      <Progress
        value={Math.max(percent, 1)}
        animated={run.state === "running"}
        aria-label={`Progress of run ${run.number}`}
      />
    </div>
  );
}
