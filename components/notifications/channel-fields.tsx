"use client";

import { Checkbox, SimpleGrid, Select, TextInput } from "@mantine/core";
import { issueOf } from "@/components/ui/issues";
import type { NotificationChannel } from "@/lib/contracts/notifications";
import { CHANNEL_EVENT_NAMES, CHANNEL_EVENTS, type ChannelEvent } from "@/lib/domain/notifications/channel-events";

/** What of a channel can be changed after it was made. */
export type ChannelInput = Pick<NotificationChannel, "target" | "format" | "events">;

/** Names of the fields, which say themselves what is wrong with them. */
export const CHANNEL_FIELDS = ["name", "target", "events"] as const;

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
  return (
    <>
      <TextInput
        label={kind === "email" ? "Addresses" : "Address"}
        description={
          kind === "email" ? "Separated by commas; each gets its own mail." : "Every event is posted there, signed."
        }
        placeholder={kind === "email" ? "ann@example.com, bob@example.com" : "https://example.com/hooks/tributary"}
        value={value.target}
        onChange={(event) => onChange({ ...value, target: event.currentTarget.value })}
        error={issueOf(error, "target")}
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
        error={issueOf(error, "events")}
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
