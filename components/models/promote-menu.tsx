"use client";

import { Button, Menu, Text } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import Link from "next/link";
import { modelPromotions } from "@/components/changes/promotions";
import type { Model, ModelVersion } from "@/lib/contracts/models";

/** What can be asked for one version: each alias with a link to the form, or with why it cannot get it. */
export function PromoteMenu({ model, version }: { model: Model; version: ModelVersion }) {
  const promotions = modelPromotions(model, version);
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          rightSection={<IconChevronDown size={14} />}
          aria-label={`Promote version ${version.version}`}
        >
          Promote …
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {promotions.map(({ environment, href, rollback, hindrance, request }) =>
          href ? (
            <Menu.Item key={environment} component={Link} href={href}>
              {rollback ? `Roll ${environment} back to v${version.version} …` : `Promote to ${environment} …`}
              {request !== null && (
                <Text size="xs" c="dimmed">
                  {hindrance}
                </Text>
              )}
            </Menu.Item>
          ) : (
            <Menu.Item key={environment} disabled>
              {environment}
              <Text size="xs">{hindrance}</Text>
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
