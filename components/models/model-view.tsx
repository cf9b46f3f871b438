"use client";

import { Alert, Anchor, Badge, Box, Button, Group, Stack, Table, Text, Title } from "@mantine/core";
import { IconArrowsDiff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { modelQueries } from "@/lib/client/models";
import type { Model, ModelVersion } from "@/lib/contracts/models";
import { ErrorState } from "@/components/ui/error-state";
import { DefinitionHistory } from "@/components/definitions/definition-history";
import { MetaList } from "@/components/ui/meta-list";
import { PageHeader } from "@/components/ui/page-header";
import { WideTable } from "@/components/ui/wide-table";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { RunMetrics } from "@/components/runs/run-metrics";
import { Sentence } from "@/components/ui/sentence";
import { MeasuredUnits } from "@/components/usage/measured-units";
import { PlannedFixes } from "@/components/usage/planned-fixes";
import { metricInWords } from "@/components/runs/figures";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { describeTrial } from "@/lib/domain/plans/trials";
import classes from "@/components/runs/runs.module.css";
import { MlflowLink } from "@/components/mlflow/mlflow-link";
import { MlflowNotice } from "@/components/mlflow/mlflow-notice";
import { compareHref } from "./compare-href";
import { ModelConcept } from "./model-concept";
import { ModelPredict } from "./model-predict";
import { ModelEvaluation } from "./model-evaluation";
import { AliasBadges } from "./alias-badges";
import { AliasHistory } from "./alias-history";
import { WhereKeptLine } from "./where-kept-line";
import { ScoreDifferencePanel } from "./score-difference";
import { PromoteMenu } from "./promote-menu";

/** One model: its versions with their scores, and whether those can be trusted. */
export function ModelView({ workspace, name }: { workspace: string; name: string }) {
  const { data: model, error, refetch } = useQuery(modelQueries.detail(workspace, name));
  if (!model) return error ? <ErrorState error={error} retry={() => void refetch()} /> : null;
  // Older versions of the same pipeline have the same fixes.
  const leaking = model.versions.find(({ verdict, runId }) => verdict === "leak" && runId !== null);
  const compared = compareHref(model.versions.slice(0, 2).map(({ version }) => ({ name, version })));
  return (
    <>
      <PageHeader
        title={model.name}
        facts={
          <>
            {model.pipeline ? (
              <>
                created by pipeline{" "}
                <Anchor component={Link} href={`/pipelines/${model.pipeline}`} inherit underline="always">
                  {model.pipeline}
                </Anchor>
              </>
            ) : model.versions.length > 0 ? (
              "fitted elsewhere"
            ) : (
              "declared, no version yet"
            )}
            {model.owner && ` · owned by ${model.owner}`}
            {model.label && (
              <>
                {" "}
                · predicts{" "}
                <Anchor component={Link} href={`/features/${model.label}`} inherit underline="always">
                  {model.label}
                </Anchor>
              </>
            )}
            {model.deployments.length > 0 && " · deployed as "}
            {model.deployments.map(({ name: deployment }, index) => (
              <span key={deployment}>
                {index > 0 && ", "}
                <Anchor component={Link} href={`/deployments/${deployment}`} inherit underline="always">
                  {deployment}
                </Anchor>
              </span>
            ))}
          </>
        }
        actions={
          <>
            {model.tags.map((tag) => (
              <Badge key={tag} variant="default" tt="none" fw={400}>
                {tag}
              </Badge>
            ))}
            {compared !== null && (
              <Button component={Link} href={compared} variant="default" leftSection={<IconArrowsDiff size={16} />}>
                Compare versions
              </Button>
            )}
          </>
        }
      />
      {model.description && (
        <Text mb="md" maw={720} component="div">
          <Sentence text={model.description} />
        </Text>
      )}
      {model.intendedUse && (
        <Text mb="md" maw={720} component="div">
          Intended use: <Sentence text={model.intendedUse} />
        </Text>
      )}
      <MetaList meta={model.meta} />
      <Stack gap="md">
        {model.differences.slice(0, 1).map((difference) => (
          <ScoreDifferencePanel key={difference.leaking} model={model} difference={difference} />
        ))}
        <MlflowNotice mlflow={model.mlflow} />
        {model.versions.map((version) => (
          <Version
            key={version.version}
            workspace={workspace}
            model={model}
            version={version}
            withFixes={version === leaking}
          />
        ))}
        {model.versions.length > 0 && (
          <ModelPredict workspace={workspace} model={model.name} versions={model.versions} />
        )}
        <ModelConcept workspace={workspace} model={model.name} />
        <div className={classes.panel}>
          <DefinitionHistory workspace={workspace} of="models" name={model.name} />
        </div>
        <section className={classes.panel} aria-labelledby="aliases">
          <Title order={2} mb="sm" id="aliases">
            Alias history
          </Title>
          <AliasHistory moves={model.moves} />
        </section>
      </Stack>
    </>
  );
}

/** By what its parameters were chosen, which are not those that its stages declare. */
function ChosenParams({ version, search }: { version: ModelVersion; search: NonNullable<ModelVersion["search"]> }) {
  const { metric, by, trials, score, deviation, params } = search;
  return (
    <Text size="sm" mb="md" maw={900} component="div">
      Fitted with {describeTrial(params)}: the best of{" "}
      <Anchor component={Link} href={`/runs/${version.runId}`} inherit underline="always">
        {trials} trials of run {version.runNumber}
      </Anchor>{" "}
      by {MODEL_METRICS[metric]?.label ?? metric} {metricInWords(metric, score)}
      {deviation !== null && ` ± ${metricInWords(metric, deviation)}`}{" "}
      {by === "folds" ? "over folds" : "on validation rows"}.
    </Text>
  );
}

function Version({
  workspace,
  model,
  version,
  withFixes,
}: {
  workspace: string;
  model: Model;
  version: ModelVersion;
  withFixes: boolean;
}) {
  return (
    <section className={classes.panel} aria-label={`Version ${version.version}`}>
      <Group gap="sm" mb={4} justify="space-between" align="flex-start">
        <Group gap="sm">
          <Title order={2}>Version {version.version}</Title>
          <StateBadge state={version.verdict} />
          <AliasBadges aliases={version.aliases} />
        </Group>
        <PromoteMenu model={model} version={version} />
      </Group>
      <Text size="sm" c="dimmed" mb="sm" component="div">
        {version.runId === null ? (
          <>Fitted elsewhere, registered by {version.createdBy}: no run here can score with it. </>
        ) : (
          <>
            {version.operator} of stage{" "}
            <Anchor component={Link} href={`/stages/${version.stage}`} inherit underline="always">
              {version.stage}
            </Anchor>{" "}
            · by {version.createdBy} in{" "}
            <Anchor component={Link} href={`/runs/${version.runId}`} inherit underline="always">
              run {version.runNumber}
            </Anchor>{" "}
          </>
        )}
        <TimeAgo at={version.createdAt} />
        {version.mlflowUrl !== null && (
          <>
            {" · "}
            <MlflowLink url={version.mlflowUrl}>version in MLflow</MlflowLink>
          </>
        )}
      </Text>
      <WhereKeptLine where={version.where} />
      <Text mb="sm" maw={900} component="div">
        <Sentence text={version.sentence} />
      </Text>
      {version.isOfEarlierRules && (
        <Alert color="yellow" mb="sm" title="Judged by earlier rules">
          This verdict is of an earlier version of the product. It is being judged anew from what was recorded.
        </Alert>
      )}
      {version.earlierVerdicts.length > 0 && (
        <Text size="sm" c="dimmed" mb="sm" component="div">
          Said before:
          <ul>
            {version.earlierVerdicts.map(({ feature, verdict, explanation, until, because }) => (
              <li key={`${feature} ${until}`}>
                {feature}: {verdict}, until {because === "rules" ? "the rules changed" : "its units were counted"} on{" "}
                <time dateTime={until}>{until.slice(0, 10)}</time>. <Sentence text={explanation[0] ?? ""} />
              </li>
            ))}
          </ul>
        </Text>
      )}
      <Box my="md">
        <MeasuredUnits modelVersionId={version.id} />
      </Box>
      {withFixes && (
        <section aria-label={`Fixes of version ${version.version}`}>
          <Title order={3} mb={4}>
            Possible fixes
          </Title>
          <PlannedFixes modelVersionId={version.id} />
        </section>
      )}
      <Text size="sm" c="dimmed" my="md">
        Trained on {version.trainedOn}. Tested on {version.testedOn}.
        {version.testUse && <TestUseWords use={version.testUse} />}
        {version.trainingDataset && (
          <>
            {" Training dataset: "}
            <Anchor
              component={Link}
              href={`/datasets/${encodeURIComponent(version.trainingDataset.dataset)}?version=${version.trainingDataset.version}`}
              inherit
              underline="always"
            >
              {version.trainingDataset.dataset} version {version.trainingDataset.version}
            </Anchor>
            .
          </>
        )}
      </Text>
      {version.search && <ChosenParams version={version} search={version.search} />}
      <div className={classes.columns}>
        <RunMetrics metrics={version.metrics} label={`Metrics of version ${version.version}`} />
        <WideTable label={`What version ${version.version} reads`} minWidth={280}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Reads</Table.Th>
                <Table.Th>Verdict</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {version.features.map((feature) => (
                <Table.Tr key={feature.feature}>
                  <Table.Td>
                    <Anchor component={Link} href={`/features/${feature.feature}`}>
                      {feature.feature}
                    </Anchor>{" "}
                    v{feature.version}
                  </Table.Td>
                  <Table.Td>
                    <StateBadge state={feature.verdict} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      </div>
      {Object.keys(version.metrics).length > 0 && (
        <ModelEvaluation workspace={workspace} model={model.name} version={version} mayEvaluate={model.mayEvaluate} />
      )}
    </section>
  );
}

/** How often the test rows were scored, as a budget where there is one. */
function TestUseWords({ use: { scored, limit } }: { use: NonNullable<ModelVersion["testUse"]> }) {
  const times = scored === 1 ? "once" : `${scored} times`;
  return (
    <>
      {" "}
      These rows were scored {times}, over all models
      {limit === null
        ? "."
        : scored > limit
          ? `: more than the ${limit} that the workspace allows.`
          : `, of ${limit} that the workspace allows.`}
    </>
  );
}
