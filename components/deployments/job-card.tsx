"use client";

import { Anchor, Button, Text, Title, Tooltip } from "@mantine/core";
import { IconClockEdit, IconPlayerPlay } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import { count, durationInWords, secondsBetween, windowInWords } from "@/components/runs/figures";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import type { DeploymentDetail, DeploymentJob, DeploymentRun } from "@/lib/contracts/deployments";
import classes from "./deployments.module.css";
import { JOB_TITLES, purposeOf, whyNotRun } from "./job-words";
import { RunJobDialog } from "./run-job-dialog";
import { RunMark } from "./run-mark";
import { ScheduleEditor } from "./schedule-editor";
import { scheduleInWords } from "./schedule-words";

const SHOWN = 5;

/** One of a deployment's three jobs: what it does, when, with what, and how it went. */
export function JobCard({
  workspace,
  deployment,
  job,
}: {
  workspace: string;
  deployment: DeploymentDetail;
  job: DeploymentJob;
}) {
  const [dialog, setDialog] = useState<"schedule" | "run" | null>(null);
  const hindrance = whyNotRun(job, deployment);
  const mayEdit = deployment.actions.includes("edit");
  const shared = { workspace, deployment: deployment.name, job, onClose: () => setDialog(null) };
  return (
    <section className={classes.job} aria-labelledby={`job-${job.kind}`}>
      <div>
        <Title order={2} id={`job-${job.kind}`}>
          {JOB_TITLES[job.kind]}
        </Title>
        <Text size="sm" c="dimmed">
          {purposeOf(job.kind, deployment)}
        </Text>
      </div>
      <dl className={classes.facts}>
        <dt>Runs</dt>
        <dd>
          {scheduleInWords(job.schedule)}
          {job.schedule && (
            <>
              {" "}
              <code className={classes.cron}>{job.schedule}</code>
            </>
          )}
        </dd>
        {job.onNewData && (
          <>
            <dt>New data</dt>
            <dd>
              <NewData sources={job.onNewData} />
            </dd>
          </>
        )}
        {job.upcoming.length > 0 && (
          <>
            <dt>{deployment.state === "paused" ? "Would be" : "Next"}</dt>
            <dd className={classes.times}>
              {job.upcoming.map((time) => (
                <div key={time}>{time.slice(0, 16).replace("T", " ")} UTC</div>
              ))}
            </dd>
          </>
        )}
        {job.alias !== null && deployment.model !== null && (
          <>
            <dt>Follows</dt>
            <dd>
              <Follows job={job} alias={job.alias} model={deployment.model} />
            </dd>
          </>
        )}
        {job.serves.length > 0 && (
          <>
            <dt>Serves</dt>
            <dd>
              {job.serves.map((one) => (
                <div key={one.feature} className={one.isServed ? undefined : classes.differs}>
                  {one.isServed ? `${one.feature} v${one.version}` : one.sentence}
                </div>
              ))}
            </dd>
          </>
        )}
        {job.kind === "fit" && deployment.saved.fits > 0 && (
          <>
            <dt>Saved</dt>
            <dd>
              {deployment.saved.fits} {deployment.saved.fits === 1 ? "fit was" : "fits were"} reused, which saved{" "}
              {durationInWords(deployment.saved.seconds)}
            </dd>
          </>
        )}
      </dl>
      <div className={classes.actions}>
        <Tooltip label={hindrance} disabled={hindrance === null} multiline maw={280} withArrow>
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            data-disabled={hindrance !== null || undefined}
            aria-disabled={hindrance !== null}
            aria-label={`Run ${JOB_TITLES[job.kind]} now`}
            onClick={() => hindrance === null && setDialog("run")}
          >
            Run now …
          </Button>
        </Tooltip>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconClockEdit size={14} />}
          disabled={!mayEdit}
          aria-label={`Schedule of ${JOB_TITLES[job.kind]}`}
          onClick={() => setDialog("schedule")}
        >
          Schedule …
        </Button>
      </div>
      {hindrance !== null && (
        <Text size="xs" c="dimmed">
          {hindrance}
        </Text>
      )}
      <Runs deployment={deployment.name} job={job} />
      {dialog === "run" && <RunJobDialog {...shared} />}
      {dialog === "schedule" && <ScheduleEditor {...shared} />}
    </section>
  );
}

/** The sources that a job waits for, and what keeps one of them from being read. */
function NewData({ sources }: { sources: NonNullable<DeploymentJob["onNewData"]> }) {
  if (sources.length === 0) return "it reads no source";
  return sources.map(({ source, version, readAt, error }) => (
    <div key={source}>
      runs when{" "}
      <Anchor component={Link} href={`/datasets/${encodeURIComponent(source)}`} inherit underline="always">
        {source}
      </Anchor>{" "}
      {version === 0 ? "has its first version" : `has a version after ${version}`}
      {error === null ? (
        readAt && (
          <span className={classes.quiet}>
            {" "}
            · read <TimeAgo at={readAt} />
          </span>
        )
      ) : (
        <div role="alert">Its data cannot be read: {error}</div>
      )}
    </div>
  ));
}

function Follows({ job, alias, model }: { job: DeploymentJob; alias: "staging" | "production"; model: string }) {
  const { follows } = job;
  return (
    <>
      <EnvironmentBadge environment={alias} version={follows?.version} />{" "}
      {follows ? (
        <>
          of{" "}
          <Anchor component={Link} href={`/models/${model}`} inherit underline="always">
            {model}
          </Anchor>
          , moved by {follows.by} <TimeAgo at={follows.since} />
        </>
      ) : (
        "names no version yet"
      )}
    </>
  );
}

function Runs({ deployment, job }: { deployment: string; job: DeploymentJob }) {
  if (job.runs.length === 0)
    return (
      <Text size="sm" c="dimmed">
        It has not run yet.
      </Text>
    );
  return (
    <div>
      <ul className={classes.runs} aria-label={`Last runs of ${JOB_TITLES[job.kind]}`}>
        {job.runs.slice(0, SHOWN).map((run) => (
          <li key={run.id}>
            <RunMark run={run} />
            <span>
              <Anchor component={Link} href={`/runs/${run.id}`} inherit underline="always">
                #{run.number}
              </Anchor>{" "}
              {run.state}
              {run.modelVersion !== null && ` · v${run.modelVersion}`}
              <div className={classes.quiet}>{detailOf(run)}</div>
            </span>
            <Text size="xs" c="dimmed" component="span" style={{ whiteSpace: "nowrap" }}>
              <TimeAgo at={run.finishedAt ?? run.createdAt} />
            </Text>
          </li>
        ))}
      </ul>
      <Anchor
        component={Link}
        size="xs"
        href={`/runs?deployment=${deployment}&kind=${job.kind === "fit" ? "fit" : "predict"}`}
      >
        All runs
      </Anchor>
    </div>
  );
}

/** What a run did, or why it did not. */
function detailOf(run: DeploymentRun): string {
  if (run.state === "failed" || run.state === "running" || run.state === "queued") return run.message;
  const { reuse } = run;
  return [
    run.window && windowInWords(run.window),
    run.rows !== null && `${count(run.rows)} rows`,
    run.startedAt && run.finishedAt && durationInWords(secondsBetween(run.startedAt, run.finishedAt, 0)),
    reuse && reuse.fits > 0 && `${reuse.fits} of ${reuse.of} fits reused, saved ${durationInWords(reuse.secondsSaved)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}
