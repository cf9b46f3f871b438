import { Alert, List, Table, Text } from "@mantine/core";
import { Section } from "@/components/ui/section";
import { WideTable } from "@/components/ui/wide-table";
import type { TrainingPreview } from "@/lib/contracts/training-datasets";
import { FeatureVerdicts } from "./feature-verdicts";
import { PartCounts } from "./part-counts";
import classes from "./training.module.css";

/** Why a cell has no value. */
const ABSENT: Record<string, string> = {
  NULL: "null",
  NO_ROW: "none before",
  EXPIRED: "too old",
  NO_KEY: "no key",
};

/** What freezing would give. */
export function TrainingPreviewed({ preview }: { preview: TrainingPreview }) {
  const { columns, rows, spine, parts, verdicts, recipe, warnings } = preview;
  const firstFeature = columns.findIndex(({ role }) => role === "feature");
  return (
    <div aria-live="polite">
      {warnings.length > 0 && (
        <Alert color="yellow" title="Before you freeze" mb="lg">
          <List size="sm">
            {warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Section id="leaks" title="What leaks">
        <FeatureVerdicts verdicts={verdicts} />
      </Section>
      <Section id="parts" title="Rows">
        <PartCounts rows={spine.rows} parts={parts} split={recipe.split} />
      </Section>
      <Section id="first-rows" title="First rows" note={`${rows.length} of ${spine.rows.toLocaleString("en")}`}>
        <WideTable label="First rows" minWidth={Math.max(600, columns.length * 120)}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                {columns.map(({ name, role, type }) => (
                  <Table.Th key={name} className={classes.cell}>
                    {name}
                    <Text size="xs" c="dimmed">
                      {role === "spine" ? type : `${role}, ${type}`}
                    </Text>
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ cells, statuses }, row) => (
                <Table.Tr key={row}>
                  {cells.map((cell, at) => (
                    <Table.Td key={at} className={cell === null ? classes.absent : classes.cell}>
                      {cell === null ? (ABSENT[statuses[at - firstFeature] ?? "NULL"] ?? "null") : textOf(cell)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      </Section>
    </div>
  );
}

function textOf(cell: unknown): string {
  return typeof cell === "string" ? cell.replace("T00:00:00.000Z", "") : JSON.stringify(cell);
}
