"use client";

import { ActionIcon, Badge, Button, Group, Menu, Table, Text, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBrandSlack, IconDotsVertical, IconMail, IconWebhook } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { channelMutations } from "@/lib/client/notifications";
import type { NotificationChannel } from "@/lib/contracts/notifications";
import { CHANNEL_EVENTS } from "@/lib/domain/notifications/channel-events";
import { EditChannelDialog } from "./edit-channel-dialog";
import { RemoveChannelDialog } from "./remove-channel-dialog";
import { RotateSecretDialog } from "./rotate-secret-dialog";
import { ActionsHeading } from "@/components/ui/actions-heading";

type Asked = { about: "edit" | "rotate" | "remove"; channel: NotificationChannel };

export function ChannelTable({
  workspace,
  channels,
  onShowLog,
}: {
  workspace: string;
  channels: NotificationChannel[];
  onShowLog: (name: string) => void;
}) {
  const [asked, ask] = useState<Asked | null>(null);
  const close = () => ask(null);
  return (
    <>
      <WideTable label="Notification channels" minWidth={860}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Channel</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Notified on</Table.Th>
              <Table.Th>Last delivered</Table.Th>
              <ActionsHeading />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {channels.map((channel) => (
              <Table.Tr key={channel.name}>
                <Table.Td maw={340}>
                  <Group gap={6} wrap="nowrap">
                    <KindIcon channel={channel} />
                    <Text fw={600}>{channel.name}</Text>
                  </Group>
                  <Text size="sm" c="dimmed" truncate title={channel.target}>
                    {channel.target}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Group gap={6}>
                    <StateBadge state={channel.active ? "active" : "paused"} />
                    {channel.waiting > 0 && <Text size="sm">{channel.waiting} waiting</Text>}
                    {channel.failed > 0 && (
                      <Text size="sm" c="red">
                        {channel.failed} failed
                      </Text>
                    )}
                  </Group>
                  {channel.lastError && (
                    <Text size="sm" c="dimmed" lineClamp={2} maw={260} title={channel.lastError}>
                      {channel.lastError}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Group gap={4} maw={260}>
                    {channel.events.map((event) => (
                      <Tooltip key={event} label={`Notified when ${CHANNEL_EVENTS[event]}`}>
                        <Badge variant="default" tt="none" fw={400}>
                          {event}
                        </Badge>
                      </Tooltip>
                    ))}
                  </Group>
                </Table.Td>
                <Table.Td>{channel.lastSentAt ? <TimeAgo at={channel.lastSentAt} /> : "never"}</Table.Td>
                <Table.Td>
                  <Actions workspace={workspace} channel={channel} onAsk={ask} onShowLog={onShowLog} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {asked?.about === "edit" && <EditChannelDialog workspace={workspace} channel={asked.channel} onClose={close} />}
      {asked?.about === "rotate" && (
        <RotateSecretDialog workspace={workspace} name={asked.channel.name} onClose={close} />
      )}
      {asked?.about === "remove" && (
        <RemoveChannelDialog workspace={workspace} channel={asked.channel} onClose={close} />
      )}
    </>
  );
}

function KindIcon({ channel: { kind, format } }: { channel: NotificationChannel }) {
  const [Icon, label] =
    kind === "email"
      ? [IconMail, "E-mail"]
      : format === "slack"
        ? [IconBrandSlack, "Slack message"]
        : [IconWebhook, "Webhook"];
  return (
    <Tooltip label={label}>
      <Icon size={16} stroke={1.6} role="img" aria-label={label} style={{ flexShrink: 0 }} />
    </Tooltip>
  );
}

function Actions({
  workspace,
  channel,
  onAsk,
  onShowLog,
}: {
  workspace: string;
  channel: NotificationChannel;
  onAsk: (asked: Asked) => void;
  onShowLog: (name: string) => void;
}) {
  const { name, active, kind } = channel;
  const client = useQueryClient();
  const complain = (error: Error) => notifications.show({ message: error.message, color: "red" });
  const update = useMutation({ ...channelMutations.update(client, workspace, name), onError: complain });
  const test = useMutation({
    ...channelMutations.test(client, workspace, name),
    onError: complain,
    onSuccess: () => onShowLog(name),
  });
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        loading={test.isPending}
        disabled={!active}
        onClick={() => test.mutate()}
        aria-label={`Send a test to ${name}`}
      >
        Test
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => onShowLog(name)}
        aria-label={`Delivery log of ${name}`}
      >
        Log
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={26} aria-label={`More of ${name}`}>
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onAsk({ about: "edit", channel })}>Edit</Menu.Item>
          <Menu.Item onClick={() => update.mutate({ active: !active })}>{active ? "Pause" : "Resume"}</Menu.Item>
          {kind === "webhook" && <Menu.Item onClick={() => onAsk({ about: "rotate", channel })}>New secret</Menu.Item>}
          <Menu.Item color="red" onClick={() => onAsk({ about: "remove", channel })}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
