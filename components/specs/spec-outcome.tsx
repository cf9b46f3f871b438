"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { specMutations } from "@/lib/client/specs";
import type { SpecPlan } from "@/lib/contracts/specs";
import { SpecDifferences } from "./spec-differences";
import { SpecIssues } from "./spec-issues";
import type { PlannedDocuments } from "./use-spec-plan";

/** What applying documents would do, and the step itself. What is applied is what was shown. */
export function SpecOutcome({
  workspace,
  planned: { documents, plan, error: wrong, isOld },
  issuesId,
  mayApply = true,
  several = false,
  onLine,
  children,
}: {
  workspace: string;
  planned: PlannedDocuments;
  issuesId: string;
  /** Who may not can still write, check and copy. */
  mayApply?: boolean;
  /** Whether the documents stand in several files. */
  several?: boolean;
  onLine(file: string | undefined, line: number): void;
  /** What comes next, once it is applied. */
  children(applied: SpecPlan): ReactNode;
}) {
  const apply = useMutation(specMutations.apply(useQueryClient()));
  // Whoever goes on writing sees again what applying would do.
  if (apply.data && apply.variables.documents === documents)
    return (
      <Alert color="green" title="Applied" role="status">
        <SpecDifferences differences={apply.data.differences} applied />
        {children(apply.data)}
      </Alert>
    );
  const error = wrong ?? apply.error;
  return (
    <Stack gap="sm">
      {isOld && (
        <Text size="sm" c="dimmed" role="status">
          Checking…
        </Text>
      )}
      {error && !isOld && <SpecIssues id={issuesId} error={error} several={several} onLine={onLine} />}
      {plan && !wrong && !isOld && <Planned plan={plan} />}
      <Button
        w="fit-content"
        loading={apply.isPending}
        disabled={!mayApply || isOld || wrong !== null || !plan || plan.differences.length === 0}
        onClick={() => plan && apply.mutate({ workspace, documents, prune: false, expected: plan.digest })}
      >
        Apply
      </Button>
      {!mayApply && (
        <Text size="sm" c="dimmed">
          You may check documents here, and not apply them: that takes the role author in {workspace}.
        </Text>
      )}
    </Stack>
  );
}

function Planned({ plan: { differences, newGroups, warnings } }: { plan: SpecPlan }) {
  return (
    <>
      <Text size="sm" role="status">
        {differences.length === 0
          ? "The workspace has exactly this already."
          : `Applying changes ${differences.length === 1 ? "one object" : `${differences.length} objects`}:`}
      </Text>
      <SpecDifferences differences={differences} applied={false} />
      {newGroups.length > 0 && (
        <Text size="sm">
          Owners that are neither a group nor a person: {newGroups.join(", ")}. Applying makes groups of these names,
          without members.
        </Text>
      )}
      {warnings.length > 0 && (
        <Alert color="yellow" title="Worth a look">
          {warnings.map(({ file, line, message }, index) => (
            <Text key={index} size="sm">
              {line !== undefined && `${file === undefined ? "" : `${file}, `}line ${line}: `}
              {message}
            </Text>
          ))}
        </Alert>
      )}
    </>
  );
}
