import { Alert, Progress, Text } from "@mantine/core";
import { TimeAgo } from "@/components/ui/time-ago";
import type { MonitorLook } from "@/lib/contracts/monitors";

const HOUR_MS = 3_600_000;

/** How far the job is that looks over history, and what came of it; nothing of one that ended long ago. */
export function BacktestState({ look }: { look: MonitorLook | null }) {
  if (!look || (look.finishedAt !== null && Date.now() - Date.parse(look.finishedAt) > HOUR_MS)) return null;
  if (look.state === "failed")
    return (
      <Alert color="red" role="alert" mb="sm">
        The history check failed: {look.error}
      </Alert>
    );
  const windows = look.total === 0 ? "" : `${look.done} of ${look.total} windows`;
  const found = `${look.judged} verdicts, ${look.opened} alerts opened, ${look.resolved} resolved`;
  return (
    <Alert color={look.state === "done" ? "teal" : "blue"} role="status" mb="sm">
      <Text size="sm">
        {look.state === "queued" && "Waits for a worker."}
        {look.state === "running" && `Checking history: ${windows}; ${found}.`}
        {look.state === "done" && `Looked over history: ${windows}; ${found}.`} {look.requestedBy},{" "}
        <TimeAgo at={look.requestedAt} />
      </Text>
      {look.state === "running" && (
        <Progress
          mt={6}
          size="sm"
          value={look.total === 0 ? 0 : (look.done / look.total) * 100}
          aria-label="Windows judged"
        />
      )}
    </Alert>
  );
}
