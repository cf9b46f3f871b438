"use client";

import { Alert, Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconFlag, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { ErrorState } from "@/components/ui/error-state";
import { EmptyState } from "@/components/ui/empty-state";
import mainAndAside from "@/components/ui/main-and-aside.module.css";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { api } from "@/lib/client/api";
import { abTestQueries } from "@/lib/client/ab-tests";
import { type AbComparison, type AbTest, evaluateAbTest } from "@/lib/contracts/ab-tests";
import { METRIC_FACTS } from "@/lib/domain/definitions/outcome-metrics";
import { ARM_COLOURS } from "./ab-test-views";
import classes from "./ab-tests.module.css";
import { ArmCards } from "./arm-cards";
import { Assignment } from "./assignment";
import { CloseTest } from "./close-test";
import { HowComputed } from "./how-computed";
import { IntervalChart } from "./interval-chart";
import { MetricsTable } from "./metrics-table";
import { TestVerdict } from "./test-verdict";

/** One test: the verdict first, then what it follows from. */
export function AbTestPage({ workspace, name }: { workspace: string; name: string }) {
  const { data: test, error, refetch } = useQuery(abTestQueries.detail(workspace, name));
  if (error && !test) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!test) return null;
  const { comparison } = test;
  return (
    <>
      <PageHeader
        title={test.name}
        facts={<Facts test={test} />}
        actions={<Actions workspace={workspace} test={test} />}
      />
      <Failure test={test} />
      {test.state === "closed" && <Closed test={test} />}
      {comparison ? <Verdict comparison={comparison} /> : <NotYet test={test} />}
      <ArmCards test={test} />
      <div className={comparison ? mainAndAside.columns : undefined}>
        {comparison && (
          <div>
            <Charts test={test} comparison={comparison} />
            <HowComputed test={test} comparison={comparison} />
          </div>
        )}
        <div>
          <Assignment workspace={workspace} test={test} />
        </div>
      </div>
      {comparison && (
        <Section id="metrics" title="All metrics" note="with their intervals; only the first decides">
          <MetricsTable test={test} comparison={comparison} />
        </Section>
      )}
    </>
  );
}

function Facts({ test }: { test: AbTest }) {
  return (
    <Group gap={8}>
      <StateBadge state={test.state} />
      <TestVerdict code={test.verdict} />
      <span>
        {METRIC_FACTS[test.metric].label} of{" "}
        <Anchor component={Link} href={`/features/${test.output}`} inherit underline="always">
          {test.output}
        </Anchor>{" "}
        · set up by {test.createdBy} <TimeAgo at={test.createdAt} />
        {test.experiment && (
          <>
            {" "}
            · tries{" "}
            <Anchor component={Link} href={`/experiments/${test.experiment.number}`} inherit underline="always">
              {test.experiment.title}
            </Anchor>
          </>
        )}
      </span>
    </Group>
  );
}

function Actions({ workspace, test }: { workspace: string; test: AbTest }) {
  const client = useQueryClient();
  const [closing, { open, close }] = useDisclosure(false);
  const { queryKey } = abTestQueries.detail(workspace, test.name);
  const evaluate = useMutation({
    mutationFn: () => api(evaluateAbTest, { params: { name: test.name }, query: { workspace } }),
    onSuccess: (asked) => client.setQueryData(queryKey, asked),
  });
  if (test.state === "closed" || !test.canEdit) return null;
  const busy = evaluate.isPending || test.evaluation?.state === "queued" || test.evaluation?.state === "running";
  return (
    <Stack gap="xs" align="flex-end">
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={busy}
          onClick={() => evaluate.mutate()}
        >
          Evaluate now
        </Button>
        <Button leftSection={<IconFlag size={16} />} onClick={open}>
          Close the test …
        </Button>
      </Group>
      {evaluate.error && (
        <Text size="sm" c="red" role="alert" maw={420}>
          {evaluate.error.message}
        </Text>
      )}
      <CloseTest workspace={workspace} test={test} opened={closing} onClose={close} />
    </Stack>
  );
}

function Failure({ test: { evaluation, comparison } }: { test: AbTest }) {
  if (evaluation?.state !== "failed") return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title="The newest evaluation failed" mb="md" role="alert">
      {evaluation.message} {comparison && "The previous evaluation is shown."}
    </Alert>
  );
}

