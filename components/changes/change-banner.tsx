import { Alert } from "@mantine/core";
import { IconAlertTriangle, IconLock, IconRefreshAlert } from "@tabler/icons-react";
import { Sentence } from "@/components/ui/sentence";
import type { Change } from "@/lib/contracts/changes";

/** Appears at once when the request is in conflict, when decisions were for an earlier revision, or when a check blocks it. */
export function ChangeBanner({ change }: { change: Change }) {
  if (change.conflict)
    return (
      <Alert color="orange" icon={<IconAlertTriangle />} title="In conflict" mb="md" role="alert">
        {change.environment} moved to {change.pointerVersion === null ? "no version" : `v${change.pointerVersion}`}{" "}
        since revision {change.revision}, which was made on{" "}
        {change.baseVersion === null ? "no version" : `v${change.baseVersion}`}. Rebase it, so that reviewers see what
        would change now.
      </Alert>
    );
  if (change.stale)
    return (
      <Alert color="yellow" icon={<IconRefreshAlert />} title="Stale decisions" mb="md">
        The request changed after somebody decided. Decisions on earlier revisions no longer count.
      </Alert>
    );
  const blocking = change.open && change.checks.find(({ grade, passed }) => grade === "hard" && !passed);
  if (blocking)
    return (
      <Alert color="orange" icon={<IconLock />} title={`The check ${blocking.name} must pass`} mb="md">
        <Sentence text={blocking.sentence} />
      </Alert>
    );
  return null;
}
