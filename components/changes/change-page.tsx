"use client";

import { Anchor, Badge, Group, Stack, Tabs, Text, Title } from "@mantine/core";
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
import type { FeatureEvidence } from "@/lib/contracts/change-evidence";
import type { ModelEvidence } from "@/lib/contracts/change-model-evidence";
import type { Change } from "@/lib/contracts/changes";
import { ChangeActions } from "./change-actions";
import { ChangeDecision } from "./change-decision";
import { ChangeTimeline } from "./change-timeline";
import { CHANGE_TABS, changeParsers, type ChangeTab, subjectOf } from "./change-views";
import classes from "./changes.module.css";
import { ChangeBanner } from "./change-banner";
import { DefinitionDiffView } from "./definition-diff-view";
import { EvidenceStrip } from "./evidence-strip";
import { ImpactTable } from "./impact-table";
import { LeakageEvidence } from "./leakage-evidence";
import { ModelFollowers } from "./model-followers";
import { ModelLeakage } from "./model-leakage";
import { ModelMetrics } from "./model-metrics";
import { ModelReads } from "./model-reads";
import { PlanDiff } from "./plan-diff";
import { RuleEvidenceView } from "./rule-evidence-view";
import { summariseFeature, summariseModel, worstTab } from "./summarise-evidence";

const LABELS: Record<ChangeTab, string> = {
  evidence: "Leakage",
  rules: "Rules",
  definition: "Definition",
  plan: "Plan",
  distribution: "Distribution",
  impact: "Impact",
  metrics: "Metrics",
  features: "Features",
  jobs: "Jobs",
};

/** One change request: what it is and what it needs, what was found out about it, who said what, and what the reader may do. */
export function ChangePage({ workspace, number }: { workspace: string; number: number }) {
  const { data: change, error, refetch } = useQuery(changeQueries.detail(workspace, number));
  const [{ tab }, setState] = useQueryStates(changeParsers);
  if (error && !change) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!change) return null;
  const subject = subjectOf(change);
  const { evidence } = change;
  const tabs: readonly ChangeTab[] = CHANGE_TABS[evidence.kind];
  const items =
    evidence.kind === "model" ? summariseModel(evidence, change.checks) : summariseFeature(evidence, change.checks);
  const shown = tab !== null && tabs.includes(tab) ? tab : worstTab(items);
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
              #{change.number} · {subject.kind}{" "}
              <Anchor component={Link} href={subject.href} inherit underline="always">
                {subject.name}
              </Anchor>{" "}
              {change.baseVersion === null ? "" : `v${change.baseVersion} → `}v{change.version} · opened by{" "}
              {change.mine ? "you" : change.author.name} <TimeAgo at={change.createdAt} /> · revision {change.revision}
            </span>
          </Group>
        }
      />
      <ChangeBanner change={change} />
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
          <EvidenceStrip items={items} onOpen={(next) => void setState({ tab: next })} />
          <Tabs value={shown} onChange={(value) => void setState({ tab: value as ChangeTab })} keepMounted={false}>
            <Tabs.List mb="md">
              {tabs.map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {LABELS[name]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={shown}>
              <Evidence tab={shown} change={change} />
            </Tabs.Panel>
          </Tabs>
          <Text size="xs" c="dimmed" mt="md">
            Computed <TimeAgo at={change.evidence.computedAt} />, when revision {change.revision} was made
            {change.open && evidence.rules ? "; rule results and verdicts are current" : ""}.
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

function Evidence({ tab, change }: { tab: ChangeTab; change: Change }) {
  if (tab === "rules") return <RuleEvidenceView rules={change.evidence.rules} checks={change.checks} />;
  return change.evidence.kind === "model" ? (
    <OfModel tab={tab} evidence={change.evidence} change={change} />
  ) : (
    <OfFeature tab={tab} evidence={change.evidence} feature={change.feature ?? ""} />
  );
}

function OfModel({ tab, evidence, change }: { tab: ChangeTab; evidence: ModelEvidence; change: Change }) {
  switch (tab) {
    case "metrics":
      return <ModelMetrics evidence={evidence} />;
    case "features":
      return <ModelReads evidence={evidence} />;
    case "plan":
      return <PlanDiff plan={evidence.plan} />;
    case "jobs":
      return <ModelFollowers alias={change.environment} followers={evidence.followers} />;
    default:
      return <ModelLeakage evidence={evidence} />;
  }
}

function OfFeature({ tab, evidence, feature }: { tab: ChangeTab; evidence: FeatureEvidence; feature: string }) {
  switch (tab) {
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
    default:
      return <LeakageEvidence feature={feature} verdicts={evidence.leakage} />;
  }
}
