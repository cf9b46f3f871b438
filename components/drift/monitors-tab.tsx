"use client";

import { Alert, Anchor, Button, Group, Skeleton, Table, Text, Title } from "@mantine/core";
import { IconEye, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { parseAsString, useQueryState, useQueryStates } from "nuqs";
import { DefinitionHistory } from "@/components/definitions/definition-history";
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { isBacktesting, monitorMutations, monitorQueries } from "@/lib/client/monitors";
import type { MonitorSummary } from "@/lib/contracts/monitors";
import { Comparison, ComparisonDrawer } from "./comparison-drawer";
import { driftParsers } from "./drift-views";
import classes from "./drift.module.css";
import { MonitorBaseline } from "./monitor-baseline";
import { BacktestState } from "./backtest-state";
import { describeMonitor, describeThresholds } from "./monitor-words";
import { TryThresholds } from "./try-thresholds";
import { VerdictGrid } from "./verdict-grid";

/** The monitors, and the windows that the chosen one judged. */
export function MonitorsTab({
  workspace,
  mayEdit,
  maySave,
}: {
  workspace: string;
  mayEdit: boolean;
  maySave: boolean;
}) {
  const [chosen, choose] = useQueryState("monitor", parseAsString.withOptions({ history: "push" }));
  const { data, error, refetch } = useQuery(monitorQueries.list(workspace));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton height={160} />;
  if (data.items.length === 0)
    return (
      <EmptyState title="No monitors yet">
        Declare a Monitor document with a feature view, model or source, a reference and thresholds.
      </EmptyState>
    );
  return (
    <>
      <WideTable label="Monitors" minWidth={820}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Monitor</Table.Th>
              <Table.Th>Compares</Table.Th>
              <Table.Th>Newest window</Table.Th>
              <Table.Th data-numeric>Alerts</Table.Th>
              <Table.Th pl="lg">Evaluations</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((monitor) => (
              <MonitorRow
                key={monitor.name}
                monitor={monitor}
                isChosen={monitor.name === chosen}
                onChoose={() => void choose(monitor.name === chosen ? null : monitor.name)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {chosen !== null && (
        <ChosenMonitor
          key={chosen}
          workspace={workspace}
          name={chosen}
          mayEdit={mayEdit}
          maySave={maySave}
          onClose={() => void choose(null)}
        />
      )}
    </>
  );
}

function MonitorRow({
  monitor,
  isChosen,
  onChoose,
}: {
  monitor: MonitorSummary;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const { dataset } = monitor;
  return (
    <Table.Tr data-selected={isChosen || undefined}>
      <Table.Td>
        <Anchor component="button" type="button" size="sm" fw={500} aria-expanded={isChosen} onClick={onChoose}>
          {monitor.name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {monitor.owner}
        </Text>
      </Table.Td>
      <Table.Td maw={380}>
        <Text size="sm">{describeMonitor(monitor)}</Text>
        <Text size="xs" c="dimmed">
          {describeThresholds(monitor)}
        </Text>
      </Table.Td>
      <Table.Td>
        {dataset ? (
          <Text size="sm">
            {dataset.drifted} of {dataset.judged} drifted{dataset.isDrift && ": dataset drift"}
            <Text span size="xs" c="dimmed" display="block">
              from {dataset.from.slice(0, 10)}
            </Text>
          </Text>
        ) : (
          "–"
        )}
      </Table.Td>
      <Table.Td data-numeric>{monitor.alerts}</Table.Td>
      <Table.Td pl="lg">
        <Text size="sm">{monitor.schedule ?? "after every run"}</Text>
        <Text size="xs" c={monitor.lastError ? "red" : "dimmed"}>
          {monitor.lastError ?? (monitor.lastRunAt ? <TimeAgo at={monitor.lastRunAt} /> : "not yet")}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function ChosenMonitor({
  workspace,
  name,
  mayEdit,
  maySave,
  onClose,
}: {
  workspace: string;
  name: string;
  mayEdit: boolean;
  maySave: boolean;
  onClose: () => void;
}) {
  const { data: monitor, error } = useQuery(monitorQueries.detail(workspace, name));
  const [cell, setCell] = useQueryStates(
    { feature: driftParsers.feature, month: driftParsers.month },
    { history: "push" },
  );
  const backtest = useMutation(monitorMutations.backtest(useQueryClient(), workspace, name));
  if (error) return <ErrorState error={error} />;
  if (!monitor) return <Skeleton height={240} mt="md" />;
  return (
    <section aria-labelledby="monitor" className={classes.monitor}>
      <Group justify="space-between" mb="xs">
        <Title order={2} id="monitor">
          {monitor.name}
        </Title>
        <Group gap="xs">
          {mayEdit && (
            <Button
              size="xs"
              leftSection={<IconEye size={14} />}
              loading={backtest.isPending || isBacktesting(monitor)}
              onClick={() => backtest.mutate()}
            >
              Check history
            </Button>
          )}
          <Button size="xs" variant="default" leftSection={<IconX size={14} />} onClick={onClose}>
            Close
          </Button>
        </Group>
      </Group>
      {monitor.description && (
        <Text size="sm" mb="sm" maw="75ch">
          {monitor.description}
        </Text>
      )}
      {backtest.error && (
        <Alert color="red" role="alert" mb="sm">
          {backtest.error.message}
        </Alert>
      )}
      <MonitorBaseline workspace={workspace} monitor={monitor} mayEdit={mayEdit} />
      <BacktestState backtest={monitor.backtest} />
      <VerdictGrid
        verdicts={monitor.verdicts}
        label={`Windows evaluated by ${monitor.name}`}
        onOpen={(feature, month) => void setCell({ feature, month })}
      />
      <TryThresholds key={monitor.yaml} workspace={workspace} monitor={monitor} maySave={maySave} />
      <Title order={3} mt="lg" mb="xs">
        Definition
      </Title>
      <CodeBlock code={monitor.yaml} label="definition" />
      <DefinitionHistory workspace={workspace} of="monitors" name={name} />
      <ComparisonDrawer
        opened={cell.feature !== null && cell.month !== null}
        onClose={() => void setCell({ feature: null, month: null })}
      >
        <MonitorComparison workspace={workspace} name={name} feature={cell.feature ?? ""} window={cell.month ?? ""} />
      </ComparisonDrawer>
    </section>
  );
}

function MonitorComparison({
  workspace,
  name,
  feature,
  window,
}: {
  workspace: string;
  name: string;
  feature: string;
  window: string;
}) {
  const query = useQuery(monitorQueries.comparison(name, { workspace, feature, window }));
  return <Comparison feature={feature} window={window} query={query} />;
}
