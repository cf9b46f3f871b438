"use client";

import { Anchor, Button, Group, Text } from "@mantine/core";
import { IconPin, IconPinnedOff } from "@tabler/icons-react";
import Link from "next/link";
import type { PlanPreview } from "@/lib/contracts/plans";
import classes from "./plan.module.css";
import type { ReadPlan } from "./read-plan";
import { ReuseText } from "./reuse-text";

/** What the selected node is, and the choices that can be made there. */
export function NodeDetails({
  id,
  preview,
  plan,
  pins,
  onPin,
}: {
  id: string | null;
  preview: PlanPreview;
  plan: ReadPlan;
  pins: Readonly<Record<string, string>>;
  onPin(column: string, stage: string, isPinned: boolean): void;
}) {
  const instance = plan.instances.find(({ key }) => key === id);
  const source = preview.graph?.sources.find(({ name }) => `source:${name}` === id);
  if (source)
    return (
      <div className={classes.details} role="status">
        <Text size="sm">
          source{" "}
          {source.name === null || source.draft ? (
            <b>{source.name ?? "columns of the request"}</b>
          ) : (
            <Anchor component={Link} href={`/datasets/${source.name}`} inherit fw={600}>
              {source.name}
            </Anchor>
          )}
          {source.version !== null && ` · version ${source.version}`} · {source.columns.join(", ")}
        </Text>
      </div>
    );
  if (!instance)
    return (
      <div className={classes.details} role="status">
        <Text size="sm" c="dimmed">
          Select a node to see its columns, fit rows and reuse; pin it at its corner to keep this alternative.
        </Text>
      </div>
    );
  const reason = preview.unsupported?.find(({ stage }) => stage === instance.stage)?.reason;
  return (
    <div className={classes.details} role="status">
      <Text size="sm">
        {instance.kind}{" "}
        {instance.draft ? (
          <b>{instance.stage} (draft)</b>
        ) : (
          <Anchor component={Link} href={`/stages/${instance.stage}`} inherit fw={600}>
            {instance.stage}
          </Anchor>
        )}
        {instance.operator && ` · ${instance.operator}`}
        {instance.class && ` · learns: ${instance.class}`} · cost {instance.cost}
      </Text>
      <Text size="sm">
        reads <Names names={instance.inputs.map(({ column }) => column)} /> · writes{" "}
        <Names names={instance.outputs.map(({ physical }) => physical)} />
      </Text>
      {(instance.fitRows !== null || instance.reuse) && (
        <Text size="sm">
          {instance.fitRows !== null && `fitted on ${instance.fitRows}`}
          {instance.fitRows !== null && instance.reuse && " · "}
          <ReuseText reuse={instance.reuse} />
        </Text>
      )}
      {instance.reason && (
        <Text size="sm" c="dimmed">
          {instance.reason}
        </Text>
      )}
      {reason && (
        <Text size="sm" c="var(--tr-critical)">
          Cannot run here: {reason}
        </Text>
      )}
      <Group gap="xs">
        {instance.outputs
          .filter(({ column }) => plan.open.has(column) || pins[column] === instance.stage)
          .map(({ column }) => {
            const isPinned = pins[column] === instance.stage;
            return (
              <Button
                key={column}
                size="compact-sm"
                variant="default"
                leftSection={isPinned ? <IconPinnedOff size={14} /> : <IconPin size={14} />}
                onClick={() => onPin(column, instance.stage, isPinned)}
              >
                {isPinned ? `Unpin ${column}` : `Pin ${column} to it`}
              </Button>
            );
          })}
      </Group>
    </div>
  );
}

function Names({ names }: { names: string[] }) {
  return <span className={classes.column}>{names.join(", ")}</span>;
}
