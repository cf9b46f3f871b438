"use client";

import { Anchor, Badge, Skeleton, Table, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { DefinitionHistory } from "@/components/definitions/definition-history";
import { ObjectLink } from "@/components/definitions/object-link";
import { Overview } from "@/components/overviews/overview";
import { CodeBlock } from "@/components/ui/code-block";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { datasetQueries } from "@/lib/client/datasets";
import type { ViewDetail } from "@/lib/contracts/views";
import { describeTtl } from "@/lib/domain/definitions/describe-definition";

const TABS = ["overview", "about"] as const;

/** A feature view: how its features are distributed, how it is served, what is declared. */
export function ViewPage({ workspace, name }: { workspace: string; name: string }) {
  const { data: view, error, refetch } = useQuery(datasetQueries.view(workspace, name));
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(TABS).withDefault("overview").withOptions({ history: "push" }),
  );
  if (!view) return error ? <ErrorState error={error} retry={() => void refetch()} /> : <Skeleton height={480} />;
  return (
    <>
      <PageHeader
        title={view.name}
        facts={<Facts view={view} />}
        actions={view.tags.map((tag) => (
          <Badge key={tag} variant="default" tt="none" fw={400}>
            {tag}
          </Badge>
        ))}
      />
      {view.description && (
        <Text maw="75ch" mb="sm">
          {view.description}
        </Text>
      )}
      <Tabs value={tab} onChange={(value) => void setTab(value as (typeof TABS)[number])} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="about">About</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview workspace={workspace} subject="view" name={name} />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <About workspace={workspace} view={view} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Facts({ view }: { view: ViewDetail }) {
  const { lastMaterialisation: last } = view;
  return (
    <>
      feature view of <ObjectLink kind="Entity" name={view.entity} /> · {view.features.length} features ·{" "}
      {view.online ? "online" : "offline"} · {describeTtl(view.ttlSeconds)}
      {view.owner && ` · owner ${view.owner}`}
      {last && (
        <>
          {" · materialised "}
          <TimeAgo at={last.at} />
          {" in "}
          <Anchor component={Link} href={`/runs/${last.runId}`} inherit underline="always">
            run {last.runNumber}
          </Anchor>
        </>
      )}
    </>
  );
}

function About({ workspace, view }: { workspace: string; view: ViewDetail }) {
  const { lastMaterialisation: last } = view;
  return (
    <>
      <Section id="serving" title="Serving">
        <Text size="sm" maw="75ch">
          {view.online ? "Served online" : "Not served online"};{" "}
          {view.schedule ? (
            <>
              copied to the online store by schedule <code>{view.schedule}</code> (UTC)
            </>
          ) : (
            "copied to the online store on demand only"
          )}
          .{" "}
          {last ? (
            <>
              Last <TimeAgo at={last.at} />: {last.rows.toLocaleString("en-US")} rows of{" "}
              <Anchor
                component={Link}
                href={`/datasets/${encodeURIComponent(last.dataset)}?version=${last.version}`}
                inherit
                underline="always"
              >
                {last.dataset}
              </Anchor>{" "}
              version {last.version}.
            </>
          ) : (
            "Never copied yet."
          )}{" "}
          {view.services.length > 0 && (
            <>
              Read by{" "}
              {view.services.map((service, index) => (
                <span key={service}>
                  {index > 0 && ", "}
                  <ObjectLink kind="FeatureService" name={service} />
                </span>
              ))}
              .
            </>
          )}
        </Text>
      </Section>
      <Section id="features" title="Features">
        <WideTable label="Features of the view" minWidth={560}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Feature</Table.Th>
                <Table.Th>Type</Table.Th>
                <Table.Th>Served</Table.Th>
                <Table.Th>Description</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {view.features.map((feature) => (
                <Table.Tr key={feature.name}>
                  <Table.Td>
                    <Anchor component={Link} href={`/features/${encodeURIComponent(feature.name)}`}>
                      {feature.name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>{feature.type ?? "nothing writes it"}</Table.Td>
                  <Table.Td>
                    {feature.served ? (
                      <EnvironmentBadge environment={feature.served.environment} version={feature.served.version} />
                    ) : (
                      "not yet"
                    )}
                  </Table.Td>
                  <Table.Td>{feature.description || "–"}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      </Section>
      <Section id="definition" title="Definition">
        <CodeBlock code={view.yaml} label="definition" />
      </Section>
      <DefinitionHistory workspace={workspace} of="views" name={view.name} />
    </>
  );
}
