import { Anchor, Text } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { TimeAgo } from "@/components/ui/time-ago";
import type { Experiment } from "@/lib/contracts/experiments";
import itemList from "@/components/ui/item-list.module.css";
import classes from "./experiments.module.css";
import { OutcomeBadge } from "./outcome-badge";

/** An experiment in a list: its outcome and what was learned can be read without opening it. */
export function ExperimentItem({ experiment, children }: { experiment: Experiment; children?: ReactNode }) {
  const { number, title, hypothesis, outcome, insight, owner, decidedAt, createdAt, features, stages } = experiment;
  const about = [...features, ...stages];
  return (
    <li className={itemList.item}>
      <div className={itemList.itemHead}>
        <Anchor component={Link} href={`/experiments/${number}`} className={itemList.itemTitle}>
          {title}
        </Anchor>
        <OutcomeBadge outcome={outcome} />
      </div>
      <div className={classes.quiet}>{hypothesis}</div>
      {outcome !== null && insight && (
        <div className={classes.insight} data-outcome={outcome}>
          {insight}
        </div>
      )}
      <Text size="xs" c="dimmed" component="div">
        #{number} · {owner} · {decidedAt ? "decided " : "written "}
        <TimeAgo at={decidedAt ?? createdAt} />
        {about.length > 0 && ` · about ${about.join(", ")}`}
      </Text>
      {children}
    </li>
  );
}
