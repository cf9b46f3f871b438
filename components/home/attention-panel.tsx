import { Anchor, VisuallyHidden } from "@mantine/core";
import { IconActivityHeartbeat, IconBell, IconBiohazard, IconDropletExclamation, IconX } from "@tabler/icons-react";
import Link from "next/link";
import { TimeAgo } from "@/components/ui/time-ago";
import type { AttentionItem } from "@/lib/contracts/home";
import classes from "./home.module.css";
import { Nothing, Panel } from "./panel";

const KINDS = {
  drift: { icon: IconActivityHeartbeat, word: "Critical drift", color: "var(--tr-critical)" },
  leak: { icon: IconDropletExclamation, word: "Leak", color: "var(--tr-critical)" },
  alert: { icon: IconBell, word: "Alert", color: "var(--tr-critical)" },
  quarantine: { icon: IconBiohazard, word: "Quarantine", color: "var(--mantine-color-error)" },
  run: { icon: IconX, word: "Failed run", color: "var(--mantine-color-error)" },
};

export function AttentionPanel({ items }: { items: AttentionItem[] }) {
  return (
    <Panel title="Needs attention" count={items.length}>
      {items.length === 0 ? (
        <Nothing>
          No alert, no critical drift, no failed run in two weeks, no data in quarantine, and no model whose test score
          leaks.
        </Nothing>
      ) : (
        <ul className={classes.list}>
          {items.map((item) => {
            const { icon: Icon, word, color } = KINDS[item.kind];
            return (
              <li key={item.kind + item.href + item.title} className={classes.row}>
                <Icon size={16} stroke={1.8} color={color} className={classes.icon} aria-hidden="true" />
                <div>
                  <VisuallyHidden>{word}: </VisuallyHidden>
                  <Anchor component={Link} href={item.href} inherit className={classes.title}>
                    {item.title}
                  </Anchor>
                  <div className={classes.quiet}>{item.sentence}</div>
                </div>
                <span className={classes.time}>
                  <TimeAgo at={item.at} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
