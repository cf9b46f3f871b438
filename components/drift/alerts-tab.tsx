"use client";

import { Anchor, Button, Group, NativeSelect, Skeleton, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { saveCsv } from "@/components/ui/save-file";
import { fetchAlerts, monitorQueries } from "@/lib/client/monitors";
import type { AlertEntry } from "@/lib/contracts/monitors";
import { alertsCsv } from "./alerts-csv";
import { shortSeverity } from "./drift-words";
import { HandleAlert } from "./handle-alert";
import classes from "./drift.module.css";

const STATES = ["live", "open", "acknowledged", "snoozed", "resolved", "all"] as const;
const WORDS = { acknowledge: "Acknowledge", snooze: "Snooze", resolve: "Resolve" } as const;

/** What continuous training did about an alert. */
const EVENT_WORDS: Record<string, string> = {
  fit_started: "started a fit",
  fit_skipped: "started no fit",
  fit_failed: "saw the fit end without a model",
  fit_unchanged: "saw the fit change nothing",
  fit_proposed: "proposed the new model",
  fit_not_proposed: "could not propose the new model",
};

/** What drifted and who cares for it. */
export function AlertsTab({ workspace }: { workspace: string }) {
  const [state, setState] = useQueryState("alerts", parseAsStringLiteral(STATES).withDefault("live"));
  const [handled, handle] = useState<{ alert: AlertEntry; action: AlertEntry["actions"][number] } | null>(null);
  const { data, error, refetch } = useQuery(monitorQueries.alerts({ workspace, state }));
  const save = useMutation({
    mutationFn: async () => saveCsv(`alerts-${state}`, alertsCsv(await fetchAlerts({ workspace, state }))),
  });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <>
      <Group gap="sm" mb="md" align="end">
        <NativeSelect
          label="State"
          size="xs"
          w={160}
          value={state}
          onChange={(event) => void setState(event.currentTarget.value as typeof state)}
          data={STATES.map((value) => ({ value, label: value === "live" ? "not resolved" : value }))}
        />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          CSV
        </Button>
      </Group>
      {!data && <Skeleton height={200} />}
      {data?.items.length === 0 && (
        <EmptyState title={state === "live" ? "No open alerts" : "No alert matches"}>
          {state === "live"
            ? "Every monitored feature is within its thresholds, or its alert was handled."
            : "Choose another state to see others."}
        </EmptyState>
      )}
      <ul className={classes.alerts}>
        {data?.items.map((alert) => (
          <li key={alert.number} className={classes.alert}>
            <Group gap="xs">
              <StateBadge state={alert.level} />
              <StateBadge state={alert.state} />
              <Anchor
                component={Link}
                href={isConcept(alert) ? alert.picture : `/features/${alert.feature}?tab=drift`}
                fw={500}
              >
                {alert.feature}
              </Anchor>
              <Text size="sm" c="dimmed">
                #{alert.number} by{" "}
                <Anchor
                  component={Link}
                  inherit
                  href={
                    isConcept(alert) || alert.about === "view"
                      ? alert.picture
                      : `/drift?view=monitors&monitor=${alert.monitor}`
                  }
                >
                  {alert.monitor}
                </Anchor>
                , {alert.windows === 1 ? "one window" : `${alert.windows} windows`} since {alert.firstFrom.slice(0, 10)}
                , opened <TimeAgo at={alert.openedAt} />
                {alert.worst !== null && `, severity up to ${shortSeverity(alert.worst)}`}
                {alert.snoozedUntil && `, snoozed until ${alert.snoozedUntil.slice(0, 10)}`}
              </Text>
            </Group>
            <Text size="sm" mt={4} maw="85ch">
              {alert.explanation}
            </Text>
            <History alert={alert} />
            <Group gap="xs" mt="xs">
              <Button size="compact-xs" variant="default" component={Link} href={alert.picture}>
                {isConcept(alert) ? "See the metric over time" : "See why"}
              </Button>
              {alert.actions.map((action) => (
                <Button key={action} size="compact-xs" variant="default" onClick={() => handle({ alert, action })}>
                  {WORDS[action]}
                  <span className={classes.hidden}> alert {alert.number}</span>
                </Button>
              ))}
            </Group>
          </li>
        ))}
      </ul>
      {data && data.total > data.items.length && (
        <Text size="sm" c="dimmed">
          {data.items.length} of {data.total} alerts
        </Text>
      )}
      {handled && <HandleAlert workspace={workspace} {...handled} onClose={() => handle(null)} />}
    </>
  );
}

const isConcept = ({ picture }: AlertEntry) => picture.includes("view=concept");

/** What people said; what the monitor said stands in the explanation. */
function History({ alert }: { alert: AlertEntry }) {
  const said = alert.events.filter(({ action }) => action !== "opened" && action !== "updated");
  if (said.length === 0) return null;
  return (
    <ul className={classes.history}>
      {said.map((event) => (
        <li key={event.at}>
          {event.actor} {EVENT_WORDS[event.action] ?? event.action} <TimeAgo at={event.at} />
          {event.comment && `: ${event.comment}`}
        </li>
      ))}
    </ul>
  );
}
