"use client";

import { Button, Group, SegmentedControl, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { impactUrl, lineageQueries } from "@/lib/client/lineage";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { PagedItems } from "@/components/ui/paged-items";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { RoleMark } from "@/components/usage/role-mark";
import type { Environment } from "@/lib/domain/environments";
import type { LineageImpact } from "@/lib/contracts/lineage-paths";
import { contentsOf } from "./graph/overview-graph";
import { bareName } from "./graph/graph";
import { asOfOf, filtersOf } from "./lineage-state";
import { NodeName } from "./node-name";
import { KINDS } from "./node-kinds";
import { StateLine } from "./state-line";
import type { Explorer } from "./use-lineage-state";

const PER_PAGE = 50;

/** Everything that a change of a node would reach, or that it stands on, however far away, with whom to tell. */
export function ImpactTable({ workspace, explorer, node }: { workspace: string; explorer: Explorer; node: string }) {
  const { state, set } = explorer;
  const query = { workspace, node, side: state.side, asOf: asOfOf(state), ...filtersOf(state) };
  const impact = useInfiniteQuery(lineageQueries.impact({ ...query, limit: PER_PAGE }));
  const first = impact.data?.pages[0];
  const owners = new Set(impact.data?.pages.flatMap(({ items }) => items.map(({ owner }) => owner)).filter(Boolean));
  return (
    <>
      <Group justify="space-between" mb="sm" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="Direction of the impact"
          value={state.side}
          data={[
            { value: "down", label: "What it reaches" },
            { value: "up", label: "What it depends on" },
          ]}
          onChange={(side) => set({ side: side as "up" | "down" })}
        />
        <Button
          component="a"
          size="xs"
          variant="default"
          href={impactUrl(query)}
          download
          leftSection={<IconDownload size={14} />}
        >
          CSV{first && ` of all ${first.total}`}
        </Button>
      </Group>
      {first && first.total > 0 && (
        <StateLine>
          {state.side === "down" ? `A change of ${bareName(node)} reaches` : `${bareName(node)} stands on`}{" "}
          {contentsOf(first.counts)}, at most {first.longest} {first.longest === 1 ? "step" : "steps"} away
          {owners.size > 0 && `, of ${[...owners].sort().join(", ")}${impact.hasNextPage ? " and others" : ""}`}.
        </StateLine>
      )}
      <PagedItems
        query={impact}
        empty={<Text size="sm">{state.side === "down" ? "Nothing reads it" : "It reads nothing"}, as far as the filters show.</Text>} // prettier-ignore
      >
        {(items) => (
          <WideTable label="Impact" minWidth={920}>
            <Table verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Node</Table.Th>
                  <Table.Th>Kind</Table.Th>
                  <Table.Th data-numeric>Steps</Table.Th>
                  <Table.Th>Environment</Table.Th>
                  <Table.Th>Owner</Table.Th>
                  <Table.Th>Last use</Table.Th>
                  <Table.Th>Used for</Table.Th>
                  <Table.Th>State</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((item) => (
                  <ImpactRow key={item.id} item={item} />
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        )}
      </PagedItems>
    </>
  );
}

function ImpactRow({ item }: { item: LineageImpact }) {
  return (
    <Table.Tr>
      <Table.Td>
        <NodeName node={item} />
        {item.retired && (
          <Text span size="xs" c="dimmed">
            {" "}
            retired
          </Text>
        )}
      </Table.Td>
      <Table.Td>{KINDS[item.kind].label}</Table.Td>
      <Table.Td data-numeric>{Math.abs(item.distance)}</Table.Td>
      <Table.Td>
        <Group gap={4}>
          {item.environments.length > 0
            ? item.environments.map((environment) => (
                <EnvironmentBadge key={environment} environment={environment as Environment} />
              ))
            : "–"}
        </Group>
      </Table.Td>
      <Table.Td>{item.owner || "–"}</Table.Td>
      <Table.Td>{item.lastUsed ? <TimeAgo at={item.lastUsed} /> : "never"}</Table.Td>
      <Table.Td>
        <Group gap={8}>
          {item.uses.length > 0
            ? item.uses.map(({ role, last }) => (
                <span key={role} title={`last ${last.slice(0, 16).replace("T", " ")} UTC`}>
                  <RoleMark role={role} />
                </span>
              ))
            : "–"}
        </Group>
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          {item.leak && <StateBadge state={item.leak} />}
          {item.drift && item.drift !== "fine" && <StateBadge state={item.drift} />}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
