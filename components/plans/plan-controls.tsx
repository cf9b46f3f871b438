"use client";

import { Input, NativeSelect, Pill, SegmentedControl } from "@mantine/core";
import type { PlanPreview } from "@/lib/contracts/plans";
import { NOBODY, type PlanState } from "./plan-body";
import classes from "./plan.module.css";

/** Who is judged by which split, how several outputs are planned, and in which order variants are listed. */
export function PlanControls({
  state,
  preview,
  splits,
  set,
}: {
  state: PlanState;
  preview: PlanPreview | undefined;
  /** Names of the workspace's split policies. */
  splits: readonly string[];
  set(change: Partial<PlanState>): void;
}) {
  const consumers = preview?.consumers ?? [];
  const consumer = preview?.consumer ?? null;
  const known = consumers.flatMap(({ pipeline }) => (pipeline === null ? [] : [pipeline]));
  const current = state.consumer ?? consumer?.pipeline ?? NOBODY;
  return (
    <div className={classes.controls}>
      <NativeSelect
        label="Consumer"
        inputWrapperOrder={["label", "input", "description"]}
        description={consumer ? `model ${consumer.model}` : "needed for a verdict"}
        value={current}
        onChange={(event) => set({ consumer: event.currentTarget.value, split: null })}
        data={[
          ...[...new Set([...known, ...(current === NOBODY ? [] : [current])])].map((name) => ({
            value: name,
            label: name,
          })),
          { value: NOBODY, label: "nobody" },
        ]}
      />
      <NativeSelect
        label="Split"
        inputWrapperOrder={["label", "input", "description"]}
        description={consumer ? `tested on ${consumer.test}` : "needs a consumer"}
        disabled={!consumer}
        value={state.split ?? consumer?.split ?? ""}
        onChange={(event) => set({ split: event.currentTarget.value })}
        data={consumer ? [...new Set([consumer.split, ...splits])] : [""]}
      />
      <div className={classes.control}>
        <Input.Label id="order-label" labelElement="div">
          Order
        </Input.Label>
        <SegmentedControl
          size="xs"
          value={state.order}
          onChange={(value) => set({ order: value as PlanState["order"] })}
          data={[
            { value: "cost", label: "cheapest first" },
            { value: "declaration", label: "as declared" },
          ]}
          aria-labelledby="order-label"
        />
      </div>
      {state.outputs.length > 1 && (
        <div className={classes.control}>
          <Input.Label id="mode-label" labelElement="div">
            Outputs together
          </Input.Label>
          <SegmentedControl
            size="xs"
            value={state.mode}
            onChange={(value) => set({ mode: value as PlanState["mode"] })}
            data={[
              { value: "joint", label: "one consistent choice" },
              { value: "independent", label: "each on its own" },
            ]}
            aria-labelledby="mode-label"
          />
        </div>
      )}
    </div>
  );
}

/** What narrows the plan or lies over it, each with a way to take it back. */
export function PlanNarrowings({
  pins,
  refit,
  onUnpin,
  onKeepOwner,
}: {
  pins: readonly string[];
  refit: readonly string[];
  onUnpin(pin: string): void;
  onKeepOwner(stage: string): void;
}) {
  if (pins.length + refit.length === 0) return null;
  return (
    <ul className={classes.chips} aria-label="Pins and refits">
      {pins.map((pin) => (
        <li key={pin}>
          <Pill
            size="md"
            className={classes.column}
            withRemoveButton
            removeButtonProps={{ "aria-label": `Unpin ${pin}`, tabIndex: 0, "aria-hidden": undefined }}
            onRemove={() => onUnpin(pin)}
          >
            {pin}
          </Pill>
        </li>
      ))}
      {refit.map((stage) => (
        <li key={stage}>
          <Pill
            size="md"
            maw="100%"
            withRemoveButton
            removeButtonProps={{
              "aria-label": `Fit ${stage} on its owner's rows again`,
              tabIndex: 0,
              "aria-hidden": undefined,
            }}
            onRemove={() => onKeepOwner(stage)}
          >
            {stage} fitted on the consumer’s rows
          </Pill>
        </li>
      ))}
    </ul>
  );
}
