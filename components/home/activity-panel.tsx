import { Anchor } from "@mantine/core";
import Link from "next/link";
import { TimeAgo } from "@/components/ui/time-ago";
import type { HomeActivity } from "@/lib/contracts/home";
import classes from "./home.module.css";
import { Nothing, Panel } from "./panel";

export function ActivityPanel({ activity }: { activity: HomeActivity[] }) {
  return (
    <Panel title="Recent activity">
      {activity.length === 0 ? (
        <Nothing>No activity yet. Apply specs or start a run to see it here.</Nothing>
      ) : (
        <ul className={classes.list}>
          {activity.map((event) => (
            <li key={event.sequence} className={classes.row}>
              <div>
                {event.actor} {event.did}{" "}
                {event.href ? (
                  <Anchor component={Link} href={event.href} inherit underline="always">
                    {event.object}
                  </Anchor>
                ) : (
                  event.object
                )}
              </div>
              <span className={classes.time}>
                <TimeAgo at={event.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
