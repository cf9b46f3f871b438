"use client";

import { Alert, Anchor, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { ErrorState } from "@/components/ui/error-state";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { reproductionMutations, reproductionQueries, type ReproductionSubject } from "@/lib/client/reproductions";
import type { Reproduction } from "@/lib/contracts/reproductions";
import { ReproductionReport } from "./reproduction-report";

/** Whether something comes out the same when it is done again: a button, and what the newest times found. */
export function Reproductions({ subject, mayStart }: { subject: ReproductionSubject; mayStart: boolean }) {
  const { data, error, refetch } = useQuery(reproductionQueries.list(subject));
  const start = useMutation(reproductionMutations.start(useQueryClient(), subject));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  const [newest, ...earlier] = data?.items ?? [];
  const isGoing = newest?.state === "queued" || newest?.state === "running";
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Text size="sm" c="dimmed" maw="65ch">
          Does it again on the bytes and definitions that were recorded, and compares what comes out. Nothing of it is
          published.{" "}
          <Anchor component={Link} href="/retention" inherit underline="always">
            What is kept, and until when
          </Anchor>
        </Text>
        {mayStart && (
          <Button
            variant={newest ? "default" : "filled"}
            leftSection={<IconRepeat size={16} />}
            loading={start.isPending}
            disabled={isGoing}
            onClick={() => start.mutate()}
          >
            Reproduce
          </Button>
        )}
      </Group>
      {start.error && (
        <Alert color="red" role="alert" title="Could not start">
          {start.error.message}
        </Alert>
      )}
      {newest && <Newest reproduction={newest} />}
      {earlier.length > 0 && <Earlier reproductions={earlier} />}
    </Stack>
  );
}

function Newest({ reproduction }: { reproduction: Reproduction }) {
  const { state, progress, message, report, error } = reproduction;
  if (report) return <ReproductionReport report={report} reproduction={reproduction} />;
  if (state === "failed")
    return (
      <Alert color="red" role="alert" title="It could not be carried out">
        {error} Try again; the server’s log has the details.
      </Alert>
    );
  return (
    <div role="status">
      <Group gap="sm" mb={6}>
        <StateBadge state={state} />
        <Text size="sm">{message}</Text>
      </Group>
      <Progress size="sm" value={progress * 100} aria-label="Reproduction" />
    </div>
  );
}

function Earlier({ reproductions }: { reproductions: Reproduction[] }) {
  return (
    <Group gap="md">
      <Text size="sm" c="dimmed">
        Before:
      </Text>
      {reproductions.map(({ id, verdict, state, requestedAt }) => (
        <Group key={id} gap={6}>
          <StateBadge state={verdict ?? state} />
          <Text size="sm" c="dimmed">
            <TimeAgo at={requestedAt} />
          </Text>
        </Group>
      ))}
    </Group>
  );
}
