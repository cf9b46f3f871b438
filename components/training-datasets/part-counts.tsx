import { Table, Text } from "@mantine/core";
import type { TrainingDataset } from "@/lib/contracts/training-datasets";
import { TRAINING_ROLES } from "@/lib/domain/training-datasets/training-recipe";

const count = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** How many rows each part of the split has, and what it is for. */
export function PartCounts({
  rows,
  parts,
  split,
}: {
  rows: number;
  parts: Record<string, number>;
  split: TrainingDataset["recipe"]["split"];
}) {
  if (!split) return <Text size="sm">{count.format(rows)} rows, without a split: all are for training.</Text>;
  const roleOf = (part: string) => TRAINING_ROLES.find((role) => split.parts[role].includes(part));
  const named = [...new Set([...TRAINING_ROLES.flatMap((role) => split.parts[role]), ...Object.keys(parts)])];
  return (
    <Table maw={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Part of {split.policy}</Table.Th>
          <Table.Th>For</Table.Th>
          <Table.Th data-numeric>Rows</Table.Th>
          <Table.Th data-numeric>Share</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {named.map((part) => (
          <Table.Tr key={part}>
            <Table.Td>{part || "in no part"}</Table.Td>
            <Table.Td>{roleOf(part) ?? "—"}</Table.Td>
            <Table.Td data-numeric>{count.format(parts[part] ?? 0)}</Table.Td>
            <Table.Td data-numeric>{rows === 0 ? "—" : percent.format((parts[part] ?? 0) / rows)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
