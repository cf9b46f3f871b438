"use client";

import { Button, Group, NativeSelect, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { TimeAgo } from "@/components/ui/time-ago";
import { FormDialog } from "@/components/ui/form-dialog";
import { monitorMutations } from "@/lib/client/monitors";
import type { MonitorDetail } from "@/lib/contracts/monitors";
import { describeReference } from "./monitor-words";

/** What the monitor compares with; a person may reset it, with a reason. */
export function MonitorBaseline({
  workspace,
  monitor,
  mayEdit,
}: {
  workspace: string;
  monitor: MonitorDetail;
  mayEdit: boolean;
}) {
  const [isOpen, setOpen] = useState(false);
  const { baseline } = monitor;
  return (
    <Group gap="sm" mb="sm" align="baseline">
      <Text size="sm" maw="85ch">
        {baseline ? (
          <>
            Baseline reset to <b>{describeReference(baseline.reference)}</b> by {baseline.by},{" "}
            <TimeAgo at={baseline.at} />: {baseline.reason} The definition says {describeReference(monitor.reference)}.
          </>
        ) : (
          <>
            Baseline: <b>{describeReference(monitor.reference)}</b>, as defined.
          </>
        )}
      </Text>
      {mayEdit && (
        <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
          Reset the baseline
        </Button>
      )}
      {isOpen && <ResetBaseline workspace={workspace} monitor={monitor} onClose={() => setOpen(false)} />}
    </Group>
  );
}

const DEFINED = "defined";

function ResetBaseline({
  workspace,
  monitor,
  onClose,
}: {
  workspace: string;
  monitor: MonitorDetail;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const newest = monitor.windows.at(-1)?.[0];
  const [chosen, setChosen] = useState(newest ?? "before");
  const reset = useMutation(monitorMutations.resetBaseline(useQueryClient(), workspace, monitor.name));
  const windows = [...monitor.windows].reverse();
  const toReference = () => {
    if (chosen === DEFINED) return null;
    if (chosen === "before") return { rolling: 1 };
    return { window: windows.find(([from]) => from === chosen) as [string, string] };
  };
  return (
    <FormDialog
      title="Reset the baseline"
      submit="Reset"
      pending={reset.isPending}
      disabled={reason.trim() === ""}
      error={reset.error}
      onSubmit={() => reset.mutate({ reference: toReference(), reason }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Text size="sm">
        Open alerts are resolved with this reason, and history is evaluated again. The definition does not change.
      </Text>
      <NativeSelect
        label="Compare with"
        value={chosen}
        data={[
          ...(monitor.baseline
            ? [{ value: DEFINED, label: `as defined: ${describeReference(monitor.reference)}` }]
            : []),
          { value: "before", label: "the window before" },
          ...windows.map(([from, to]) => ({ value: from, label: describeReference({ window: [from, to] }) })),
        ]}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <Textarea
        label="Why"
        description="Shown to the next reader, and kept in the audit log."
        autosize
        minRows={2}
        required
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
