import { Table, Text } from "@mantine/core";
import { WideTable } from "@/components/ui/wide-table";
import { metricInWords, metricNames, partNames } from "./figures";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import classes from "./runs.module.css";

/** Metrics by part of the split, parts in their colours. */
export function RunMetrics({
  metrics,
  label = "Metrics by part",
}: {
  metrics: Record<string, Record<string, number>>;
  label?: string;
}) {
  const parts = partNames(metrics);
  return (
    <WideTable label={label} minWidth={300}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Metric</Table.Th>
            {parts.map((part) => (
              <Table.Th key={part} data-numeric className={classes.part} data-part={part}>
                {part}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {metricNames(metrics).map((name) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {MODEL_METRICS[name]?.label ?? name}
                {MODEL_METRICS[name] && (
                  <Text size="xs" c="dimmed" visibleFrom="sm">
                    {MODEL_METRICS[name].about}
                  </Text>
                )}
              </Table.Th>
              {parts.map((part) => {
                const value = metrics[part]?.[name];
                return (
                  <Table.Td key={part} data-numeric>
                    {value === undefined ? "–" : metricInWords(name, value)}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
