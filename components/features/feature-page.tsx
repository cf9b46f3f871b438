"use client";

import { Badge, Button, Group, Menu, Skeleton, Tabs, Tooltip } from "@mantine/core";
import { IconArrowUpRight, IconRoute, IconTable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { featureQueries } from "@/lib/client/features";
import type { FeatureDetail } from "@/lib/contracts/feature-detail";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { featurePromotions } from "@/components/changes/promotions";
import { DefinitionHistory } from "@/components/definitions/definition-history";
import { ObjectLink } from "@/components/definitions/object-link";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { formatQuery, toggleFilter } from "@/lib/domain/search/query";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import scrollEdges from "@/components/ui/scroll-edges.module.css";
import { FeatureOverview } from "./feature-overview";

const lazy = () => <Skeleton height={320} mt="md" />;
const FeatureStrategies = dynamic(() => import("./feature-strategies").then((all) => all.FeatureStrategies), {
  loading: lazy,
});
const LineageExplorer = dynamic(() => import("@/components/lineage/lineage-explorer"), { ssr: false, loading: lazy });
const Distribution = dynamic(() => import("@/components/distributions/distribution").then((all) => all.Distribution), {
  loading: lazy,
});
const FeatureDrift = dynamic(() => import("./feature-drift").then((all) => all.FeatureDrift), {
  ssr: false,
  loading: lazy,
});
const FeatureUsage = dynamic(() => import("./feature-usage").then((all) => all.FeatureUsage), { loading: lazy });
const FeatureVersions = dynamic(() => import("./feature-versions").then((all) => all.FeatureVersions), {
  loading: lazy,
});

const FEATURE_TABS = ["overview", "strategies", "lineage", "distribution", "drift", "usage", "versions"] as const;

/** One feature: what it is, how it is made, where it comes from, how it is distributed, who uses it. */
export function FeaturePage({ workspace, name, roles }: { workspace: string; name: string; roles: string[] }) {
  const { data: feature, error } = useQuery(featureQueries.detail(workspace, name));
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(FEATURE_TABS).withDefault("overview").withOptions({ history: "push" }),
  );
  if (error && !feature) return <ErrorState error={error} />;
  if (!feature) return <Skeleton height={480} />;
  const counts: Partial<Record<(typeof FEATURE_TABS)[number], number>> = {
    strategies: feature.strategies.length,
    usage: feature.usages,
    versions: feature.strategies.length,
  };
  return (
    <>
      <PageHeader
        title={feature.name}
        facts={<Facts feature={feature} />}
        actions={
          <>
            <Group gap={6}>
              {feature.pointers.map((pointer) => (
                <Tooltip
                  key={pointer.environment}
                  label={`Moved by ${pointer.movedBy}, ${pointer.movedAt.slice(0, 10)}`}
                >
                  <span>
                    <EnvironmentBadge environment={pointer.environment} version={pointer.version} />
                  </span>
                </Tooltip>
              ))}
            </Group>
            <Button
              component={Link}
              href={`/plan?outputs=${encodeURIComponent(name)}`}
              size="xs"
              variant="default"
              leftSection={<IconRoute size={14} />}
            >
              Plan
            </Button>
            <Button
              component={Link}
              href={`/training-datasets/new?feature=${encodeURIComponent(name)}`}
              size="xs"
              variant="default"
              leftSection={<IconTable size={14} />}
            >
              Use in training dataset
            </Button>
            {can(roles as Role[], "feature:propose") && <Promote feature={feature} />}
          </>
        }
      />
      <Tabs value={tab} onChange={(value) => void setTab(value as (typeof FEATURE_TABS)[number])} keepMounted={false}>
        <Tabs.List className={scrollEdges.edges} style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}>
          {FEATURE_TABS.map((id) => (
            <Tabs.Tab
              key={id}
              value={id}
              style={{ flex: "none" }}
              rightSection={
                counts[id] === undefined ? undefined : (
                  <Badge size="xs" variant="light" color="gray">
                    {counts[id]}
                  </Badge>
                )
              }
            >
              {id[0]?.toUpperCase()}
              {id.slice(1)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview" pt="md">
          <FeatureOverview workspace={workspace} feature={feature} />
        </Tabs.Panel>
        <Tabs.Panel value="strategies" pt="md">
          <FeatureStrategies feature={feature} />
        </Tabs.Panel>
        <Tabs.Panel value="lineage" pt="md">
          <LineageExplorer workspace={workspace} home={`feature:${name}`} />
        </Tabs.Panel>
        <Tabs.Panel value="distribution" pt="md">
          <Distribution workspace={workspace} name={name} pointers={feature.pointers} />
        </Tabs.Panel>
        <Tabs.Panel value="drift" pt="md">
          <FeatureDrift workspace={workspace} name={name} pointers={feature.pointers} />
        </Tabs.Panel>
        <Tabs.Panel value="usage" pt="md">
          <FeatureUsage workspace={workspace} name={name} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="md">
          <FeatureVersions workspace={workspace} name={name} />
          <DefinitionHistory workspace={workspace} of="features" name={name} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Facts({ feature }: { feature: FeatureDetail }) {
  const models = new Set(feature.strategies.flatMap((strategy) => strategy.models.map((model) => model.model))).size;
  const services = new Set(feature.views.flatMap((view) => view.services)).size;
  const used = [
    models > 0 && `${models} ${models === 1 ? "model" : "models"}`,
    services > 0 && `${services} ${services === 1 ? "service" : "services"}`,
  ].filter(Boolean);
  return (
    <Group gap={8}>
      <span>
        {feature.type} · <ObjectLink kind="Entity" name={feature.entity} />
        {feature.sensitivity !== "none" && ` · ${feature.sensitivity}`}
        {feature.owner && ` · owner ${feature.owner}`}
      </span>
      {feature.lastComputed && (
        <span>
          computed <TimeAgo at={feature.lastComputed} />
        </span>
      )}
      <span>{used.length > 0 ? `used by ${used.join(", ")}` : "not used yet"}</span>
      {feature.tags.map((tag) => (
        <Badge
          key={tag}
          component={Link}
          href={`/features?q=${encodeURIComponent(formatQuery(toggleFilter([], "tag", tag)))}`}
          size="sm"
          variant="light"
          color="gray"
          tt="none"
          style={{ cursor: "pointer" }}
        >
          {tag}
        </Badge>
      ))}
      {feature.deprecated && (
        <Badge color="gray" variant="filled" tt="none">
          deprecated
        </Badge>
      )}
      {feature.leak === "leak" && <StateBadge state="leak" />}
      {feature.drift && feature.drift.state !== "fine" && (
        <>
          drift <StateBadge state={feature.drift.state} />
        </>
      )}
    </Group>
  );
}

function Promote({ feature }: { feature: FeatureDetail }) {
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button size="xs" leftSection={<IconArrowUpRight size={14} />}>
          Propose promotion
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {featurePromotions(feature).map(({ environment, version, href, hindrance }) =>
          href ? (
            <Menu.Item key={environment} component={Link} href={href}>
              v{version} to {environment}
            </Menu.Item>
          ) : (
            <Menu.Item key={environment} disabled>
              To {environment}: {hindrance}
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
