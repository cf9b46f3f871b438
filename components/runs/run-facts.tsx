import { Anchor } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { MlflowLink } from "@/components/mlflow/mlflow-link";
import { TimeAgo } from "@/components/ui/time-ago";
import type { Run } from "@/lib/contracts/runs";
import { count, durationInWords, jobInWords, secondsBetween, windowInWords } from "./figures";

/** What a run is of, who asked for it, and what it took, in a line. */
export function RunFacts({ run }: { run: Run }) {
  const facts: ReactNode[] = [
    ...belongsTo(run),
    <>
      started by {run.createdBy} <TimeAgo at={run.createdAt} />
    </>,
  ];
  if (run.startedAt && run.finishedAt)
    facts.push(`took ${durationInWords(secondsBetween(run.startedAt, run.finishedAt, 0))}`);
  if (run.rows !== null) facts.push(`${count(run.rows)} rows`);
  if (run.attempt > 1) facts.push(`attempt ${run.attempt}`);
  const asOf = Object.entries(run.versionAsOf);
  if (asOf.length > 0) facts.push(`on ${asOf.map(([source, version]) => `${source} v${version}`).join(", ")}`);
  if (run.retryOf)
    facts.push(
      <>
        repeats{" "}
        <Anchor component={Link} href={`/runs/${run.retryOf.id}`} inherit underline="always">
          run {run.retryOf.number}
        </Anchor>
      </>,
    );
  if (run.mlflow?.url) facts.push(<MlflowLink url={run.mlflow.url}>run in MLflow</MlflowLink>);
  return facts.map((fact, index) => (
    <span key={index}>
      {index > 0 && " · "}
      {fact}
    </span>
  ));
}

/** The deployment, job, model version, chunk and window that the run is of; else what it runs. */
function belongsTo(run: Run): ReactNode[] {
  const facts: ReactNode[] = [];
  if (run.deployment !== null)
    facts.push(
      <>
        {run.job === null ? "" : `${jobInWords(run.job)} of `}
        <Anchor component={Link} href={`/deployments/${run.deployment}`} inherit underline="always">
          {run.deployment}
        </Anchor>
      </>,
    );
  else facts.push(run.title);
  if (run.scoredWith)
    facts.push(
      <>
        scored with{" "}
        <Anchor component={Link} href={`/models/${run.scoredWith.model}`} inherit underline="always">
          {run.scoredWith.model} v{run.scoredWith.version}
        </Anchor>
      </>,
    );
  if (run.window) facts.push(windowInWords(run.window));
  if (run.backfill) facts.push(`chunk ${run.backfill.chunk} of ${run.backfill.chunks} of a back-fill`);
  return facts;
}
