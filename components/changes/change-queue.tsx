"use client";

import { Anchor, Badge, Tabs, Text } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { PagedItems } from "@/components/ui/paged-items";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { changeQueries } from "@/lib/client/changes";
import { CHANGE_VIEWS, type ChangeSummary } from "@/lib/contracts/changes";
import { PAGE_SIZE, queueParsers, VIEW_LABELS } from "./change-views";
import classes from "./changes.module.css";

const EMPTY: Record<(typeof CHANGE_VIEWS)[number], string> = {
  waiting: "No request needs your decision. Requests that you may approve and that still need approval appear here.",
  open: "No request is open. Propose a version that dev or staging serves for the next environment.",
  mine: "You have not opened any request yet.",
  ended: "No request has been applied, rejected or withdrawn yet.",
  all: "No request has been opened yet.",
};

/** The change requests of a workspace in tabs; which one stands in the URL. */
export function ChangeQueue({ workspace }: { workspace: string }) {
  const [{ view }, setState] = useQueryStates(queueParsers);
  const waiting = useQuery(changeQueries.list({ workspace, view: "waiting", limit: 1 }));
  return (
    <Tabs
      value={view}
      onChange={(value) => void setState({ view: value as typeof view }, { history: "push" })}
      keepMounted={false}
    >
      <Tabs.List mb="sm">
        {CHANGE_VIEWS.map((name) => (
          <Tabs.Tab
            key={name}
            value={name}
            rightSection={
              name === "waiting" && waiting.data && waiting.data.total > 0 ? (
                <Badge size="sm" variant="light" aria-label={`${waiting.data.total} waiting`}>
                  {waiting.data.total}
                </Badge>
              ) : null
            }
          >
            {VIEW_LABELS[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={view}>
        <Requests workspace={workspace} view={view} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Requests({ workspace, view }: { workspace: string; view: (typeof CHANGE_VIEWS)[number] }) {
  const pages = useInfiniteQuery({
    ...changeQueries.pages({ workspace, view, limit: PAGE_SIZE }),
    placeholderData: keepPreviousData,
  });
  return (
    <PagedItems
      query={pages}
      rowHeight={52}
      gap="sm"
      empty={<EmptyState title="No change requests">{EMPTY[view]}</EmptyState>}
    >
      {(items) => (
        <ul className={classes.queue}>
          {items.map((change) => (
            <Item key={change.id} change={change} />
          ))}
        </ul>
      )}
    </PagedItems>
  );
}

function Item({ change }: { change: ChangeSummary }) {
  const { number, title, environment, baseVersion, version, state, conflict, stale, needed, author, open } = change;
  return (
    <li className={classes.item}>
      <div>
        <Anchor component={Link} href={`/changes/${number}`} inherit className={classes.itemTitle}>
          #{number} {title}
        </Anchor>
        <div className={classes.quiet}>
          {open ? needed : null}
          {open && " · "}
          {change.mine ? "you" : author.name}, <TimeAgo at={change.endedAt ?? change.createdAt} />
        </div>
      </div>
      <div className={classes.badges}>
        {conflict && <StateBadge state="conflict" />}
        {stale && !conflict && <StateBadge state="stale" />}
        <Text size="sm" component="span" className="tr-number">
          {baseVersion === null ? "none" : `v${baseVersion}`} → v{version}
        </Text>
        <EnvironmentBadge environment={environment} />
        <StateBadge state={state} />
      </div>
    </li>
  );
}
