"use client";

import { Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { ErrorState } from "@/components/ui/error-state";
import mainAndAside from "@/components/ui/main-and-aside.module.css";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { api } from "@/lib/client/api";
import { experimentQueries } from "@/lib/client/experiments";
import { type Experiment, updateExperiment } from "@/lib/contracts/experiments";
import { ExperimentDecision } from "./experiment-decision";
import { type ExperimentDraft, ExperimentForm } from "./experiment-form";
import { experimentPageParsers } from "./experiment-views";
import classes from "./experiments.module.css";
import { OutcomeBadge } from "./outcome-badge";

/** One experiment: what was believed, what it is about, and what became of it. */
export function ExperimentView({
  workspace,
  number,
  canEdit,
}: {
  workspace: string;
  number: number;
  canEdit: boolean;
}) {
  const { data: experiment, error, refetch } = useQuery(experimentQueries.detail(workspace, number));
  const [{ edit }, setPage] = useQueryStates(experimentPageParsers);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (draft: ExperimentDraft) =>
      api(updateExperiment, { params: { number }, query: { workspace }, body: draft }),
    onSuccess: async (changed) => {
      client.setQueryData(experimentQueries.detail(workspace, number).queryKey, changed);
      await client.invalidateQueries({
        queryKey: ["experiments"],
        predicate: ({ queryKey }) => queryKey[1] !== "detail",
      });
      await setPage({ edit: null });
    },
  });
  if (error && !experiment) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!experiment) return null;
  const isEdited = edit && canEdit;
  return (
    <>
      <PageHeader
        title={experiment.title}
        facts={<Facts experiment={experiment} />}
        actions={
          canEdit &&
          !isEdited && (
            <Button
              variant="default"
              leftSection={<IconPencil size={16} />}
              onClick={() => {
                save.reset();
                void setPage({ edit: true }, { history: "push" });
              }}
            >
              Edit
            </Button>
          )
        }
      />
      {isEdited ? (
        <ExperimentForm
          workspace={workspace}
          start={draftOf(experiment)}
          frozen={experiment.state === "decided"}
          except={number}
          save={save}
          submit="Save"
          onCancel={() => void setPage({ edit: null })}
        />
      ) : (
        <div className={mainAndAside.columns}>
          <div>
            <Section id="hypothesis" title="Hypothesis">
              <Text className={classes.reading}>{experiment.hypothesis}</Text>
            </Section>
            <Section id="metric" title="Metric">
              <Text className={classes.reading} size="sm">
                {experiment.metric}
              </Text>
            </Section>
            {experiment.variants.length > 0 && <Variants experiment={experiment} />}
          </div>
          <div>
            {(experiment.outcome !== null || experiment.insight) && <Outcome experiment={experiment} />}
            <About experiment={experiment} />
            {canEdit && <ExperimentDecision key={experiment.state} workspace={workspace} experiment={experiment} />}
          </div>
        </div>
      )}
    </>
  );
}

function draftOf(experiment: Experiment): ExperimentDraft {
  const { title, hypothesis, metric, owner, tags, variants, features, stages, trainingDatasets } = experiment;
  return { title, hypothesis, metric, owner, tags, variants, features, stages, trainingDatasets };
}

function Facts({ experiment }: { experiment: Experiment }) {
  return (
    <Group gap={8}>
      <OutcomeBadge outcome={experiment.outcome} />
      <span>
        #{experiment.number} · owner {experiment.owner} · written by {experiment.createdBy}{" "}
        <TimeAgo at={experiment.createdAt} />
      </span>
      {experiment.tags.map((tag) => (
        <Badge
          key={tag}
          component={Link}
          href={`/experiments?tag=${encodeURIComponent(tag)}`}
          size="sm"
          variant="light"
          color="gray"
          tt="none"
          style={{ cursor: "pointer" }}
        >
          {tag}
        </Badge>
      ))}
    </Group>
  );
}

function Variants({ experiment }: { experiment: Experiment }) {
  return (
    <Section id="variants" title="Variants">
      <ul className={classes.variants}>
        {experiment.variants.map(({ name, description, pipeline, variant }) => (
          <li key={name}>
            <b>{name}</b>
            {description && `: ${description}`}
            {pipeline && (
              <Text span size="xs" c="dimmed">
                {" "}
                pipeline{" "}
                <Anchor component={Link} href={`/runs?pipeline=${pipeline}`} inherit underline="always">
                  {pipeline}
                </Anchor>
                {variant && `, variant ${variant.slice(0, 12)}`}
              </Text>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Outcome({ experiment: { outcome, insight, decidedBy, decidedAt } }: { experiment: Experiment }) {
  return (
    <Section id="outcome" title={outcome === null ? "Known so far" : "Outcome"}>
      {outcome !== null && decidedAt && (
        <Text size="sm" component="div">
          <OutcomeBadge outcome={outcome} /> decided by {decidedBy} <TimeAgo at={decidedAt} />
        </Text>
      )}
      <div className={classes.insight} data-outcome={outcome ?? undefined}>
        {insight}
      </div>
    </Section>
  );
}

function About({ experiment: { features, stages, trainingDatasets, abTests } }: { experiment: Experiment }) {
  const links = (names: string[], base: string) =>
    names.map((name, index) => (
      <span key={name}>
        {index > 0 && ", "}
        <Anchor component={Link} href={base + encodeURIComponent(name)} inherit underline="always">
          {name}
        </Anchor>
      </span>
    ));
  if (features.length + stages.length + trainingDatasets.length + abTests.length === 0) return null;
  return (
    <Section id="about" title="About">
      <dl className={classes.facts}>
        {features.length > 0 && (
          <>
            <dt>Features</dt>
            <dd>{links(features, "/features/")}</dd>
          </>
        )}
        {stages.length > 0 && (
          <>
            <dt>Stages</dt>
            <dd>{links(stages, "/stages/")}</dd>
          </>
        )}
        {trainingDatasets.length > 0 && (
          <>
            <dt>Training datasets</dt>
            <dd>{links(trainingDatasets, "/training-datasets/")}</dd>
          </>
        )}
        {abTests.length > 0 && (
          <>
            <dt>A/B tests</dt>
            <dd>
              {abTests.map(({ name, state }) => (
                <Group key={name} gap={6}>
                  <Anchor component={Link} href={`/deployments/ab-tests/${name}`} inherit underline="always">
                    {name}
                  </Anchor>
                  <StateBadge state={state} />
                </Group>
              ))}
            </dd>
          </>
        )}
      </dl>
    </Section>
  );
}
