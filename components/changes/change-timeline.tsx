import { Text } from "@mantine/core";
import {
  IconCheck,
  IconFlag,
  IconGitBranch,
  IconGitPullRequest,
  IconMessage,
  IconPencil,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { TimeAgo } from "@/components/ui/time-ago";
import type { Change } from "@/lib/contracts/changes";
import classes from "./changes.module.css";

interface Entry {
  key: string;
  at: string;
  icon: ComponentType<{ size?: number }>;
  who: string | null;
  did: string;
  comment?: string;
  stale?: boolean;
}

const DECISIONS = {
  approve: { icon: IconCheck, did: "approved" },
  request_changes: { icon: IconPencil, did: "asked for changes in" },
  reject: { icon: IconX, did: "rejected" },
  comment: { icon: IconMessage, did: "commented on" },
} as const;

/** Who did what, oldest first. */
export function ChangeTimeline({ change }: { change: Change }) {
  return (
    <ol className={classes.timeline}>
      {entriesOf(change).map(({ key, at, icon: Icon, who, did, comment, stale }) => (
        <li key={key} className={classes.entry}>
          <span className={classes.dot} aria-hidden="true">
            <Icon size={12} />
          </span>
          {who && <strong>{who}</strong>} <span className={stale ? classes.stale : undefined}>{did}</span>
          {stale && " (no longer counts)"}{" "}
          <Text span size="xs" c="dimmed">
            <TimeAgo at={at} />
          </Text>
          {comment && <div className={classes.comment}>{comment}</div>}
        </li>
      ))}
    </ol>
  );
}

function entriesOf(change: Change): Entry[] {
  const revisions = change.revisions.map((revision): Entry => {
    const from = revision.baseVersion === null ? "no version" : `v${revision.baseVersion}`;
    return {
      key: `revision ${revision.number}`,
      at: revision.createdAt,
      icon: revision.number === 1 ? IconGitPullRequest : IconGitBranch,
      who: revision.editor.name,
      did:
        revision.number === 1
          ? `opened the request to move ${change.environment} from ${from} to v${revision.version}`
          : `rebased it onto ${from} as revision ${revision.number}`,
    };
  });
  const reviews = change.reviews.map((review): Entry => ({
    key: review.id,
    at: review.createdAt,
    icon: DECISIONS[review.decision].icon,
    who: review.reviewer.name,
    did: `${DECISIONS[review.decision].did} revision ${review.revision}`,
    comment: review.comment,
    stale: review.stale && review.decision !== "comment",
  }));
  const end: Entry[] = change.endedAt
    ? [
        {
          key: "end",
          at: change.endedAt,
          icon: IconFlag,
          who: null,
          did: `The request was ${change.state.replaceAll("_", " ")}`,
        },
      ]
    : [];
  return [...revisions, ...reviews].sort((one, other) => (one.at < other.at ? -1 : 1)).concat(end);
}
