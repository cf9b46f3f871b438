"use client";

import { NativeSelect, NumberInput } from "@mantine/core";
import { useQueryStates } from "nuqs";
import type { DriftMap } from "@/lib/contracts/drift";
import { DRIFT_METRIC_NAMES, DRIFT_METRICS, type DriftMetric } from "@/lib/domain/definitions/drift-metric";
import { defaultThresholds } from "@/lib/domain/drift/drift-metrics";
import { driftParsers, type THRESHOLD_KINDS } from "./drift-views";

/** By what windows are compared, with what, and from which score on it is an alarm. */
export function DriftTerms({ map }: { map: DriftMap | undefined }) {
  const [state, setState] = useQueryStates(driftParsers, { history: "push" });
  // What the page does not say is what the server chose.
  const metric = state.metric ?? (map?.metric as DriftMetric | undefined) ?? "natural";
  const thresholds = state.thresholds ?? (map?.isCalibrated ? "calibrated" : "default");
  const own = defaultThresholds(metric);
  const choose = (name: DriftMetric) =>
    void setState({
      metric: name,
      warn: null,
      critical: null,
      ...(name === "natural" && thresholds === "custom" && { thresholds: null }),
    });
  const fallback = map?.model ? "part:train" : "first";
  return (
    <>
      <NativeSelect
        label="Metric"
        size="xs"
        w={190}
        value={metric}
        data={DRIFT_METRIC_NAMES.map((value) => ({ value, label: DRIFT_METRICS[value].name }))}
        onChange={(event) => choose(event.currentTarget.value as DriftMetric)}
      />
      <NativeSelect
        label="Thresholds"
        size="xs"
        w={120}
        value={thresholds}
        data={[
          { value: "default", label: "default" },
          { value: "calibrated", label: "calibrated" },
          { value: "custom", label: "custom", disabled: own === null },
        ]}
        onChange={(event) =>
          void setState({ metric, thresholds: event.currentTarget.value as (typeof THRESHOLD_KINDS)[number] })
        }
      />
      {thresholds === "custom" && own && (
        <>
          <ThresholdInput
            label="Warn from"
            value={state.warn ?? own.warn}
            onChange={(warn) => void setState({ warn }, { history: "replace" })}
          />
          <ThresholdInput
            label="Critical from"
            value={state.critical ?? Math.max(own.critical, state.warn ?? 0)}
            onChange={(critical) => void setState({ critical }, { history: "replace" })}
          />
        </>
      )}
      <NativeSelect
        label="Compared with"
        size="xs"
        w={170}
        value={state.reference ?? map?.reference ?? fallback}
        data={[
          ...(map?.model
            ? [
                { value: "part:train", label: "the training rows" },
                { value: "part:test", label: "the test rows" },
              ]
            : []),
          { value: "first", label: "the first window" },
          { value: "before", label: "the window before" },
          { value: "season", label: "the same season a year before" },
          ...windowOptions(map?.windows ?? [], state.reference ?? map?.reference ?? null),
        ]}
        onChange={(event) => {
          void setState({ metric, reference: event.currentTarget.value });
        }}
      />
    </>
  );
}

/** Windows to compare with. One that the address asks for is offered although no feature that is shown has it. */
function windowOptions(windows: readonly string[], asked: string | null): { value: string; label: string }[] {
  const isOther = asked === null || ["first", "before", "season"].includes(asked) || asked.startsWith("part:");
  const all = isOther || windows.includes(asked) ? windows : [asked, ...windows];
  return all.map((value) => ({ value, label: value }));
}

/** A score above 0; what is being typed and is none changes nothing. */
export function ThresholdInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <NumberInput
      label={label}
      size="xs"
      w={100}
      min={0.0001}
      step={0.01}
      value={value}
      onChange={(given) => {
        const number = Number(given);
        if (Number.isFinite(number) && number > 0) onChange(number);
      }}
    />
  );
}
