"use client";

import { Anchor, Skeleton, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { featureQueries } from "@/lib/client/features";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";

/** The usage ledger's newest rows about this feature. */
export function FeatureUsage({ workspace, name }: { workspace: string; name: string }) {
  const { data, error, isPending } = useQuery(featureQueries.usage(workspace, name));
  if (error) return <ErrorState error={error} />;
  if (isPending) return <Skeleton height={240} />;
  // The ledger filters by a part of the name.
  const entries = data.items.filter((entry) => entry.feature === name);
  if (entries.length === 0)
    return (
      <EmptyState title="No usage recorded">
        Fits, scores and online requests are recorded here, with the rows they used.
      </EmptyState>
    );
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        The newest {entries.length}.{" "}
        <Anchor component={Link} underline="always" href={`/audit/usage?feature=${name}`} size="sm">
          The whole ledger, with leakage
        </Anchor>
      </Text>
      <WideTable label="Usage of the feature" minWidth={760}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th>Consumer</Table.Th>
              <Table.Th>Role</Table.Th>
              <Table.Th>Rows</Table.Th>
              <Table.Th data-numeric>Count</Table.Th>
              <Table.Th>Run</Table.Th>
              <Table.Th>When</Table.Th>
              <Table.Th>Who</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <Table.Tr key={entry.id}>
                <Table.Td>v{entry.version}</Table.Td>
                <Table.Td>
                  {entry.consumerKind} {entry.consumer}
                </Table.Td>
                <Table.Td
                  style={{ color: `var(--tr-${entry.role === "serve" ? "serving" : entry.role})`, fontWeight: 600 }}
                >
                  {entry.role}, {entry.mode}
                </Table.Td>
                <Table.Td>{entry.rowSet}</Table.Td>
                <Table.Td data-numeric>{entry.rows.toLocaleString("en")}</Table.Td>
                <Table.Td>{entry.run}</Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>
                  <TimeAgo at={entry.at} />
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{entry.actor}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}
