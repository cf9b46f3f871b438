import { Anchor, Tooltip } from "@mantine/core";
import { IconBan, IconCheck, IconClock, IconLoader2, IconX } from "@tabler/icons-react";
import Link from "next/link";
import type { DeploymentRun } from "@/lib/contracts/deployments";
import classes from "./deployments.module.css";
import { JOB_TITLES } from "./job-words";

const ICONS = { queued: IconClock, running: IconLoader2, succeeded: IconCheck, failed: IconX, canceled: IconBan };

/** A run as a small mark that leads to it. */
export function RunMark({ run }: { run: DeploymentRun }) {
  const Icon = ICONS[run.state];
  const label = `${JOB_TITLES[run.kind]}: run ${run.number} ${run.state}`;
  return (
    <Tooltip label={label} withArrow>
      <Anchor
        component={Link}
        href={`/runs/${run.id}`}
        aria-label={label}
        className={classes.mark}
        data-state={run.state}
      >
        <Icon size={14} aria-hidden="true" />
      </Anchor>
    </Tooltip>
  );
}
