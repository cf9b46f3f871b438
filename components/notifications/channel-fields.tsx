"use client";

import { Alert, Checkbox, SimpleGrid, Select, TextInput } from "@mantine/core";
import { ApiError } from "@/lib/client/api";
import type { NotificationChannel } from "@/lib/contracts/notifications";
import { CHANNEL_EVENT_NAMES, CHANNEL_EVENTS, type ChannelEvent } from "@/lib/domain/notifications/channel-events";

/** What of a channel can be changed after it was made. */
export type ChannelInput = Pick<NotificationChannel, "target" | "format" | "events">;

/** What is wrong with one field, and whether anything else is. */
export function issuesOf(error: Error | null) {
  const issues = error instanceof ApiError ? (error.problem.issues ?? []) : [];
  return {
    of: (field: string) => issues.find(({ path }) => path[0] === field)?.message,
    rest: error && issues.length === 0 ? error : null,
  };
}

export function ChannelFields({
  kind,
  value,
  onChange,
  error,
}: {
  kind: NotificationChannel["kind"];
  value: ChannelInput;
  onChange: (value: ChannelInput) => void;
  error: Error | null;
}) {
  const issues = issuesOf(error);
  return (
    <>
      {issues.rest && (
        <Alert color="red" role="alert">
          {issues.rest.message}
        </Alert>
      )}
      <TextInput
        label={kind === "email" ? "Addresses" : "Address"}
        description={
          kind === "email" ? "Separated by commas; each gets its own mail." : "Every event is posted there, signed."
        }
        placeholder={kind === "email" ? "ann@example.com, bob@example.com" : "https://example.com/hooks/tributary"}
        value={value.target}
        onChange={(event) => onChange({ ...value, target: event.currentTarget.value })}
        error={issues.of("target")}
        required
        withAsterisk={false}
      />
      {kind === "webhook" && (
        <Select
          label="Body"
          data={[
            { value: "tributary", label: "JSON as documented" },
            { value: "slack", label: "a message for Slack or Mattermost" },
          ]}
          value={value.format}
          onChange={(format) => onChange({ ...value, format: format === "slack" ? "slack" : "tributary" })}
          allowDeselect={false}
        />
      )}
      <Checkbox.Group
        label="Notify on"
        value={value.events}
        onChange={(events) => onChange({ ...value, events: events as ChannelEvent[] })}
        error={issues.of("events")}
      >
        <SimpleGrid cols={1} spacing={6} mt={4}>
          {CHANNEL_EVENT_NAMES.map((event) => (
            <Checkbox key={event} value={event} label={CHANNEL_EVENTS[event]} description={event} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
    </>
  );
}
