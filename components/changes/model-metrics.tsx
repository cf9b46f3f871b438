import { Table, Text } from "@mantine/core";
import { metricInWords, metricNames, partNames } from "@/components/runs/figures";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { WideTable } from "@/components/ui/wide-table";
import type { ModelEvidence, ModelMetricChange } from "@/lib/contracts/change-model-evidence";
import { directionOf } from "@/lib/domain/changes/model-checks";
import classes from "./changes.module.css";

const SIGNS = { better: "▲ better", worse: "▼ worse", same: "= same" } as const;

/** Both versions' metrics side by side, part by part. */
export function ModelMetrics({ evidence }: { evidence: ModelEvidence }) {
  const { before, after, sameRows, metrics } = evidence;
  const byPart = Object.fromEntries(
    metrics.map(({ part }) => [
      part,
      Object.fromEntries(metrics.filter((item) => item.part === part).map(({ metric }) => [metric, 0])),
    ]),
  );
  const of = (part: string, metric: string) => metrics.find((item) => item.part === part && item.metric === metric);
  return (
    <>
      <Text size="sm" mb="sm" maw="75ch">
        {!before
          ? `No version has the alias yet, so there is nothing to compare v${after.version} with.`
          : sameRows
            ? `Both were tested on ${after.testedOn}.`
            : `The scores are not comparable: v${before.version} was tested on ${before.testedOn}, v${after.version} on ${after.testedOn}.`}
      </Text>
      <WideTable minWidth={460} label="Metrics of both versions">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Part</Table.Th>
              <Table.Th>Metric</Table.Th>
              <Table.Th data-numeric>{before ? `v${before.version} now` : "now"}</Table.Th>
              <Table.Th data-numeric>v{after.version}</Table.Th>
              <Table.Th>Difference</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...partNames(byPart)].reverse().flatMap((part) =>
              metricNames(byPart).flatMap((metric) => {
                const change = of(part, metric);
                return change ? [<Row key={`${part} ${metric}`} change={change} compared={sameRows} />] : [];
              }),
            )}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}

function Row({ change, compared }: { change: ModelMetricChange; compared: boolean }) {
  const { part, metric, before, after } = change;
  const direction = compared ? directionOf(change) : null;
  const inWords = (value: number | null) => (value === null ? "–" : metricInWords(metric, value));
  return (
    <Table.Tr>
      <Table.Td>{part}</Table.Td>
      <Table.Th scope="row" fw={400}>
        {MODEL_METRICS[metric]?.label ?? metric}
      </Table.Th>
      <Table.Td data-numeric>{inWords(before)}</Table.Td>
      <Table.Td data-numeric>{inWords(after)}</Table.Td>
      <Table.Td className={direction === null ? undefined : direction === "same" ? undefined : classes[direction]}>
        {direction === null ? "" : SIGNS[direction]}
      </Table.Td>
    </Table.Tr>
  );
}
