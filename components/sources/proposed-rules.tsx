import { Drawer, Skeleton, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { ErrorState } from "@/components/ui/error-state";

/** Rules that profiled data keep, as YAML to put into a spec. */
export function ProposedRules({
  opened,
  onClose,
  error,
  proposal,
  unprofiled,
  note,
}: {
  opened: boolean;
  onClose: () => void;
  error: Error | null;
  /** Undefined while it is loaded; without a version when nothing was profiled. */
  proposal: { version: number | null; yaml: string } | undefined;
  /** What to do where nothing was profiled. */
  unprofiled: ReactNode;
  note: ReactNode;
}) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="lg"
      title="Proposed rules"
      closeButtonProps={{ "aria-label": "Close the proposal" }}
    >
      {error && <ErrorState error={error} />}
      {!proposal && !error && <Skeleton height={240} />}
      {proposal?.version === null && <Text size="sm">{unprofiled}</Text>}
      {proposal && proposal.version !== null && (
        <>
          <Text size="sm" mb="sm">
            {note}
          </Text>
          <CodeBlock code={proposal.yaml} label="rules" />
        </>
      )}
    </Drawer>
  );
}
