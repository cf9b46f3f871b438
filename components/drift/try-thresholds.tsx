"use client";

import { Alert, Button, Checkbox, NativeSelect, NumberInput, Table, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { ErrorState } from "@/components/ui/error-state";
import { WideTable } from "@/components/ui/wide-table";
import { monitorMutations, monitorQueries } from "@/lib/client/monitors";
import type { MonitorDetail, MonitorTrial } from "@/lib/contracts/monitors";
import { DRIFT_METRIC_NAMES, DRIFT_METRICS, type DriftMetric } from "@/lib/domain/definitions/drift-metric";
import { defaultThresholds } from "@/lib/domain/drift/drift-metrics";
import classes from "./drift.module.css";
import { ThresholdInput } from "./drift-terms";
import { round } from "./monitor-words";
import { toAddress, type Tried, triedOf, trialParsers } from "./trial-state";
import { VerdictGrid } from "./verdict-grid";

const WAIT_MS = 250;

/** Other thresholds on the stored history: how often the monitor would have alerted, before they are saved. */
export function TryThresholds({
  workspace,
  monitor,
  maySave,
}: {
  workspace: string;
  monitor: MonitorDetail;
  maySave: boolean;
}) {
  const { view, model, source, environment, minRows } = monitor;
  const saved: Tried = {
    metric: monitor.metric,
    warn: monitor.warn,
    critical: monitor.critical,
    calibrated: monitor.calibrated,
    after: monitor.after,
  };
  const [inAddress, setInAddress] = useQueryStates(trialParsers, { history: "replace" });
  const tried = triedOf(saved, inAddress);
  const [asked] = useDebouncedValue(tried, WAIT_MS);
  const isChanged = JSON.stringify(asked) !== JSON.stringify(saved);
  const { data, error } = useQuery(
    monitorQueries.trial({
      workspace,
      ...(view ? { view } : source ? { source } : { model: model ?? "" }),
      environment,
      reference: monitor.baseline?.reference ?? monitor.reference,
      minRows,
      ...termsOf(asked),
    }),
  );
  const save = useMutation(monitorMutations.saveThresholds(useQueryClient(), workspace, monitor.name));
  const own = defaultThresholds(tried.metric);
  const change = (part: Partial<Tried>) => void setInAddress(toAddress(saved, { ...tried, ...part }));
  return (
    <section aria-labelledby="what-if">
      <Title order={3} id="what-if" mt="lg" mb="xs">
        What if
      </Title>
      <div className={classes.toolbar}>
        <NativeSelect
          label="Metric"
          size="xs"
          w={210}
          value={tried.metric}
          data={DRIFT_METRIC_NAMES.map((value) => ({ value, label: DRIFT_METRICS[value].name }))}
          onChange={(event) => {
            const metric = event.currentTarget.value as DriftMetric;
            change({ metric, warn: null, critical: null, ...defaultThresholds(metric) });
          }}
        />
        {own && (
          <>
            <ThresholdInput
              label="Warn from"
              value={tried.warn ?? own.warn}
              onChange={(warn) => change({ warn, critical: Math.max(warn, tried.critical ?? own.critical) })}
            />
            <ThresholdInput
              label="Critical from"
              value={tried.critical ?? own.critical}
              onChange={(critical) => change({ critical, warn: Math.min(critical, tried.warn ?? own.warn) })}
            />
          </>
        )}
        <NumberInput
          label="Windows in a row"
          size="xs"
          w={120}
          min={1}
          max={100}
          allowDecimal={false}
          value={tried.after}
          onChange={(value) => Number(value) >= 1 && change({ after: Number(value) })}
        />
        <Checkbox
          label="Calibrated"
          size="xs"
          pb={7}
          checked={tried.calibrated}
          onChange={(event) => change({ calibrated: event.currentTarget.checked })}
        />
        {data?.suggestedWarn && (
          <Button size="xs" variant="default" onClick={() => change({ warn: Number(round(data.suggestedWarn ?? 0)) })}>
            Use the noise floor, {round(data.suggestedWarn)}
          </Button>
        )}
        {maySave && isChanged && (
          <Button size="xs" loading={save.isPending} onClick={() => save.mutate(termsOf(tried))}>
            Save to the definition
          </Button>
        )}
      </div>
      {save.error && (
        <Alert color="red" role="alert" mb="sm">
          {save.error.message}
        </Alert>
      )}
      {save.isSuccess && !isChanged && (
        <Alert color="teal" mb="sm">
          Saved. The next check uses these thresholds.
        </Alert>
      )}
      {error ? (
        <ErrorState error={error} />
      ) : (
        data && (
          <>
            <Text size="sm" role="status">
              <b>Would have alerted {data.alerts === 1 ? "once" : `${data.alerts} times`}</b>
              {data.alerting.length > 0 && `, and be alerting now: ${data.alerting.join(", ")}`}.
            </Text>
            <NoiseFloor noise={data.noiseFloor} />
            {isChanged && <VerdictGrid verdicts={data.verdicts} label="Windows under these thresholds" />}
          </>
        )
      )}
    </section>
  );
}

/** How far apart the parts of the consuming models already are, the greatest first. */
function NoiseFloor({ noise }: { noise: MonitorTrial["noiseFloor"] }) {
  if (noise.length === 0) return null;
  const rows = [...noise].sort((one, other) => other.score - one.score);
  return (
    <>
      <Text size="sm" c="dimmed" mt="xs" maw="75ch">
        Train and test parts of the models that read these features already differ: anything below that is noise.
        Calibrated thresholds are at least 1.5 × the noise of a feature.
      </Text>
      <WideTable label="Noise of each feature" minWidth={320}>
        <Table verticalSpacing={2} w="auto">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Feature</Table.Th>
              <Table.Th>Model</Table.Th>
              <Table.Th data-numeric>Noise</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ feature, model, score }) => (
              <Table.Tr key={`${feature} ${model}`}>
                <Table.Td>{feature}</Table.Td>
                <Table.Td>{model ?? "its own split"}</Table.Td>
                <Table.Td data-numeric>{round(score)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}

/** Thresholds that are the metric's own are left out, so that the definition follows the metric. */
function termsOf({ metric, warn, critical, calibrated, after }: Tried) {
  const own = defaultThresholds(metric);
  return {
    metric,
    after,
    calibrated,
    ...(own && warn !== null && warn !== own.warn && { warn }),
    ...(own && critical !== null && critical !== own.critical && { critical }),
  };
}
