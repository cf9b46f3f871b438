"use client";

import { Button, Group, NumberInput, Select, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { monitorQueries } from "@/lib/client/monitors";
import type { MonitorDetail } from "@/lib/contracts/monitors";
import { DRIFT_METRICS, type DriftMetric } from "@/lib/domain/drift/judge-drift";
import classes from "./drift.module.css";
import { round } from "./monitor-words";
import { VerdictGrid } from "./verdict-grid";

const WAIT_MS = 250;

/** Other thresholds on the stored history: how often the monitor would have alerted. Nothing is saved. */
export function TryThresholds({ workspace, monitor }: { workspace: string; monitor: MonitorDetail }) {
  const [metric, setMetric] = useState<DriftMetric>(monitor.metric);
  const [warn, setWarn] = useState<number>(monitor.warn);
  const [critical, setCritical] = useState<number>(monitor.critical);
  const [after, setAfter] = useState<number>(monitor.after);
  const [asked] = useDebouncedValue({ metric, warn, critical, after }, WAIT_MS);
  const isChanged =
    asked.metric !== monitor.metric ||
    asked.warn !== monitor.warn ||
    asked.critical !== monitor.critical ||
    asked.after !== monitor.after;
  const { view, model, environment, reference, minRows } = monitor;
  const { data, error } = useQuery(
    monitorQueries.trial({
      workspace,
      ...(view ? { view } : { model: model ?? "" }),
      environment,
      reference,
      minRows,
      ...asked,
    }),
  );
  const choose = (name: DriftMetric) => {
    setMetric(name);
    setWarn(DRIFT_METRICS[name].warn);
    setCritical(DRIFT_METRICS[name].critical);
  };
  return (
    <section aria-labelledby="what-if">
      <Title order={3} id="what-if" mt="lg" mb="xs">
        What if
      </Title>
      <div className={classes.toolbar}>
        <Select
          label="Metric"
          size="xs"
          w={210}
          allowDeselect={false}
          value={metric}
          data={Object.entries(DRIFT_METRICS).map(([value, { name }]) => ({ value, label: name }))}
          onChange={(value) => choose(value as DriftMetric)}
        />
        <NumberInput
          label="Warn from"
          size="xs"
          w={100}
          min={0.0001}
          step={0.01}
          value={warn}
          onChange={(value) => setWarn(Number(value))}
        />
        <NumberInput
          label="Critical from"
          size="xs"
          w={100}
          min={0.0001}
          step={0.01}
          value={critical}
          onChange={(value) => setCritical(Number(value))}
        />
        <NumberInput
          label="Windows in a row"
          size="xs"
          w={120}
          min={1}
          max={100}
          allowDecimal={false}
          value={after}
          onChange={(value) => setAfter(Number(value))}
        />
        {data?.suggestedWarn && (
          <Button size="xs" variant="default" onClick={() => setWarn(Number(round(data.suggestedWarn ?? warn)))}>
            Use the noise floor, {round(data.suggestedWarn)}
          </Button>
        )}
      </div>
      {error ? (
        <ErrorState error={error} />
      ) : (
        data && (
          <>
            <Text size="sm" role="status">
              <b>Would have alerted {data.alerts === 1 ? "once" : `${data.alerts} times`}</b>
              {data.alerting.length > 0 && `, and be alerting now: ${data.alerting.join(", ")}`}.
            </Text>
            {data.noiseFloor.length > 0 && (
              <Text size="sm" c="dimmed" maw="75ch">
                Train and test parts already differ by{" "}
                {data.noiseFloor.map(({ feature, score }) => `${round(score)} (${feature})`).join(", ")}: below that is
                noise.
              </Text>
            )}
            {isChanged && (
              <Group mt="sm">
                <VerdictGrid verdicts={data.verdicts} label="Windows as these thresholds would judge them" />
              </Group>
            )}
          </>
        )
      )}
    </section>
  );
}
