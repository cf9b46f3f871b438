"use client";

import { Button, Group, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import Link from "next/link";

/** Where a variant is deployed from, a pipeline's page or a plan, and where deployments are compared. */
export function DeploymentListActions({ pipelines }: { pipelines: string[] }) {
  return (
    <Group gap="sm">
      <Button component={Link} href="/deployments/ab-tests" variant="default">
        A/B tests
      </Button>
      <DeployMenu pipelines={pipelines} />
    </Group>
  );
}

function DeployMenu({ pipelines }: { pipelines: string[] }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={16} />}>Deploy a variant</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {pipelines.length > 0 && <Menu.Label>Of a pipeline</Menu.Label>}
        {pipelines.map((name) => (
          <Menu.Item key={name} component={Link} href={`/pipelines/${name}`}>
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} href="/plan">
          Plan something new
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
