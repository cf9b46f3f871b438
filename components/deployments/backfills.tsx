"use client";

import { Alert, Anchor, Button, Group, Progress, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconCircleDashed, IconLoader2, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { durationInWords, windowInWords } from "@/components/runs/figures";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { deploymentMutations, deploymentQueries } from "@/lib/client/deployments";
import type { Backfill, BackfillAction, BackfillChunk } from "@/lib/contracts/backfills";
import type { DeploymentDetail } from "@/lib/contracts/deployments";
import { BackfillForm } from "./backfill-form";
import classes from "./deployments.module.css";
import { JOB_TITLES } from "./job-words";

/** The back-fills of a deployment, newest first, and how to start one. */
export function Backfills({ workspace, deployment }: { workspace: string; deployment: DeploymentDetail }) {
  const [asks, setAsks] = useState(false);
  const backfills = deployment.jobs
    .flatMap((job) => job.backfills)
    .sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
  const hindrance = whyNot(deployment);
  return (
    <>
      <Group gap="sm" mb="sm">
        <Button size="xs" variant="default" disabled={hindrance !== null} onClick={() => setAsks(true)}>
          Start a back-fill …
        </Button>
        {hindrance !== null && (
          <Text size="xs" c="dimmed">
            {hindrance}
          </Text>
        )}
      </Group>
      {backfills.length === 0 && (
        <Text size="sm" c="dimmed" maw="75ch">
          None yet. A back-fill computes a range of past days in chunks. It can be paused and resumed.
        </Text>
      )}
      {backfills.map((backfill) => (
        <BackfillRow key={backfill.id} workspace={workspace} deployment={deployment.name} backfill={backfill} />
      ))}
      {asks && <BackfillForm workspace={workspace} deployment={deployment.name} onClose={() => setAsks(false)} />}
    </>
  );
}

function whyNot({ actions, state, model, aliases }: DeploymentDetail): string | null {
  if (state === "retired") return "It is retired.";
  if (state === "paused") return "It is paused: resume it first.";
  if (!actions.includes("backfill")) return "It needs one of the roles author, steward, admin.";
  if (model !== null && aliases.staging === null && aliases.production === null)
    return "No version of the model has an alias yet: run the fit job first.";
  return null;
}

const ACTIONS: Record<BackfillAction, string> = { pause: "Pause", resume: "Resume", cancel: "Cancel", retry: "Retry" };

function BackfillRow({
  workspace,
  deployment,
  backfill: short,
}: {
  workspace: string;
  deployment: string;
  backfill: Backfill;
}) {
  const { data: backfill } = useQuery(deploymentQueries.backfill(workspace, deployment, short.id));
  const change = useMutation(deploymentMutations.changeBackfill(useQueryClient(), workspace, deployment));
  const { kind, state, done, chunks, progress, etaSeconds, failed, actions, message } = backfill ?? short;
  const range = windowInWords(short);
  return (
    <article className={classes.backfill} aria-label={`Back-fill of ${range}`}>
      <Group justify="space-between" gap="sm" mb={6}>
        <Group gap="sm">
          <Text fw={500} size="sm">
            {range}
          </Text>
          <StateBadge state={state} />
          <Text size="sm" c="dimmed">
            {JOB_TITLES[kind]} · {done} of {chunks} chunks done
            {failed > 0 && `, ${failed} failed`}
            {etaSeconds !== null && ` · about ${durationInWords(Math.max(1, Math.round(etaSeconds)))} left`}
          </Text>
        </Group>
        <Group gap={6}>
          {actions.map((verb) => (
            <Button
              key={verb}
              size="compact-xs"
              variant={verb === "resume" || verb === "retry" ? "filled" : "default"}
              loading={change.isPending && change.variables.verb === verb}
              aria-label={`${ACTIONS[verb]} the back-fill of ${range}`}
              onClick={() => change.mutate({ backfillId: short.id, verb })}
            >
              {ACTIONS[verb]}
            </Button>
          ))}
        </Group>
      </Group>
      {state === "running" && (
        <Progress
          value={Math.max(1, progress * 100)}
          size="xs"
          mb={6}
          aria-label={`Progress of the back-fill of ${range}`}
        />
      )}
      {change.error && (
        <Alert color="red" role="alert" mb="sm" withCloseButton onClose={() => change.reset()}>
          {change.error.message}
        </Alert>
      )}
      {backfill && <ChunkStrip chunks={backfill.chunkList} label={`Chunks of ${range}`} />}
      <Text size="xs" c="dimmed" mt={6}>
        {message} Started by {short.createdBy} <TimeAgo at={short.createdAt} />, {short.chunkDays}{" "}
        {short.chunkDays === 1 ? "day" : "days"} a chunk.
      </Text>
    </article>
  );
}

const CHUNK_ICONS = { pending: IconCircleDashed, running: IconLoader2, succeeded: IconCheck, failed: IconX };

/** Every chunk in order of time; one that ran leads to its run. */
function ChunkStrip({ chunks, label }: { chunks: BackfillChunk[]; label: string }) {
  return (
    <ol className={classes.strip} aria-label={label}>
      {chunks.map((chunk) => {
        const Icon = CHUNK_ICONS[chunk.state];
        const words = `${windowInWords(chunk)}: ${chunk.state}${chunk.run ? `, run ${chunk.run.number}` : ""}`;
        const mark = <Icon size={13} aria-hidden="true" />;
        return (
          <li key={chunk.position}>
            <Tooltip label={words} withArrow>
              {chunk.run ? (
                <Anchor
                  component={Link}
                  href={`/runs/${chunk.run.id}`}
                  className={classes.chunk}
                  data-state={chunk.state}
                  aria-label={words}
                >
                  {mark}
                </Anchor>
              ) : (
                <span className={classes.chunk} data-state={chunk.state} role="img" aria-label={words}>
                  {mark}
                </span>
              )}
            </Tooltip>
          </li>
        );
      })}
    </ol>
  );
}
