"use client";

import { ActionIcon, Badge, Popover, Text, UnstyledButton } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import Link from "next/link";
import type { FeatureSummary } from "@/lib/contracts/features";
import { describeScore } from "@/lib/domain/drift/drift-words";
import { shortScore } from "@/components/drift/drift-words";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { describePicture } from "@/lib/domain/profiles/describe-picture";
import { Sparkline } from "@/components/ui/sparkline";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import classes from "./features.module.css";
import { WhyHere } from "./why-here";

/** The cells of one feature. */
export function ResultRow({
  item,
  onPreview,
  isPreviewed,
}: {
  item: FeatureSummary;
  onPreview(): void;
  isPreviewed: boolean;
}) {
  const [highest] = item.pointers;
  return (
    <>
      <div role="cell" data-column="Feature" className={classes.name}>
        <div className={classes.nameLine}>
          <Link href={`/features/${item.name}`} className={classes.link}>
            {item.name}
          </Link>
          {item.deprecated && (
            <Badge size="xs" color="gray" variant="light" tt="none">
              deprecated
            </Badge>
          )}
          {item.leak === "leak" && <StateBadge state="leak" />}
          {item.sensitivity !== "none" && (
            <Badge size="xs" color="gray" variant="outline" tt="none">
              {item.sensitivity}
            </Badge>
          )}
          {item.why && (
            <Popover width={280} position="bottom-start" withinPortal>
              <Popover.Target>
                <UnstyledButton className={classes.why} aria-label={`Why ${item.name} is here`}>
                  why?
                </UnstyledButton>
              </Popover.Target>
              <Popover.Dropdown>
                <WhyHere why={item.why} item={item} />
              </Popover.Dropdown>
            </Popover>
          )}
        </div>
        <div className={classes.description}>
          {item.description || (item.documented ? "" : <em>No description yet.</em>)}
        </div>
        <div className={classes.meta}>
          {item.owner && <span>{item.owner}</span>}
          {item.tags.length > 0 && <span>{item.tags.join(" · ")}</span>}
        </div>
      </div>
      <div role="cell" data-column="Type">
        {item.type}
      </div>
      <div role="cell" data-column="Serves">
        {highest ? (
          <EnvironmentBadge environment={highest.environment} version={highest.version} />
        ) : (
          <Text span size="xs" c="dimmed">
            nowhere
          </Text>
        )}
      </div>
      <div role="cell" data-column="Distribution">
        {item.sparkline.length > 0 && (
          <span title={item.picture ? describePicture(item.picture) : undefined}>
            <Sparkline
              counts={item.sparkline}
              label={`Distribution of ${item.name}${item.picture ? `: ${describePicture(item.picture)}` : ""}`}
            />
          </span>
        )}
      </div>
      <div role="cell" data-column="Drift" className="tr-number">
        <DriftCell drift={item.drift} />
      </div>
      <div role="cell" data-column="Used by" className="tr-number" title={item.usedBy.join(", ") || undefined}>
        {item.consumers === 0 ? (
          <Text span c="dimmed">
            –
          </Text>
        ) : (
          item.consumers
        )}
      </div>
      <div role="cell" data-column="Fresh" className={classes.fresh}>
        <span>{item.lastComputed ? <TimeAgo at={item.lastComputed} /> : "never"}</span>
        <ActionIcon
          variant={isPreviewed ? "light" : "subtle"}
          color="gray"
          size="sm"
          className={classes.eye}
          aria-label={`${isPreviewed ? "Close preview of" : "Preview"} ${item.name}`}
          aria-pressed={isPreviewed}
          onClick={onPreview}
        >
          {isPreviewed ? <IconEyeOff size={14} /> : <IconEye size={14} />}
        </ActionIcon>
      </div>
    </>
  );
}

function DriftCell({ drift }: Pick<FeatureSummary, "drift">) {
  const { state, metric, score } = drift ?? { state: null, metric: null, score: null };
  return (
    <span title={score === null ? undefined : describeScore(metric, score)}>
      {state !== null && state !== "fine" ? (
        <StateBadge state={state} />
      ) : (
        <Text span size="sm" c="dimmed">
          {score === null ? "–" : shortScore(metric, score)}
        </Text>
      )}
    </span>
  );
}
