"use client";

import { Alert, Button, Group, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import type { Change } from "@/lib/contracts/changes";
import { subjectOf } from "./change-views";
import { useChangeStep } from "./use-change-step";

/** What moves the request on: apply, rebase, withdraw, roll back. A step that is not possible says why. */
export function ChangeActions({ workspace, change }: { workspace: string; change: Change }) {
  const router = useRouter();
  const step = useChangeStep(workspace, change.number);
  const { apply, rebase, withdraw } = change.can;
  if (!change.open) {
    const { baseVersion, environment } = change;
    const { kind, name } = subjectOf(change);
    if (change.state !== "applied" || baseVersion === null || change.pointerVersion !== change.version) return null;
    const query = new URLSearchParams({ [kind]: name, environment, version: String(baseVersion) });
    return (
      <Button variant="default" onClick={() => router.push(`/changes/new?${query.toString()}`)}>
        Roll back to v{baseVersion} …
      </Button>
    );
  }
  return (
    <section aria-label="Apply">
      {step.error && (
        <Alert color="red" mb="sm" role="alert" withCloseButton onClose={() => step.reset()}>
          {step.error.message}
        </Alert>
      )}
      <Group gap="sm">
        {change.conflict ? (
          <Button disabled={!rebase.allowed} loading={step.isPending} onClick={() => step.mutate({ step: "rebase" })}>
            Rebase
          </Button>
        ) : (
          <Button disabled={!apply.allowed} loading={step.isPending} onClick={() => step.mutate({ step: "apply" })}>
            Apply to {change.environment}
          </Button>
        )}
        {withdraw.allowed && (
          <Button variant="default" loading={step.isPending} onClick={() => step.mutate({ step: "withdraw" })}>
            Withdraw
          </Button>
        )}
      </Group>
      {change.conflict && !rebase.allowed && (
        <Text size="sm" c="dimmed" mt={4}>
          {rebase.reason}
        </Text>
      )}
    </section>
  );
}
