import { Anchor } from "@mantine/core";
import { IconGitPullRequest } from "@tabler/icons-react";
import Link from "next/link";
import { TimeAgo } from "@/components/ui/time-ago";
import type { Home } from "@/lib/contracts/home";
import classes from "./home.module.css";
import { Nothing, Panel } from "./panel";

export function WaitingPanel({ waiting }: { waiting: Home["waiting"] }) {
  return (
    <Panel title="Waiting for you" count={waiting.length}>
      {waiting.length === 0 ? (
        <Nothing>
          No change is waiting for your decision. Changes that you may decide appear here.{" "}
          <Anchor component={Link} href="/changes" inherit>
            See all changes
          </Anchor>
        </Nothing>
      ) : (
        <ul className={classes.list}>
          {waiting.map((change) => (
            <li key={change.number} className={classes.row}>
              <IconGitPullRequest size={16} stroke={1.6} className={classes.icon} aria-hidden="true" />
              <div>
                <Anchor component={Link} href={`/changes/${change.number}`} inherit className={classes.title}>
                  {change.title}
                </Anchor>
                <div className={classes.quiet}>
                  #{change.number} by {change.authorName}
                </div>
              </div>
              <span className={classes.time}>
                <TimeAgo at={change.openedAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
