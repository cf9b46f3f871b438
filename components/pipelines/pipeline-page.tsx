"use client";

import { Alert, Anchor, Button, Group, Stack, Table, Text, Tooltip } from "@mantine/core";
import { IconRocket, IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsInteger, useQueryState } from "nuqs";
import { DefinitionHistory } from "@/components/definitions/definition-history";
import { ObjectLink } from "@/components/definitions/object-link";
import { RunMark } from "@/components/deployments/run-mark";
import classes from "@/components/runs/runs.module.css";
import { Sentence } from "@/components/ui/sentence";
import { CodeBlock } from "@/components/ui/code-block";
import { ErrorState } from "@/components/ui/error-state";
import { MetaList } from "@/components/ui/meta-list";
import { PageHeader } from "@/components/ui/page-header";
import { Panel } from "@/components/ui/panel";
import { RunVariantButton } from "@/components/runs/run-variant-button";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { deploymentQueries } from "@/lib/client/deployments";
import { pipelineQueries } from "@/lib/client/pipelines";
import { runQueries } from "@/lib/client/runs";
import type { PipelineDetail } from "@/lib/contracts/pipelines";
import type { RunSummary } from "@/lib/contracts/runs";
import { DeployVariantDialog } from "./deploy-variant-dialog";
import { deploymentsOf, runsOf } from "./pipeline-lists";
import { type PipelineVariant, type RanVariant, variantsOf } from "./pipeline-variants";

/** A plan that was kept: what it wants, how it is judged, which variants it has, and which of them run. */
export function PipelinePage({
  workspace,
  name,
  mayDeploy,
  mayRun,
  ran,
}: {
  workspace: string;
  name: string;
  mayDeploy: boolean;
  mayRun: boolean;
  ran: RanVariant[];
}) {
  const { data: pipeline, error, refetch } = useQuery(pipelineQueries.detail(workspace, name));
  const deployments = useQuery(deploymentQueries.list(deploymentsOf(workspace, name)));
  const runs = useQuery(runQueries.list(runsOf(workspace, name)));
  const [asked, setAsked] = useQueryState("deploy", parseAsInteger);
  if (!pipeline) return error ? <ErrorState error={error} retry={() => void refetch()} /> : null;
  const variants = variantsOf(pipeline, deployments.data?.items ?? [], ran);
  const chosen = variants.find(({ index, deployment }) => mayDeploy && index === asked && deployment === null);
  const retired = (deployments.data?.items ?? []).filter(({ state }) => state === "retired");
  return (
    <>
      <PageHeader
        title={pipeline.name}
        facts={<Facts pipeline={pipeline} />}
        actions={
          <Button component={Link} href={planOf(pipeline)} variant="default" leftSection={<IconRoute size={16} />}>
            Open in the plan builder
          </Button>
        }
      />
      <Stack gap="md">
        {pipeline.description && (
          <Text maw="75ch" component="div">
            <Sentence text={pipeline.description} />
          </Text>
        )}
        <MetaList meta={pipeline.meta} />
        {pipeline.problem && (
          <Alert color="orange" title="Cannot be planned">
            {pipeline.problem.detail}
          </Alert>
        )}
        <Panel title="Variants">
          <Variants
            pipeline={pipeline}
            variants={variants}
            mayDeploy={mayDeploy}
            runIn={mayRun ? workspace : null}
            onDeploy={(index) => void setAsked(index)}
          />
          {retired.length > 0 && (
            <Text size="sm" c="dimmed" mt="sm">
              Retired:{" "}
              {retired.map((one, index) => (
                <span key={one.name}>
                  {index > 0 && ", "}
                  <Anchor component={Link} href={`/deployments/${one.name}`} inherit underline="always">
                    {one.name}
                  </Anchor>
                </span>
              ))}
            </Text>
          )}
        </Panel>
        <div className={classes.columns}>
          <Panel title="Runs">
            <Runs pipeline={name} runs={runs.data?.items ?? []} total={runs.data?.total ?? 0} />
          </Panel>
          <Stack gap="md">
            <Panel title="Evaluation">
              <Evaluation pipeline={pipeline} />
            </Panel>
            <Panel title="Definition">
              <CodeBlock code={pipeline.yaml} label={`Definition of ${name}`} />
            </Panel>
            <DefinitionHistory workspace={workspace} of="pipelines" name={name} />
          </Stack>
        </div>
      </Stack>
      {chosen && (
        <DeployVariantDialog
          workspace={workspace}
          pipeline={pipeline}
          variant={chosen}
          onClose={() => void setAsked(null)}
        />
      )}
    </>
  );
}

