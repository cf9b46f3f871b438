import { Table } from "@mantine/core";
import { WideTable } from "@/components/ui/wide-table";
import type { AbComparison, AbTest } from "@/lib/contracts/ab-tests";
import { METRIC_FACTS } from "@/lib/domain/definitions/outcome-metrics";
import { figuresOf } from "./interval-chart";

type Pair = AbComparison["metrics"][number]["pairs"][number];

/** Every metric with its intervals: the first one decides, the others help to understand. */
export function MetricsTable({ test, comparison }: { test: AbTest; comparison: AbComparison }) {
  return (
    <WideTable label="All metrics" minWidth={720}>
      <Table verticalSpacing={6} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Metric</Table.Th>
            {test.arms.map((arm) => (
              <Table.Th key={arm.name} data-numeric>
                {arm.name}
              </Table.Th>
            ))}
            <Table.Th data-numeric>Difference</Table.Th>
            <Table.Th>Result</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {comparison.metrics.map(({ metric, arms, pairs }) => (
            <Table.Tr key={metric}>
              <Table.Td fw={metric === test.metric ? 600 : undefined}>
                {METRIC_FACTS[metric].label}
                {metric === test.metric && " (decides)"}
              </Table.Td>
              {arms.map((arm) => (
                <Table.Td key={arm.name} data-numeric>
                  {figuresOf(arm.value, arm.interval)}
                </Table.Td>
              ))}
              <Table.Td data-numeric>
                {pairs.map((pair) => (
                  <div key={`${pair.a} ${pair.b}`}>
                    {pair.difference ? figuresOf(pair.difference.value, pair.difference.interval) : "too few rows"}
                  </div>
                ))}
              </Table.Td>
              <Table.Td>
                {pairs.map((pair) => (
                  <div key={`${pair.a} ${pair.b}`}>{inWords(pair)}</div>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function inWords({ a, b, verdict }: Pair): string {
  switch (verdict) {
    case "a_better":
      return `${a} is better than ${b}`;
    case "b_better":
      return `${b} is better than ${a}`;
    case "no_difference":
      return `${a} and ${b} do not differ`;
    case "undecided":
      return `${a} or ${b}: undecided`;
  }
}
