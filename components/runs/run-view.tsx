"use client";

import { Alert, Button, Group, Stack } from "@mantine/core";
import { IconHistory, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { runMutations } from "@/lib/client/runs";
import type { Run, RunLogLine } from "@/lib/contracts/runs";
import { ErrorState } from "@/components/ui/error-state";
import { MlflowNotice } from "@/components/mlflow/mlflow-notice";
import { PageHeader } from "@/components/ui/page-header";
import { Panel } from "@/components/ui/panel";
import { StateBadge } from "@/components/ui/state-badge";
import { Reproductions } from "@/components/reproductions/reproductions";
import { RunDatasets, RunFeatureVersions, RunFits, RunMaterialisations, RunModels, RunDefinitions } from "./run-data";
import { RunFolds } from "./run-folds";
import { RunGraph } from "./run-graph";
import { RunLog } from "./run-log";
import { RunMetrics } from "./run-metrics";
import { RunFacts } from "./run-facts";
import { RunCompare } from "./run-compare";
import { RunRecord } from "./run-record";
import { RunProgress } from "./run-progress";
import { RunStages } from "./run-stages";
import { RunTrials } from "./run-trials";
import { useRun } from "./use-run";
import classes from "./runs.module.css";

/** One run: what it does now, or what it read, did and wrote. */
export function RunView({
  workspace,
  runId,
  firstLines,
}: {
  workspace: string;
  runId: string;
  firstLines: RunLogLine[];
}) {
  const { data: run, error, live, refetch } = useRun(runId);
  if (!run) return error ? <ErrorState error={error} retry={() => void refetch()} /> : null;
  return (
    <>
      <PageHeader
        title={
          <Group gap="sm" component="span">
            <span>Run {run.number}</span>
            <StateBadge state={run.state} />
          </Group>
        }
        facts={<RunFacts run={run} />}
        actions={<Actions workspace={workspace} run={run} />}
      />
      <Stack gap="md">
        {live && (
          <div className={classes.panel}>
            <RunProgress run={run} />
          </div>
        )}
        {run.error && <Failure error={run.error} />}
        {run.state === "canceled" && (
          <Alert color="gray" title="The run was canceled">
            Its results were discarded. A retry runs the same stage versions again.
          </Alert>
        )}
        <MlflowNotice mlflow={run.mlflow} />
        {run.stageList.length > 0 && (
          <Panel title="Graph">
            <RunGraph run={run} />
          </Panel>
        )}
        {run.metrics && Object.keys(run.metrics).length > 0 && (
          <Panel title="Metrics">
            <RunMetrics metrics={run.metrics} />
          </Panel>
        )}
        {run.search && <RunTrials number={run.number} search={run.search} />}
        {run.crossValidation && <RunFolds number={run.number} found={run.crossValidation} />}
        {run.modelVersions.length > 0 && <RunModels models={run.modelVersions} />}
        <div className={classes.columns}>
          <Stack gap="md">
            <Panel title="Stages">
              <RunStages stages={run.stageList} />
            </Panel>
            {run.fits.length > 0 && (
              <Panel title="Fitted on">
                <RunFits fits={run.fits} />
              </Panel>
            )}
          </Stack>
          <Stack gap="md">
            {run.inputs.length > 0 && (
              <Panel title="Inputs">
                <RunDatasets datasets={run.inputs} label="Inputs" linked />
              </Panel>
            )}
            {run.outputs.length > 0 && (
              <Panel title="Outputs">
                <RunDatasets datasets={run.outputs} label="Outputs" />
              </Panel>
            )}
            {run.materialisations.length > 0 && (
              <Panel title="Online">
                <RunMaterialisations sets={run.materialisations} />
              </Panel>
            )}
            {run.featureVersions.length > 0 && (
              <Panel title="Feature versions">
                <RunFeatureVersions versions={run.featureVersions} />
              </Panel>
            )}
          </Stack>
        </div>
        {run.definitions.length > 0 && (
          <Panel title="Definitions">
            <RunDefinitions definitions={run.definitions} />
          </Panel>
        )}
        {run.environment && (
          <Panel title="Ran with">
            <RunRecord run={run} />
          </Panel>
        )}
        {run.state === "succeeded" && (
          <Panel title="Reproduce">
            <Reproductions subject={{ runId }} mayStart={run.actions.includes("reproduce")} />
          </Panel>
        )}
        {run.state === "succeeded" && run.pipeline !== null && (
          <Panel title="Compare">
            <RunCompare workspace={workspace} run={run} pipeline={run.pipeline} />
          </Panel>
        )}
        <Panel title="Log">
          <RunLog runId={runId} first={firstLines} live={live} atEnd={run.state !== "succeeded"} />
        </Panel>
      </Stack>
    </>
  );
}

function Actions({ workspace, run }: { workspace: string; run: Run }) {
  const client = useQueryClient();
  const router = useRouter();
  const cancel = useMutation(runMutations.cancel(client));
  const retry = useMutation(runMutations.retry(client));
  const start = useMutation(runMutations.start(client));
  const error = cancel.error ?? retry.error ?? start.error;
  const { pipeline } = run;
  const versionAsOf = Object.fromEntries(run.inputs.map(({ dataset, version }) => [dataset, version]));
  return (
    <>
      {error && (
        <Alert color="red" role="alert" py={6}>
          {error.message}
        </Alert>
      )}
      {run.actions.includes("cancel") && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate(run.id)}
        >
          Cancel
        </Button>
      )}
      {run.actions.includes("reproduce") && run.kind === "variant" && pipeline !== null && (
        <Button
          variant="default"
          leftSection={<IconHistory size={16} />}
          loading={start.isPending}
          title="The pipeline as it is declared now, on the versions of the sources that this run read"
          onClick={() =>
            start.mutate(
              { workspace, pipeline, pins: run.pins, versionAsOf },
              { onSuccess: (next) => router.push(`/runs/${next.id}`) },
            )
          }
        >
          Run on these data
        </Button>
      )}
      {run.actions.includes("retry") && (
        <Button
          leftSection={<IconRefresh size={16} />}
          loading={retry.isPending}
          onClick={() => retry.mutate(run.id, { onSuccess: (next) => router.push(`/runs/${next.id}`) })}
        >
          Retry
        </Button>
      )}
    </>
  );
}

const ADVICE: Record<string, string> = {
  invalid: "Change the spec or the source that is named, apply it, and start a new run. A retry repeats the old plan.",
  not_found: "Restore what is missing, then retry.",
  unavailable: "Free some space or wait, then retry.",
  unexpected: "The process's log has the details. Retry, and report it when it happens again.",
};

function Failure({ error }: { error: NonNullable<Run["error"]> }) {
  return (
    <Alert color="red" title="The run failed" role="alert">
      {error.message}
      <br />
      No results were published. {ADVICE[error.code] ?? "Correct what is named, then retry."}
    </Alert>
  );
}
