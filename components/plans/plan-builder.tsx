"use client";

import { Button, Group, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileCode } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { PageHeader } from "@/components/ui/page-header";
import { stageQueries } from "@/lib/client/stages";
import { DraftDrawer } from "./draft-drawer";
import { correctInYaml, stagesIn } from "./draft-text";
import { warmUp } from "./lay-out-plan";
import { OutputPicker } from "./output-picker";
import { PlanControls, PlanNarrowings } from "./plan-controls";
import { PlanResult } from "./plan-result";
import { PlanStart, type StartOffer } from "./plan-start";
import { PlanProblemView } from "./plan-problem";
import classes from "./plan.module.css";
import { usePlan } from "./use-plan";

/** Outputs in, every way to make them out. */
export function PlanBuilder({
  workspace,
  roles,
  start,
}: {
  workspace: string;
  roles: string[];
  start: StartOffer & { splits: string[] };
}) {
  const hook = usePlan(workspace);
  const { state, set, drafts, setDrafts, setOutputs, preview, error } = hook;
  const [drawer, { open, close }] = useDisclosure(false);
  const client = useQueryClient();
  useEffect(warmUp, []);
  const drafted = stagesIn(drafts);
  const correctStage = async (stage: string, column: string, by: string) => {
    if (drafted.has(stage)) return setDrafts(correctInYaml(drafts, stage, column, by));
    const { yaml } = await client.fetchQuery(stageQueries.detail(workspace, stage));
    setDrafts([drafts, correctInYaml(yaml, stage, column, by)].filter(Boolean).join("\n---\n"));
  };
  return (
    <>
      <PageHeader
        title="Plan"
        facts="Builds pipelines backwards from the columns you want."
        actions={
          <Button size="xs" variant="default" leftSection={<IconFileCode size={14} />} onClick={open}>
            {drafted.size > 0 ? `Previewed stages (${drafted.size})` : "Preview stages"}
          </Button>
        }
      />
      <div className={classes.top}>
        <OutputPicker
          workspace={workspace}
          outputs={state.outputs}
          onChange={setOutputs}
          onConsider={(column) => hook.consider({ outputs: [...state.outputs, column] })}
        />
        {state.outputs.length > 0 && !error && (
          <PlanControls state={state} preview={preview} splits={start.splits} set={set} />
        )}
      </div>
      <PlanNarrowings
        pins={state.pins}
        refit={state.refit}
        onUnpin={(pin) => set({ pins: state.pins.filter((one) => one !== pin) })}
        onKeepOwner={(stage) => set({ refit: state.refit.filter((one) => one !== stage) })}
      />
      {state.outputs.length === 0 ? (
        <PlanStart offer={start} onPick={setOutputs} onConsider={(outputs) => hook.consider({ outputs })} />
      ) : error ? (
        <PlanProblemView
          error={error}
          drafted={drafted}
          outputs={state.outputs}
          pins={state.pins}
          actions={{
            replaceOutput: (column, by) => setOutputs(state.outputs.map((one) => (one === column ? by : one))),
            removeOutput: (column) => setOutputs(state.outputs.filter((one) => one !== column)),
            correctStage: (stage, column, by) => void correctStage(stage, column, by),
            unpin: (pin) => set({ pins: state.pins.filter((one) => one !== pin) }),
            replacePin: (pin, by) => set({ pins: state.pins.map((one) => (one === pin ? by : one)) }),
            unpinAll: () => set({ pins: [] }),
            planIndependently: () => set({ mode: "independent" }),
            listAsDeclared: () => set({ order: "declaration" }),
            openDrafts: open,
            retry: hook.retry,
          }}
        />
      ) : hook.plan && preview ? (
        <PlanResult workspace={workspace} roles={roles} hook={hook} plan={hook.plan} preview={preview} />
      ) : (
        <Waiting />
      )}
      <DraftDrawer
        workspace={workspace}
        opened={drawer}
        onClose={close}
        drafts={drafts}
        onUse={setDrafts}
        onWant={(column) => {
          setOutputs([...state.outputs, column]);
          close();
        }}
      />
    </>
  );
}

/** As large as what comes, so that nothing jumps. */
function Waiting() {
  return (
    <div className={classes.result} role="status" aria-label="Planning">
      <Skeleton className={classes.waiting} />
      <Group className={classes.waiting}>
        <Skeleton height="100%" />
      </Group>
    </div>
  );
}
