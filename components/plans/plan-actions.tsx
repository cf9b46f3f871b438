"use client";

import { Button, Group, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceFloppy, IconRocket } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { deploymentQueries } from "@/lib/client/deployments";
import type { PlanPreview } from "@/lib/contracts/plans";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { DeployPlanDialog } from "./deploy-plan-dialog";
import type { PlanState } from "./plan-body";
import { instancesOf, type ListedVariant, type ReadPlan } from "./read-plan";
import { SaveDialog } from "./save-dialog";

/** What can be done with the chosen variant; who may not sees why. */
export function PlanActions({
  workspace,
  roles,
  state,
  preview,
  plan,
  chosen,
}: {
  workspace: string;
  roles: string[];
  state: PlanState;
  preview: PlanPreview;
  plan: ReadPlan;
  chosen: ListedVariant;
}) {
  const [saving, save] = useDisclosure(false);
  const [deploying, deploy] = useDisclosure(false);
  const deployments = useQuery(deploymentQueries.list({ workspace, state: "live", limit: 200 }));
  const instances = instancesOf(plan.instances, chosen.index);
  // What is fitted on other rows than its pipeline says, or by documents that are not applied, is not what was deployed.
  const isOther = state.refit.length > 0 || state.split !== null || (preview.drafts ?? []).length > 0;
  const deployed = isOther
    ? undefined
    : deployments.data?.items.find(({ choice }) =>
        Object.entries(chosen.choice).every(([column, stage]) => choice[column] === stage),
      );
  const { consumer } = preview;
  const drafts = instances.flatMap(({ draft, stage }) => (draft ? [stage] : []));
  const cannotRun = instances.filter(({ stage }) => preview.unsupported?.some((one) => one.stage === stage));
  const unregistered =
    drafts.length > 0
      ? `${drafts.join(", ")} ${drafts.length > 1 ? "are" : "is"} not registered yet: apply it first.`
      : null;
  const noSave = can(roles as Role[], "spec:apply")
    ? unregistered
    : "Only authors, stewards and admins save pipelines.";
  const noDeploy = !can(roles as Role[], "deployment:edit")
    ? "Only authors, stewards and admins deploy."
    : (unregistered ??
      (cannotRun.length > 0 ? `This server cannot run ${cannotRun.map(({ stage }) => stage).join(", ")}.` : null));
  return (
    <Group justify="space-between" gap="sm" my="sm">
      <Text size="sm" c="dimmed">
        {consumer
          ? `For ${consumer.model}: fitted on ${consumer.train}, tested on ${consumer.test}.`
          : "Choose a consumer to check for leakage."}
      </Text>
      <Group gap="sm">
        <Action
          label={`Save ${chosen.letter} as pipeline`}
          reason={noSave}
          icon={<IconDeviceFloppy size={14} />}
          onClick={save.open}
        />
        {deployed ? (
          <Button
            component={Link}
            href={`/deployments/${encodeURIComponent(deployed.name)}`}
            size="xs"
            variant="default"
            leftSection={<IconRocket size={14} />}
          >
            Deployed as {deployed.name}
          </Button>
        ) : (
          <Action
            label={`Deploy ${chosen.letter}`}
            reason={noDeploy}
            icon={<IconRocket size={14} />}
            onClick={deploy.open}
            isMain
          />
        )}
      </Group>
      {saving && (
        <SaveDialog workspace={workspace} state={state} preview={preview} chosen={chosen} onClose={save.close} />
      )}
      {deploying && (
        <DeployPlanDialog
          workspace={workspace}
          state={state}
          preview={preview}
          chosen={chosen}
          instances={instances}
          onClose={deploy.close}
        />
      )}
    </Group>
  );
}

/** A button that says why it cannot be pressed, to the mouse and to the keyboard. */
function Action({
  label,
  reason,
  icon,
  onClick,
  isMain = false,
}: {
  label: string;
  reason: string | null;
  icon: React.ReactNode;
  onClick(): void;
  isMain?: boolean;
}) {
  return (
    <Tooltip
      label={reason ?? ""}
      disabled={reason === null}
      multiline
      maw={280}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Button
        size="xs"
        variant={isMain ? "filled" : "default"}
        leftSection={icon}
        data-disabled={reason !== null || undefined}
        aria-disabled={reason !== null}
        onClick={(event) => (reason === null ? onClick() : event.preventDefault())}
      >
        {label}
      </Button>
    </Tooltip>
  );
}
