import { Anchor, Table, Text } from "@mantine/core";
import Link from "next/link";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { ModelAliasMove } from "@/lib/contracts/models";

/** Alias history, newest first. */
export function AliasHistory({ moves }: { moves: ModelAliasMove[] }) {
  if (moves.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No alias has moved yet.
      </Text>
    );
  return (
    <WideTable label="Alias history" minWidth={480}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Alias</Table.Th>
            <Table.Th>Version</Table.Th>
            <Table.Th>When</Table.Th>
            <Table.Th>By</Table.Th>
            <Table.Th>How</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {moves.map((move) => (
            <Table.Tr key={`${move.alias} ${move.at} ${move.after}`}>
              <Table.Td>
                <EnvironmentBadge environment={move.alias} />
              </Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                {move.before === null ? "" : `v${move.before} → `}v{move.after}
              </Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                <TimeAgo at={move.at} />
              </Table.Td>
              <Table.Td>{move.by}</Table.Td>
              <Table.Td>
                {move.change === null ? (
                  "the first version"
                ) : (
                  <>
                    <Anchor component={Link} href={`/changes/${move.change}`} inherit underline="always">
                      request #{move.change}
                    </Anchor>
                    {move.approvedBy.length > 0 && `, approved by ${move.approvedBy.join(", ")}`}
                  </>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
