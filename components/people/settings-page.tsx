"use client";

import { Tabs } from "@mantine/core";
import { IconBell, IconKey, IconUsers } from "@tabler/icons-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { NotificationsPanel } from "@/components/notifications/notifications-panel";
import { TokensPanel } from "@/components/tokens/tokens-panel";
import { EmptyState } from "@/components/ui/empty-state";
import { can, PERMISSIONS } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { PeoplePanel } from "./people-panel";

const TABS = ["tokens", "people", "notifications"] as const;

export function SettingsPage({ workspace, roles, me }: { workspace: string; roles: Role[]; me: string }) {
  const manages = can(roles, "token:manage");
  const [tab, setTab] = useQueryState("tab", parseAsStringLiteral(TABS).withDefault(manages ? "tokens" : "people"));
  return (
    <Tabs value={tab} onChange={(value) => void setTab(value as (typeof TABS)[number])} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="tokens" leftSection={<IconKey size={16} stroke={1.6} />}>
          Tokens
        </Tabs.Tab>
        <Tabs.Tab value="people" leftSection={<IconUsers size={16} stroke={1.6} />}>
          People
        </Tabs.Tab>
        <Tabs.Tab value="notifications" leftSection={<IconBell size={16} stroke={1.6} />}>
          Notifications
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="tokens">
        {manages ? (
          <TokensPanel workspace={workspace} />
        ) : (
          <EmptyState title="You may not manage tokens">
            API tokens need the role {PERMISSIONS["token:manage"].join(" or ")}; you have {roles.join(", ")}. Ask one of
            the people with that role for a token.
          </EmptyState>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="people">
        <PeoplePanel workspace={workspace} me={me} />
      </Tabs.Panel>
      <Tabs.Panel value="notifications">
        {can(roles, "channel:manage") ? (
          <NotificationsPanel workspace={workspace} />
        ) : (
          <EmptyState title="You may not manage notification channels">
            Notification channels need the role {PERMISSIONS["channel:manage"].join(" or ")}; you have{" "}
            {roles.join(", ")}. Ask one of the people with that role to have somebody told.
          </EmptyState>
        )}
      </Tabs.Panel>
    </Tabs>
  );
}
