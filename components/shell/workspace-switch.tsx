"use client";

import { Menu, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import type { Workspace } from "@/lib/contracts/workspaces";
import classes from "./shell.module.css";

/** The workspace one is in, and the others. Changing is a whole new page, because everything on it changes. */
export function WorkspaceSwitch({ workspace, workspaces }: { workspace: Workspace; workspaces: Workspace[] }) {
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <UnstyledButton
          className={classes.workspace}
          aria-label={`Workspace ${workspace.title}`}
          title={workspace.title}
        >
          <span>{workspace.title}</span>
          <IconSelector size={14} stroke={1.6} style={{ flex: "none" }} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Workspaces</Menu.Label>
        {workspaces.map(({ name, title, counts }) => (
          <Menu.Item
            key={name}
            component="a"
            href={`/?workspace=${name}`}
            aria-current={name === workspace.name ? "true" : undefined}
            rightSection={name === workspace.name && <IconCheck size={14} />}
          >
            {title}
            <Text size="xs" c="dimmed">
              {name} · {counts.features} features · {counts.models} models
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