function planOf({ outputs, pins }: PipelineDetail): string {
  const query = new URLSearchParams({ outputs: outputs.join(",") });
  const pinned = Object.entries(pins).map(([column, stage]) => `${column}@${stage}`);
  if (pinned.length > 0) query.set("pins", pinned.join(","));
  return `/plan?${query.toString()}`;
}

function Facts({ pipeline: { outputs, owner, model, pins } }: { pipeline: PipelineDetail }) {
  return (
    <>
      outputs{" "}
      {outputs.map((output, index) => (
        <span key={output}>
          {index > 0 && ", "}
          <Anchor component={Link} href={`/features/${output}`} inherit underline="always">
            {output}
          </Anchor>
        </span>
      ))}
      {Object.keys(pins).length > 0 &&
        ` · pinned: ${Object.entries(pins)
          .map(([column, stage]) => `${column} by ${stage}`)
          .join(", ")}`}
      {model !== null && (
        <>
          {" · trains model "}
          <Anchor component={Link} href={`/models/${model}`} inherit underline="always">
            {model}
          </Anchor>
        </>
      )}
      {owner !== "" && ` · owner ${owner}`}
    </>
  );
}

function Variants({
  pipeline,
  variants,
  mayDeploy,
  runIn,
  onDeploy,
}: {
  pipeline: PipelineDetail;
  variants: PipelineVariant[];
  mayDeploy: boolean;
  /** The workspace that runs are started in; null for who may not start any. */
  runIn: string | null;
  onDeploy(index: number): void;
}) {
  if (variants.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None; see the reason above.
      </Text>
    );
  return (
    <>
      {String(variants.length) !== pipeline.variants && (
        <Text size="sm" c="dimmed" mb="sm">
          The first {variants.length} of {pipeline.variants}.
        </Text>
      )}
      <WideTable label="Variants" minWidth={760}>
        <Table verticalSpacing={6} horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Variant</Table.Th>
              <Table.Th data-numeric>Stages</Table.Th>
              <Table.Th data-numeric>Cost</Table.Th>
              <Table.Th>Last run</Table.Th>
              <Table.Th>In operation</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {variants.map((variant) => (
              <Table.Tr key={variant.index}>
                <Table.Td fw={500}>{variant.words}</Table.Td>
                <Table.Td data-numeric>
                  <Tooltip label={variant.stages.join(" → ")} multiline maw={420} withArrow>
                    <span>{variant.stages.length}</span>
                  </Tooltip>
                </Table.Td>
                <Table.Td data-numeric>{variant.cost}</Table.Td>
                <Table.Td>
                  <Group gap="sm" wrap="nowrap">
                    <LastRun ran={variant.ran} />
                    {runIn !== null && (
                      <RunVariantButton
                        workspace={runIn}
                        pipeline={pipeline.name}
                        variant={variant.index}
                        words={variant.words}
                      />
                    )}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <Operation variant={variant} mayDeploy={mayDeploy} onDeploy={onDeploy} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {!mayDeploy && (
        <Text size="xs" c="dimmed" mt={4}>
          Deploying needs one of the roles author, steward, admin.
        </Text>
      )}
    </>
  );
}

function LastRun({ ran }: { ran: RanVariant | null }) {
  if (!ran)
    return (
      <Text size="sm" c="dimmed">
        never ran
      </Text>
    );
  return (
    <Group gap="sm" wrap="nowrap">
      <Anchor component={Link} href={`/runs/${ran.last.id}`} inherit underline="always">
        #{ran.last.number}
      </Anchor>
      <StateBadge state={ran.last.state} />
      {ran.runs > 1 && (
        <Text size="xs" c="dimmed">
          of {ran.runs}
        </Text>
      )}
    </Group>
  );
}

function Operation({
  variant: { index, words, deployment },
  mayDeploy,
  onDeploy,
}: {
  variant: PipelineVariant;
  mayDeploy: boolean;
  onDeploy(index: number): void;
}) {
  if (deployment)
    return (
      <Group gap="sm" wrap="nowrap">
        <Anchor component={Link} href={`/deployments/${deployment.name}`} inherit underline="always">
          {deployment.name}
        </Anchor>
        <StateBadge state={deployment.state} />
        <Group gap={4} wrap="nowrap">
          {deployment.jobs.flatMap(({ lastRun }) => (lastRun ? [<RunMark key={lastRun.id} run={lastRun} />] : []))}
        </Group>
      </Group>
    );
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconRocket size={14} />}
      disabled={!mayDeploy}
      aria-label={`Deploy ${words}`}
      onClick={() => onDeploy(index)}
    >
      Deploy …
    </Button>
  );
}

function Runs({ pipeline, runs, total }: { pipeline: string; runs: RunSummary[]; total: number }) {
  if (runs.length === 0)
    return (
      <Text size="sm" c="dimmed">
        It has not run yet. Start a run from{" "}
        <Anchor component={Link} href="/runs" inherit underline="always">
          the runs page
        </Anchor>
        , or deploy a variant.
      </Text>
    );
  return (
    <>
      <WideTable label="Runs" minWidth={420}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Run</Table.Th>
              <Table.Th>Of</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>When</Table.Th>
              <Table.Th>By</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map((run) => (
              <Table.Tr key={run.id}>
                <Table.Td>
                  <Anchor component={Link} href={`/runs/${run.id}`} inherit underline="always">
                    #{run.number}
                  </Anchor>
                </Table.Td>
                <Table.Td>{run.deployment ?? run.kind}</Table.Td>
                <Table.Td>
                  <StateBadge state={run.state} />
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>
                  <TimeAgo at={run.finishedAt ?? run.createdAt} />
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{run.createdBy}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Anchor component={Link} size="sm" href={`/runs?pipeline=${encodeURIComponent(pipeline)}`}>
        {total > runs.length ? `All ${total} runs` : "Show in runs"}
      </Anchor>
    </>
  );
}

function Evaluation({ pipeline: { evaluate, fit, refit, search } }: { pipeline: PipelineDetail }) {
  return (
    <Stack gap={4}>
      <Text size="sm">Estimators are fitted on {fit ?? "the rows that their owners declared"}.</Text>
      {refit.length > 0 && (
        <Text size="sm">
          Also fitted on these rows, instead of those that their owners declared: {refit.join(", ")}.
        </Text>
      )}
      {evaluate ? (
        <Text size="sm">
          Evaluated against{" "}
          <Anchor component={Link} href={`/features/${evaluate.label}`} inherit underline="always">
            {evaluate.label}
          </Anchor>{" "}
          by split <ObjectLink kind="SplitPolicy" name={evaluate.split} />: tuned on{" "}
          {evaluate.validation.join(", ") || "nothing"}, tested on {evaluate.test.join(", ")}.
        </Text>
      ) : (
        <Text size="sm" c="dimmed">
          No evaluation is declared, so it registers no model.
        </Text>
      )}
      {search !== null && <Text size="sm">{search}</Text>}
    </Stack>
  );
}
