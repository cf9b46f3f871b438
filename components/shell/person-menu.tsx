"use client";

import { Menu, Text, UnstyledButton } from "@mantine/core";
import { IconKeyboard, IconLogout, IconSettings, IconUser } from "@tabler/icons-react";
import Link from "next/link";
import { PersonAvatar } from "@/components/people/person-avatar";
import type { Role } from "@/lib/domain/roles";
import { leave } from "./leave";

export function PersonMenu({ name, roles, onKeys }: { name: string; roles: readonly Role[]; onKeys: () => void }) {
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={`${name}: account`} style={{ borderRadius: "50%" }}>
          <PersonAvatar name={name} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="md" fw={600} c="var(--mantine-color-text)">
            {name}
          </Text>
          <Text size="xs">{roles.join(", ")}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} href="/settings?tab=account" leftSection={<IconUser size={16} stroke={1.6} />}>
          Your account
        </Menu.Item>
        <Menu.Item component={Link} href="/settings" leftSection={<IconSettings size={16} stroke={1.6} />}>
          Settings
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} stroke={1.6} />} onClick={onKeys}>
          Keys
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
