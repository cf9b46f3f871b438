"use client";

import { ActionIcon, Badge, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { featureQueries } from "@/lib/client/features";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { ErrorState } from "@/components/ui/error-state";
import { StateBadge } from "@/components/ui/state-badge";
import { FeatureFacts } from "./feature-facts";
import { strategyName } from "./strategy-name";
import { useOrigin } from "./use-origin";

const ProfileGlance = dynamic(
  () => import("@/components/distributions/profile-glance").then((all) => all.ProfileGlance),
  {
    loading: () => <Skeleton height={140} />,
  },
);
const SnippetTabs = dynamic(() => import("./snippet-tabs").then((all) => all.SnippetTabs), {
  loading: () => <Skeleton height={160} />,
});

/** A feature beside the list: enough to decide whether to open it. */
export function PreviewPane({ workspace, name, close }: { workspace: string; name: string; close?: () => void }) {
  const origin = useOrigin();
  const { data: feature, error } = useQuery(featureQueries.detail(workspace, name));
  return (
    <Stack gap="md">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={2} style={{ overflowWrap: "anywhere" }}>
          <Link href={`/features/${name}`} style={{ color: "inherit" }}>
            {name}
          </Link>
        </Title>
        {close && (
          <ActionIcon variant="subtle" color="gray" aria-label="Close preview" onClick={close}>
            <IconX size={16} />
          </ActionIcon>
        )}
      </Group>
      {error && <ErrorState error={error} />}
      {!feature && !error && <Skeleton height={320} />}
      {feature && (
        <>
          <Group gap={6}>
            <Badge variant="outline" color="gray" tt="none">
              {feature.type}
            </Badge>
            {feature.pointers.map((pointer) => (
              <EnvironmentBadge key={pointer.environment} environment={pointer.environment} version={pointer.version} />
            ))}
          </Group>
          <Text size="sm">{feature.description || "No description yet."}</Text>
          <ProfileGlance workspace={workspace} name={name} />
          <FeatureFacts feature={feature} />
          <div>
            <Title order={3} mb={4}>
              Strategies
            </Title>
            <Stack gap={6}>
              {feature.strategies.map((strategy) => (
                <Group key={strategy.version} gap={6} wrap="nowrap" align="flex-start">
                  <Text size="sm" fw={600}>
                    v{strategy.version}
                  </Text>
                  <Text size="sm" style={{ overflowWrap: "anywhere", flex: 1 }}>
                    {strategyName(strategy)}
                  </Text>
                  {strategy.models.some((model) => model.verdict === "leak") && <StateBadge state="leak" />}
                </Group>
              ))}
              {feature.strategies.length === 0 && (
                <Text size="sm" c="dimmed">
                  Never computed.
                </Text>
              )}
            </Stack>
          </div>
          <SnippetTabs feature={feature} origin={origin} />
        </>
      )}
    </Stack>
  );
}
