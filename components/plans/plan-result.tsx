"use client";

import { Alert, Text } from "@mantine/core";
import { useMemo } from "react";
import { OWN_ENGINE } from "@/lib/domain/definitions/engine-name";
import type { PlanPreview } from "@/lib/contracts/plans";
import { CompareView } from "./compare-view";
import { looksOf } from "./look-of";
import { NodeDetails } from "./node-details";
import { PlanActions } from "./plan-actions";
import { PlanCanvas } from "./plan-canvas";
import { buildPlanGraph, MOST_DRAWN, variantsToDraw } from "./plan-graph";
import { PlanLegend } from "./plan-legend";
import { readPins, withPin } from "./plan-parsers";
import { Sentence } from "@/components/ui/sentence";
import classes from "./plan.module.css";
import { type ReadPlan, toGraphInstances, variantNamed } from "./read-plan";
import { StageTable } from "./stage-table";
import type { PlanHook } from "./use-plan";
import { VariantList } from "./variant-list";

/** Variants beside their merged graph, and below it the same as a table. */
export function PlanResult({
  workspace,
  roles,
  hook,
  plan,
  preview,
}: {
  workspace: string;
  roles: string[];
  hook: PlanHook;
  plan: ReadPlan;
  preview: PlanPreview;
}) {
  const { state, set } = hook;
  const chosen = variantNamed(plan.variants, state.variant);
  const compared = plan.variants.find(({ key, index }) => key === state.compare && index !== chosen?.index) ?? null;
  const chosenIndex = chosen?.index ?? 0;
  const comparedIndex = compared?.index ?? null;
  const instances = useMemo(() => toGraphInstances(plan.instances), [plan]);
  const looked = comparedIndex === null ? [chosenIndex] : [chosenIndex, comparedIndex];
  const drawn = [...variantsToDraw(instances, plan.variants.length, looked, MOST_DRAWN)].sort((a, b) => a - b);
  const drawnKey = drawn.join(" ");
  const graph = useMemo(
    () => buildPlanGraph(instances, new Set(drawnKey.split(" ").map(Number))),
    [instances, drawnKey],
  );
  const pins = useMemo(() => readPins(state.pins), [state.pins]);
  const looks = useMemo(() => looksOf(graph, preview, plan, chosen, pins), [graph, preview, plan, chosen, pins]);
  if (!chosen)
    return (
      <Text my="md" role="status">
        All wanted columns are source columns; no stage is needed.
      </Text>
    );
  const pin = (column: string, stage: string, isPinned: boolean) =>
    set({
      pins: isPinned ? state.pins.filter((one) => !one.startsWith(`${column}@`)) : withPin(state.pins, column, stage),
      variant: null,
      compare: null,
    });
  const fileName = `plan-${state.outputs.join("-")}`;
  return (
    <div>
      <PlanActions workspace={workspace} roles={roles} state={state} preview={preview} plan={plan} chosen={chosen} />
      <ConsumerWarnings preview={preview} />
      <Unsupported preview={preview} />
      <div className={classes.result}>
        <VariantList
          variants={plan.variants}
          total={preview.total}
          atLeast={preview.atLeast ?? false}
          chosen={chosen}
          compared={compared}
          onChoose={(variant) => set({ variant: variant.key, ...(variant.key === state.compare && { compare: null }) })}
          onCompare={(variant) => set({ variant: chosen.key, compare: variant?.key ?? null })}
        />
        <div className={classes.graph}>
          <PlanCanvas
            graph={graph}
            looks={looks}
            chosen={chosen.index}
            compared={comparedIndex}
            selected={state.node}
            hidden={plan.variants.length - drawn.length}
            fileName={fileName}
            onSelect={(node) => set({ node })}
            onPin={({ column, stage, isPinned }) => pin(column, stage, isPinned)}
          />
          <PlanLegend />
          <NodeDetails id={state.node} preview={preview} plan={plan} pins={pins} onPin={pin} />
        </div>
      </div>
      {compared && (
        <CompareView
          workspace={workspace}
          preview={preview}
          plan={plan}
          a={chosen}
          b={compared}
          onSwap={() => set({ variant: compared.key, compare: chosen.key })}
          onClose={() => set({ compare: null })}
        />
      )}
      <StageTable
        plan={plan}
        chosen={chosen}
        selected={state.node}
        fileName={fileName}
        onSelect={(node) => set({ node })}
      />
      {preview.pruned.length > 0 && (
        <Text size="sm" c="dimmed" mt="md">
          Left out, because one of their inputs cannot be computed: {preview.pruned.join(", ")}.
        </Text>
      )}
    </div>
  );
}

function ConsumerWarnings({ preview: { consumer } }: { preview: PlanPreview }) {
  if (!consumer || consumer.warnings.length === 0) return null;
  return (
    <Alert color="yellow" title="The test score would be meaningless" mb="sm">
      {consumer.warnings.map((warning) => (
        <Text key={warning} size="sm">
          <Sentence text={warning} />
        </Text>
      ))}
    </Alert>
  );
}

/** What engines that this server offers cannot run; one that it has not is not looked for. */
function Unsupported({ preview: { unsupported = [], engines = [] } }: { preview: PlanPreview }) {
  const others = engines.filter(({ name, whyNot }) => name !== OWN_ENGINE && whyNot === null);
  return [{ name: OWN_ENGINE, unsupported }, ...others].map(({ name, unsupported: refused }) =>
    refused.length === 0 ? null : (
      <Alert
        key={name}
        color={name === OWN_ENGINE ? "yellow" : "gray"}
        title={name === OWN_ENGINE ? "This server cannot run every stage" : `The ${name} engine cannot run every stage`}
        mb="sm"
      >
        {refused.map(({ stage, reason }) => (
          <Text key={stage} size="sm">
            <b>{stage}</b>: {reason}
          </Text>
        ))}
      </Alert>
    ),
  );
}
