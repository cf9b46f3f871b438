"use client";

import { Anchor, Button, Group, Table, Text, Title } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { durationInWords, metricInWords } from "@/components/runs/figures";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { Sentence } from "@/components/ui/sentence";
import { VerdictMark } from "@/components/usage/verdict-mark";
import { WideTable } from "@/components/ui/wide-table";
import { modelQueries } from "@/lib/client/models";
import type { Model } from "@/lib/contracts/models";
import type { PlanPreview } from "@/lib/contracts/plans";
import { type ComparedVariant, compareVariants, type StageComparison } from "./compare-variants";
import { variantColour } from "./node-look";
import classes from "./plan.module.css";
import { instancesOf, type ListedVariant, type ReadPlan } from "./read-plan";
import { costInWords, reusedInWords } from "./reuse-words";
import { metricsRows, type RanVersion, versionsOf } from "./ran-versions";

/** Two variants side by side: what they choose, what they share, what they cost and what came of them. */
export function CompareView({
  workspace,
  preview,
  plan,
  a,
  b,
  onSwap,
  onClose,
}: {
  workspace: string;
  preview: PlanPreview;
  plan: ReadPlan;
  a: ListedVariant;
  b: ListedVariant;
  onSwap(): void;
  onClose(): void;
}) {
  // A consumer that never ran has no model yet.
  const { data: made } = useQuery(modelQueries.list(workspace));
  const consumers = new Set(preview.consumers?.map(({ model }) => model));
  const models = useQueries({
    queries: (made?.items ?? [])
      .filter(({ name }) => consumers.has(name))
      .map(({ name }) => modelQueries.detail(workspace, name)),
    combine: (results) => results.flatMap((result): Model[] => (result.data ? [result.data] : [])),
  });
  const { stages, choices, predict } = compareVariants(toCompared(plan, a), toCompared(plan, b));
  const ran = [versionsOf(models, a.choice)[0], versionsOf(models, b.choice)[0]] as const;
  return (
    <section aria-labelledby="comparison" className={classes.comparison}>
      <Group justify="space-between" mb="xs" gap="sm">
        <Title order={2} id="comparison">
          {a.letter} and {b.letter} side by side
        </Title>
        <Group gap="sm">
          <Button size="xs" variant="default" onClick={onSwap}>
            Swap
          </Button>
          <Button size="xs" variant="default" onClick={onClose}>
            Close comparison
          </Button>
        </Group>
      </Group>
      <WideTable label="Comparison of two variants" minWidth={560}>
        <Table verticalSpacing={6} className={classes.compareTable} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="24%">
                <span className={classes.quiet}>What</span>
              </Table.Th>
              {[a, b].map((variant) => (
                <Table.Th key={variant.letter}>
                  <Head variant={variant} />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {choices.map(({ column, a: one, b: other }) => (
              <Row key={column} label={<span className={classes.column}>{column}</span>}>
                {one ?? <Quiet>not needed</Quiet>}
                {other ?? <Quiet>not needed</Quiet>}
              </Row>
            ))}
            <Row label="Cost">
              <Cost variant={a} />
              <Cost variant={b} />
            </Row>
            <Row label="Reuse">
              <Reuse variant={a} />
              <Reuse variant={b} />
            </Row>
            <Row label={`Verdict${preview.consumer ? ` for ${preview.consumer.model}` : ""}`}>
              <Verdict variant={a} />
              <Verdict variant={b} />
            </Row>
            <Row label="Stages only in this variant">
              <Stages stages={stages} side="a" />
              <Stages stages={stages} side="b" />
            </Row>
            <Row label="Only in this variant, to predict">
              {predict.onlyA.join(", ") || <Quiet>none</Quiet>}
              {predict.onlyB.join(", ") || <Quiet>none</Quiet>}
            </Row>
            <Row label="Last run">
              <Ran version={ran[0]} />
              <Ran version={ran[1]} />
            </Row>
            {metricsRows(ran[0], ran[1]).map(({ part, metric, a: one, b: other }) => (
              <Row key={`${part} ${metric}`} label={`${MODEL_METRICS[metric]?.label ?? metric}, ${part}`}>
                {one === null ? <Quiet>not measured</Quiet> : metricInWords(metric, one)}
                {other === null ? <Quiet>not measured</Quiet> : metricInWords(metric, other)}
              </Row>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Text size="sm" mt="xs">
        <Shared stages={stages} />
      </Text>
    </section>
  );
}

function toCompared(plan: ReadPlan, variant: ListedVariant): ComparedVariant {
  const instances = instancesOf(plan.instances, variant.index);
  return { ...variant, instances: Object.fromEntries(instances.map(({ stage, key }) => [stage, key])) };
}

function Row({ label, children }: { label: React.ReactNode; children: [React.ReactNode, React.ReactNode] }) {
  return (
    <Table.Tr>
      <Table.Th scope="row">{label}</Table.Th>
      <Table.Td>{children[0]}</Table.Td>
      <Table.Td>{children[1]}</Table.Td>
    </Table.Tr>
  );
}

const Quiet = ({ children }: { children: string }) => <span className={classes.quiet}>{children}</span>;

function Head({ variant }: { variant: ListedVariant }) {
  return (
    <span style={{ "--c": variantColour(variant.index) } as React.CSSProperties}>
      <b className={classes.letter}>{variant.letter}</b> {variant.text}
    </span>
  );
}

function Cost({ variant: { details, stages } }: { variant: ListedVariant }) {
  return `${costInWords(details.cost, details.remaining)} for ${stages.length} stages`;
}

function Reuse({ variant: { details } }: { variant: ListedVariant }) {
  const { fitted, materialised, saves } = details;
  if (fitted + materialised === 0) return <Quiet>none</Quiet>;
  return [...reusedInWords(fitted, materialised), ...(saves > 0 ? [`saves ${durationInWords(saves)}`] : [])].join(", ");
}

function Verdict({ variant: { details } }: { variant: ListedVariant }) {
  if (!details.verdict) return <Quiet>no consumer chosen</Quiet>;
  return (
    <>
      <VerdictMark verdict={details.verdict.verdict} severity={details.verdict.severity} />
      <Text size="xs" component="div">
        <Sentence text={details.verdict.sentence} />
      </Text>
    </>
  );
}

function Stages({ stages, side }: { stages: StageComparison[]; side: "a" | "b" }) {
  const names = stages.filter((stage) => stage.side === side).map(({ stage }) => stage);
  return names.length > 0 ? names.join(", ") : <Quiet>none</Quiet>;
}

/** What both have: once, or twice because it reads something else. */
function Shared({ stages }: { stages: StageComparison[] }) {
  const names = (side: StageComparison["side"]) =>
    stages.filter((stage) => stage.side === side).map(({ stage }) => stage);
  const [alike, differs] = [names("alike"), names("differs")];
  return (
    <>
      {alike.length > 0 && `Shared, and run once: ${alike.join(", ")}. `}
      {differs.length > 0 && `In both, but run separately because their inputs differ: ${differs.join(", ")}.`}
    </>
  );
}

function Ran({ version }: { version: RanVersion | undefined }) {
  if (!version) return <Quiet>not in its present version</Quiet>;
  return (
    <>
      <Anchor component={Link} href={`/models/${version.model}`} inherit underline="always">
        {version.model} v{version.version}
      </Anchor>
      , run {version.runNumber}
    </>
  );
}
