"use client";

import { Tabs } from "@mantine/core";
import { IconBell, IconDatabase, IconKey, IconStack2, IconUser, IconUsers, IconUsersGroup } from "@tabler/icons-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { ConnectionsPanel } from "@/components/connections/connections-panel";
import { NotificationsPanel } from "@/components/notifications/notifications-panel";
import { TokensPanel } from "@/components/tokens/tokens-panel";
import { EmptyState } from "@/components/ui/empty-state";
import { can, PERMISSIONS } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { AccountPanel } from "./account-panel";
import { GroupsPanel } from "./groups-panel";
import { PeoplePanel } from "./people-panel";
import { WorkspacesPanel } from "./workspaces-panel";

const TABS = ["tokens", "people", "groups", "workspaces", "notifications", "connections", "account"] as const;

export function SettingsPage({
  workspace,
  roles,
  me,
  email,
  mayCreateWorkspace,
}: {
  workspace: string;
  roles: Role[];
  /** Id of who looks. */
  me: string;
  email: string;
  mayCreateWorkspace: boolean;
}) {
  const manages = can(roles, "token:manage");
  const [tab, setTab] = useQueryState("tab", parseAsStringLiteral(TABS).withDefault(manages ? "tokens" : "people"));
  return (
    <Tabs value={tab} onChange={(value) => void setTab(value as (typeof TABS)[number])} keepMounted={false}>
      <Tabs.List mb="md" style={{ overflowX: "auto", flexWrap: "nowrap" }}>
        <Tabs.Tab value="tokens" leftSection={<IconKey size={16} stroke={1.6} />}>
          Tokens
        </Tabs.Tab>
        <Tabs.Tab value="people" leftSection={<IconUsers size={16} stroke={1.6} />}>
          People
        </Tabs.Tab>
        <Tabs.Tab value="groups" leftSection={<IconUsersGroup size={16} stroke={1.6} />}>
          Groups
        </Tabs.Tab>
        <Tabs.Tab value="workspaces" leftSection={<IconStack2 size={16} stroke={1.6} />}>
          Workspaces
        </Tabs.Tab>
        <Tabs.Tab value="notifications" leftSection={<IconBell size={16} stroke={1.6} />}>
          Notifications
        </Tabs.Tab>
        <Tabs.Tab value="connections" leftSection={<IconDatabase size={16} stroke={1.6} />}>
          Connections
        </Tabs.Tab>
        <Tabs.Tab value="account" leftSection={<IconUser size={16} stroke={1.6} />}>
          Your account
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
        <PeoplePanel workspace={workspace} me={me} manages={can(roles, "member:manage")} />
      </Tabs.Panel>
      <Tabs.Panel value="groups">
        <GroupsPanel workspace={workspace} manages={can(roles, "member:manage")} />
      </Tabs.Panel>
      <Tabs.Panel value="workspaces">
        <WorkspacesPanel workspace={workspace} mayCreate={mayCreateWorkspace} />
      </Tabs.Panel>
      <Tabs.Panel value="connections">
        {can(roles, "connection:read") ? (
          <ConnectionsPanel workspace={workspace} manages={can(roles, "connection:manage")} />
        ) : (
          <EmptyState title="You may not see connections">
            Connections to databases need the role {PERMISSIONS["connection:read"].join(" or ")}; you have{" "}
            {roles.join(", ")}. Ask someone with that role what the workspace can read.
          </EmptyState>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="account">
        <AccountPanel email={email} />
      </Tabs.Panel>
      <Tabs.Panel value="notifications">
        {can(roles, "channel:manage") ? (
          <NotificationsPanel workspace={workspace} />
        ) : (
          <EmptyState title="You may not manage notification channels">
            Notification channels need the role {PERMISSIONS["channel:manage"].join(" or ")}; you have{" "}
            {roles.join(", ")}. Ask someone with that role to add a channel.
          </EmptyState>
        )}
      </Tabs.Panel>
    </Tabs>
  );
}