function Verdict({ comparison }: { comparison: AbComparison }) {
  return (
    <section className={classes.verdict} data-code={comparison.verdict.code} aria-labelledby="verdict">
      <Title order={2} id="verdict" fz="sm" c="dimmed" mb={4}>
        Verdict
      </Title>
      <p className={classes.sentence} style={{ margin: 0 }}>
        {comparison.sentence}
      </p>
      {comparison.warnings.length > 0 && (
        <ul className={classes.list} style={{ marginTop: 12 }} aria-label="Notes">
          {comparison.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function NotYet({ test }: { test: AbTest }) {
  const busy = test.evaluation?.state === "queued" || test.evaluation?.state === "running";
  return (
    <EmptyState title={busy ? "The arms are being compared" : "Not compared yet"}>
      {busy
        ? "The verdict appears here in a moment."
        : "A comparison needs predictions of every arm: run the predict (staging) jobs of the deployments. It is then made automatically."}
    </EmptyState>
  );
}

function Closed({ test: { winner, change, promotions, closedAt } }: { test: AbTest }) {
  const promotion = winner ? promotions[winner] : undefined;
  return (
    <Alert
      color="indigo"
      icon={<IconFlag />}
      title={winner ? `Closed: ${winner} won` : "Closed without a winner"}
      mb="md"
    >
      {closedAt && (
        <>
          It was closed <TimeAgo at={closedAt} />.{" "}
        </>
      )}
      {change ? (
        <>
          Its promotion is change request{" "}
          <Anchor component={Link} href={`/changes/${change.number}`} inherit c="inherit" underline="always">
            {change.number}, {change.title}
          </Anchor>{" "}
          ({change.state.replaceAll("_", " ")}).
        </>
      ) : (
        promotion && (
          <>
            No change request was opened. {promotion.reason}{" "}
            {promotion.version !== null && (
              <Anchor component={Link} href={promotion.href} inherit c="inherit" underline="always">
                Propose v{promotion.version} to {promotion.environment}
              </Anchor>
            )}
          </>
        )
      )}
    </Alert>
  );
}

function Charts({ test, comparison }: { test: AbTest; comparison: AbComparison }) {
  const own = comparison.metrics.find(({ metric }) => metric === test.metric);
  if (!own) return null;
  const { label, lowerIsBetter } = METRIC_FACTS[test.metric];
  const percent = `${Number(((1 - test.alpha) * 100).toFixed(3))} %`;
  const colourOf = (name: string) => ARM_COLOURS[test.arms.findIndex((arm) => arm.name === name)] ?? "";
  // With one pair the sides have names; with more, each row has its own.
  const [pair, ...others] = own.pairs;
  const sideOf = (side: "a" | "b") =>
    pair && others.length === 0
      ? `${pair[side]} is better`
      : `the ${side === "b" ? "first" : "second"} named is better`;
  const differences = own.pairs.flatMap(({ a, b, difference }) =>
    difference ? [{ name: `${b} − ${a}`, ...difference, colour: colourOf(b) }] : [],
  );
  return (
    <>
      <Section
        id="arms"
        title={label[0]?.toUpperCase() + label.slice(1)}
        note={`with ${percent} intervals, ${lowerIsBetter ? "lower" : "higher"} is better`}
      >
        <IntervalChart
          label={`${label} of the arms`}
          rows={own.arms.map((arm) => ({ ...arm, colour: colourOf(arm.name) }))}
        />
      </Section>
      {differences.length > 0 && (
        <Section id="difference" title="Difference" note={`with ${percent} interval`}>
          <IntervalChart
            label={`Differences of ${label}`}
            rows={differences}
            zero={{
              band: test.minimumEffect,
              below: sideOf(lowerIsBetter ? "b" : "a"),
              above: sideOf(lowerIsBetter ? "a" : "b"),
            }}
          />
          <Text size="xs" c="dimmed" mt={4}>
            The line marks no difference
            {test.minimumEffect > 0 && `, the band a difference below the minimum of ${test.minimumEffect}`}.
          </Text>
        </Section>
      )}
    </>
  );
}
