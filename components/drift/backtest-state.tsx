import { Alert, Progress, Text } from "@mantine/core";
import { TimeAgo } from "@/components/ui/time-ago";
import type { Backtest } from "@/lib/contracts/monitors";

const HOUR_MS = 3_600_000;

/** How far the job is that checks history, and what came of it; nothing of one that ended long ago. */
export function BacktestState({ backtest }: { backtest: Backtest | null }) {
  if (!backtest || (backtest.finishedAt !== null && Date.now() - Date.parse(backtest.finishedAt) > HOUR_MS))
    return null;
  if (backtest.state === "failed")
    return (
      <Alert color="red" role="alert" mb="sm">
        The history check failed: {backtest.error}
      </Alert>
    );
  const windows = backtest.total === 0 ? "" : `${backtest.done} of ${backtest.total} windows`;
  const found = `${backtest.judged} verdicts, ${backtest.opened} alerts opened, ${backtest.resolved} resolved`;
  return (
    <Alert color={backtest.state === "done" ? "teal" : "blue"} role="status" mb="sm">
      <Text size="sm">
        {backtest.state === "queued" && "Waits for a worker."}
        {backtest.state === "running" && `Checking history: ${windows}; ${found}.`}
        {backtest.state === "done" && `Checked history: ${windows}; ${found}.`} {backtest.requestedBy},{" "}
        <TimeAgo at={backtest.requestedAt} />
      </Text>
      {backtest.state === "running" && (
        <Progress
          mt={6}
          size="sm"
          value={backtest.total === 0 ? 0 : (backtest.done / backtest.total) * 100}
          aria-label="Windows judged"
        />
      )}
    </Alert>
  );
}
