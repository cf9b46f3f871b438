import { Anchor, Table, Text } from "@mantine/core";
import Link from "next/link";
import { windowName } from "@/components/distributions/window-name";
import { describeScore, figureName } from "@/lib/domain/drift/drift-words";
import { StateBadge } from "@/components/ui/state-badge";
import { WideTable } from "@/components/ui/wide-table";
import type { DriftCell } from "@/lib/contracts/drift";

/** The same as the chart, in figures and sentences. */
export function FeatureDriftTable({
  cells,
  figure,
  comparisonOf,
}: {
  cells: readonly DriftCell[];
  /** The figure that all of them were judged by; null where each has its own. */
  figure: string | null;
  comparisonOf: (window: string) => string;
}) {
  return (
    <WideTable label="Drift by window" minWidth={640}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Window</Table.Th>
            <Table.Th data-numeric>{figure === null ? "Score" : figureName(figure)}</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cells.map((cell) => (
            <Table.Tr key={cell.window}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                <Anchor component={Link} href={comparisonOf(cell.window)} inherit>
                  {windowName(cell.window)}
                </Anchor>
              </Table.Td>
              <Table.Td data-numeric>
                {cell.score === null
                  ? "–"
                  : figure === null
                    ? describeScore(cell.metric, cell.score)
                    : cell.score.toFixed(3)}
              </Table.Td>
              <Table.Td>
                {cell.isReference ? (
                  <Text size="sm" c="dimmed">
                    the reference
                  </Text>
                ) : (
                  <StateBadge state={cell.state} />
                )}
              </Table.Td>
              <Table.Td>{cell.explanation}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
