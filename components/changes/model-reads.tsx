import { Anchor, Group, Table, Text } from "@mantine/core";
import Link from "next/link";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { StateBadge } from "@/components/ui/state-badge";
import { WideTable } from "@/components/ui/wide-table";
import type { ModelEvidence } from "@/lib/contracts/change-model-evidence";

/** What the proposed version reads, and where that is served: a model should stand on features that were promoted before it. */
export function ModelReads({ evidence: { reads, owners } }: { evidence: ModelEvidence }) {
  return (
    <>
      <Text size="sm" mb="sm">
        It reads {reads.length} feature versions, owned by {owners.join(", ") || "no recorded owner"}.
      </Text>
      <WideTable minWidth={520} label="Features that the version reads">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Feature</Table.Th>
              <Table.Th>Version</Table.Th>
              <Table.Th>Served in</Table.Th>
              <Table.Th>Verdict</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {reads.map(({ feature, version, environments, verdict }) => (
              <Table.Tr key={feature}>
                <Table.Td>
                  <Anchor component={Link} href={`/features/${encodeURIComponent(feature)}`} inherit>
                    {feature}
                  </Anchor>
                </Table.Td>
                <Table.Td>v{version}</Table.Td>
                <Table.Td>
                  <Group gap={4}>
                    {environments.map((environment) => (
                      <EnvironmentBadge key={environment} environment={environment} />
                    ))}
                    {environments.length === 0 && (
                      <Text size="sm" c="dimmed">
                        nowhere
                      </Text>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <StateBadge state={verdict} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}
