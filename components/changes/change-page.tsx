"use client";

import { Alert, Anchor, Badge, Group, Stack, Tabs, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconRefreshAlert } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { ComparisonView } from "@/components/drift/comparison-view";
import { EmptyState } from "@/components/ui/empty-state";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { changeQueries } from "@/lib/client/changes";
import type { Change } from "@/lib/contracts/changes";
import { ChangeActions } from "./change-actions";
import { ChangeDecision } from "./change-decision";
import { ChangeTimeline } from "./change-timeline";
import { CHANGE_TABS, changeParsers, type ChangeTab } from "./change-views";
import classes from "./changes.module.css";
import { DefinitionDiffView } from "./definition-diff-view";
import { EvidenceStrip } from "./evidence-strip";
import { ImpactTable } from "./impact-table";
import { LeakageEvidence } from "./leakage-evidence";
import { PlanDiff } from "./plan-diff";

const LABELS: Record<ChangeTab, string> = {
  evidence: "Leakage",
  definition: "Definition",
  plan: "Plan",
  distribution: "Distribution",
  impact: "Impact",
};

/** One change request: what it is and what it needs, what was found out about it, who said what, and what the reader may do. */
export function ChangePage({ workspace, number }: { workspace: string; number: number }) {
  const { data: change, error, refetch } = useQuery(changeQueries.detail(workspace, number));
  const [{ tab }, setState] = useQueryStates(changeParsers);
  if (error && !change) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!change) return null;
  return (
    <>
      <PageHeader
        title={change.title}
        facts={
          <Group gap={8}>
            <StateBadge state={change.state} />
            <EnvironmentBadge environment={change.environment} />
            {change.waitingForMe && (
              <Badge variant="outline" tt="none" fw={500}>
                waiting for you
              </Badge>
            )}
            <span>
              #{change.number} ·{" "}
              <Anchor
                component={Link}
                href={`/features/${encodeURIComponent(change.feature)}`}
                inherit
                underline="always"
              >
                {change.feature}
              </Anchor>{" "}
              {change.baseVersion === null ? "" : `v${change.baseVersion} → `}v{change.version} · opened by{" "}
              {change.mine ? "you" : change.author.name} <TimeAgo at={change.createdAt} /> · revision {change.revision}
            </span>
          </Group>
        }
      />
      <Banner change={change} />
      <div className={classes.page}>
        <section className={classes.needed} aria-labelledby="needed">
          <Title order={2} mb={4} id="needed">
            {change.open ? "Still needed" : "Outcome"}
          </Title>
          <Text size="sm">{change.needed}</Text>
        </section>
        <div className={classes.main}>
          {change.description && (
            <Text size="sm" maw="75ch" mb="md" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {change.description}
            </Text>
          )}
          <Title order={2} mb="sm">
            Evidence
          </Title>
          <EvidenceStrip evidence={change.evidence} onOpen={(next) => void setState({ tab: next })} />
          <Tabs value={tab} onChange={(value) => void setState({ tab: value as ChangeTab })} keepMounted={false}>
            <Tabs.List mb="md">
              {CHANGE_TABS.map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {LABELS[name]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={tab}>
              <Evidence tab={tab} change={change} />
            </Tabs.Panel>
          </Tabs>
          <Text size="xs" c="dimmed" mt="md">
            Computed <TimeAgo at={change.evidence.computedAt} />, when revision {change.revision} was made.
          </Text>
          <Title order={2} mt="xl" mb="md">
            Timeline
          </Title>
          <ChangeTimeline change={change} />
        </div>
        <div className={classes.decide}>
          <ChangeActions workspace={workspace} change={change} />
          {change.open && <ChangeDecision workspace={workspace} change={change} />}
        </div>
      </div>
    </>
  );
}

/** Appears at once when the request is in conflict, or when somebody's decision was for an earlier revision. */
function Banner({ change }: { change: Change }) {
  if (change.conflict)
    return (
      <Alert color="orange" icon={<IconAlertTriangle />} title="In conflict" mb="md" role="alert">
        {change.environment} moved to {change.pointerVersion === null ? "no version" : `v${change.pointerVersion}`}{" "}
        since revision {change.revision}, which was made on{" "}
        {change.baseVersion === null ? "no version" : `v${change.baseVersion}`}. Rebase it, so that reviewers see what
        would change now.
      </Alert>
    );
  if (change.stale)
    return (
      <Alert color="yellow" icon={<IconRefreshAlert />} title="Stale decisions" mb="md">
        The request changed after somebody decided. Decisions on earlier revisions no longer count.
      </Alert>
    );
  return null;
}

function Evidence({ tab, change }: { tab: ChangeTab; change: Change }) {
  const { evidence } = change;
  switch (tab) {
    case "evidence":
      return <LeakageEvidence feature={change.feature} verdicts={evidence.leakage} />;
    case "definition":
      return <DefinitionDiffView definition={evidence.definition} />;
    case "plan":
      return <PlanDiff plan={evidence.plan} />;
    case "distribution":
      return evidence.drift ? (
        <ComparisonView comparison={evidence.drift} />
      ) : (
        <EmptyState title="Nothing to compare">
          <Stack gap="xs">
            {evidence.definition.before
              ? "The two versions do not have profiles in the same buckets. A run of both versions on the same rows makes them comparable."
              : "The environment serves no version yet, so there is nothing to compare with."}
          </Stack>
        </EmptyState>
      );
    case "impact":
      return <ImpactTable evidence={evidence} />;
  }
}
