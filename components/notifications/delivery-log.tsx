"use client";

import { Alert, Button, Drawer, Group, NativeSelect, Text } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedItems } from "@/components/ui/paged-items";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { channelMutations, channelQueries } from "@/lib/client/notifications";
import type { Delivery, NotificationChannel } from "@/lib/contracts/notifications";
import classes from "./notifications.module.css";

const STATES = ["all", "pending", "sent", "failed"] as const;

/** Every message of a channel with how its delivery goes, and the way to send it once more. */
export function DeliveryLog({
  workspace,
  channel: { name, active },
  onClose,
}: {
  workspace: string;
  channel: NotificationChannel;
  onClose: () => void;
}) {
  const [state, setState] = useQueryState("deliveries", parseAsStringLiteral(STATES).withDefault("all"));
  const query = useInfiniteQuery(channelQueries.deliveries(workspace, name, state));
  const redeliver = useMutation(channelMutations.redeliver(useQueryClient(), workspace, name));
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={`Deliveries of ${name}`}
      closeButtonProps={{ "aria-label": "Close the delivery log" }}
    >
      <NativeSelect
        label="State"
        size="xs"
        w={160}
        mb="md"
        value={state}
        onChange={(event) => void setState(event.currentTarget.value as typeof state)}
        data={STATES.map((value) => ({ value, label: value === "pending" ? "waiting" : value }))}
      />
      {redeliver.error && (
        <Alert color="red" role="alert" mb="md">
          {redeliver.error.message}
        </Alert>
      )}
      <PagedItems
        query={query}
        rowHeight={60}
        empty={
          <EmptyState title={state === "all" ? "Nothing was sent yet" : "No such message"}>
            {state === "all"
              ? "Messages appear here when an event occurs that the channel is notified of. Send a test to check that it works."
              : "Choose another state to see others."}
          </EmptyState>
        }
      >
        {(deliveries) => (
          <ul className={classes.deliveries}>
            {deliveries.map((delivery) => (
              <li key={delivery.id} className={classes.delivery}>
                <Message delivery={delivery} />
                <Button
                  size="compact-xs"
                  variant="default"
                  mt="xs"
                  disabled={!active}
                  loading={redeliver.isPending && redeliver.variables === delivery.id}
                  onClick={() => redeliver.mutate(delivery.id)}
                  aria-label={`Send the message about ${delivery.object} again`}
                >
                  {delivery.state === "pending" ? "Try now" : "Send again"}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </PagedItems>
    </Drawer>
  );
}

function Message({ delivery }: { delivery: Delivery }) {
  const { state, attempts, event, object, createdAt, sentAt, nextAttemptAt, lastError } = delivery;
  return (
    <>
      <Group gap="xs">
        <StateBadge state={state} />
        <Text size="sm" fw={500}>
          {event}
        </Text>
        <Text size="sm" c="dimmed">
          {object}, <TimeAgo at={createdAt} />
        </Text>
      </Group>
      <Text size="sm" mt={4} className={classes.words}>
        {delivery.summary}
      </Text>
      <Text size="sm" c="dimmed" className={classes.words}>
        {sentAt && (
          <>
            Delivered <TimeAgo at={sentAt} />
          </>
        )}
        {!sentAt && nextAttemptAt && attempts > 0 && (
          <>
            Next attempt <TimeAgo at={nextAttemptAt} />
          </>
        )}
        {!sentAt && !nextAttemptAt && "Given up"}
        {!sentAt && nextAttemptAt && attempts === 0 && "Waits for its first attempt"}
        {attempts > 0 && `, ${attempts === 1 ? "one attempt" : `${attempts} attempts`}`}, to {delivery.target}
      </Text>
      {lastError && (
        <Text size="sm" c="red" className={classes.words}>
          {lastError}
        </Text>
      )}
    </>
  );
}
