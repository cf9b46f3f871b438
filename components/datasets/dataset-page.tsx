"use client";

import { Anchor, Badge, Skeleton, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { ObjectLink } from "@/components/definitions/object-link";
import { Overview } from "@/components/overviews/overview";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import scrollEdges from "@/components/ui/scroll-edges.module.css";
import { datasetQueries } from "@/lib/client/datasets";
import type { DatasetDetail } from "@/lib/contracts/datasets";
import { DatasetKindBadge } from "./dataset-kind";
import { DatasetVersions } from "./dataset-versions";
import { SourceAbout } from "./source-about";

const SourceRules = dynamic(() => import("@/components/sources/source-rules").then((all) => all.SourceRules), {
  loading: () => <Skeleton height={320} />,
});

const DiveTab = dynamic(() => import("@/components/dive/dive-tab").then((all) => all.DiveTab), {
  ssr: false,
  loading: () => <Skeleton height={480} />,
});

const TABS = ["overview", "dive", "versions", "rules", "about"] as const;
type Tab = (typeof TABS)[number];

/** A dataset: how its columns are distributed, its rows, versions and rules, and what is declared of it. */
export function DatasetPage({ workspace, name, mayEdit }: { workspace: string; name: string; mayEdit: boolean }) {
  const { data: dataset, error, refetch } = useQuery(datasetQueries.detail(workspace, name));
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(TABS).withDefault("overview").withOptions({ history: "push" }),
  );
  if (!dataset) return error ? <ErrorState error={error} retry={() => void refetch()} /> : <Skeleton height={480} />;
  const isSource = dataset.kind === "source";
  const shown: Tab[] = ["overview", "dive", "versions", "rules", ...(isSource ? (["about"] as const) : [])];
  return (
    <>
      <PageHeader
        title={dataset.name}
        facts={<Facts dataset={dataset} />}
        actions={
          <>
            {dataset.tags.map((tag) => (
              <Badge key={tag} variant="default" tt="none" fw={400}>
                {tag}
              </Badge>
            ))}
            <DatasetKindBadge kind={dataset.kind} />
          </>
        }
      />
      {isSource && dataset.description && (
        <Text maw="75ch" mb="sm">
          {dataset.description}
        </Text>
      )}
      <Tabs
        value={shown.includes(tab) ? tab : "overview"}
        onChange={(value) => void setTab(value as Tab)}
        keepMounted={false}
      >
        <Tabs.List
          className={scrollEdges.edges}
          mb="md"
          style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}
        >
          {shown.map((id) => (
            <Tabs.Tab
              key={id}
              value={id}
              style={{ flex: "none" }}
              rightSection={
                id === "versions" ? (
                  <Badge size="xs" variant="light" color="gray">
                    {dataset.versions}
                  </Badge>
                ) : undefined
              }
            >
              {id[0]?.toUpperCase()}
              {id.slice(1)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview workspace={workspace} subject="dataset" name={name} />
        </Tabs.Panel>
        <Tabs.Panel value="dive">
          <DiveTab workspace={workspace} dataset={name} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <DatasetVersions dataset={dataset} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <SourceRules workspace={workspace} name={name} mayEdit={mayEdit} />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <SourceAbout workspace={workspace} name={name} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Facts({ dataset: { format, entity, owner, latest } }: { dataset: DatasetDetail }) {
  const run = latest?.run;
  return (
    <>
      {format} of <ObjectLink kind="Entity" name={entity} />
      {latest && ` · ${latest.rows.toLocaleString("en-US")} rows · newest version ${latest.version}`}
      {latest?.timeFrom && latest.timeTo && ` · ${latest.timeFrom.slice(0, 10)} to ${latest.timeTo.slice(0, 10)}`}
      {owner && ` · owner ${owner}`}
      {run && (
        <>
          {" · written by "}
          <Anchor component={Link} href={`/runs/${run.id}`} inherit underline="always">
            run {run.number}
          </Anchor>
        </>
      )}
      {run?.pipeline && (
        <>
          {" of "}
          <Anchor component={Link} href={`/pipelines/${run.pipeline}`} inherit underline="always">
            {run.pipeline}
          </Anchor>
        </>
      )}
      {run?.models.map((model) => (
        <span key={model}>
          {" · trained "}
          <Anchor component={Link} href={`/models/${model}`} inherit underline="always">
            {model}
          </Anchor>
        </span>
      ))}
    </>
  );
}
