import { Anchor, Table, Text, Title } from "@mantine/core";
import Link from "next/link";
import { EmptyState } from "@/components/ui/empty-state";
import { Sparkline } from "@/components/ui/sparkline";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { HomeFeature } from "@/lib/contracts/home";

/** The most used features as a table: name, distribution, how many use it, how fresh it is. */
export function PopularFeatures({ features }: { features: HomeFeature[] }) {
  return (
    <section style={{ marginBottom: 24 }}>
      <Title order={2} mb={8}>
        Most used features
      </Title>
      {features.length === 0 ? (
        <EmptyState title="No usage recorded">
          Start a run of a pipeline: what it reads, on which rows and for which consumer, is recorded here.
        </EmptyState>
      ) : (
        <WideTable label="Most used features" minWidth={620}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Feature</Table.Th>
                <Table.Th>Type</Table.Th>
                <Table.Th>Distribution</Table.Th>
                <Table.Th data-numeric>Consumers</Table.Th>
                <Table.Th data-numeric>Uses</Table.Th>
                <Table.Th pl="lg">Computed</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {features.map((feature) => (
                <Table.Tr key={feature.name}>
                  <Table.Td maw={420}>
                    <Anchor component={Link} href={`/features/${encodeURIComponent(feature.name)}`} inherit fw={600}>
                      {feature.name}
                    </Anchor>
                    <Text size="sm" c="dimmed" truncate title={feature.description}>
                      {feature.description}
                    </Text>
                  </Table.Td>
                  <Table.Td>{feature.type}</Table.Td>
                  <Table.Td>
                    {feature.histogram.length > 0 ? (
                      <Sparkline counts={feature.histogram} label={`Distribution of ${feature.name}`} />
                    ) : (
                      <Text size="sm" c="dimmed">
                        no profile
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td data-numeric>{feature.consumers}</Table.Td>
                  <Table.Td data-numeric>{feature.uses}</Table.Td>
                  <Table.Td pl="lg">
                    {feature.computedAt ? <TimeAgo at={feature.computedAt} /> : "from the source"}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </section>
  );
}
