import { Table, Text, Title } from "@mantine/core";
import { metricInWords, metricNames } from "@/components/runs/figures";
import { WideTable } from "@/components/ui/wide-table";
import { VerdictMark } from "@/components/usage/verdict-mark";
import type { Model, ScoreDifference } from "@/lib/contracts/models";
import type { SEVERITIES } from "@/lib/domain/leakage/codes";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import classes from "@/components/runs/runs.module.css";
import { differenceInWords } from "./difference-words";

/** The test scores of a leaking version and of the honest one, side by side. */
export function ScoreDifferencePanel({ model, difference }: { model: Model; difference: ScoreDifference }) {
  const versions = [difference.leaking, difference.honest].flatMap(
    (number) => model.versions.find(({ version }) => version === number) ?? [],
  );
  const tests = versions.map(({ metrics }) => metrics.test ?? {});
  const names = metricNames(Object.fromEntries(tests.map((test, index) => [index, test]))).filter(
    (name) => MODEL_METRICS[name]?.better !== undefined,
  );
  return (
    <section className={classes.panel} aria-label={`What leakage made of version ${difference.leaking}`}>
      <Title order={2} mb={4}>
        What leakage made of version {difference.leaking}
      </Title>
      <Text fw={600} mb={4}>
        {differenceInWords(difference)}
      </Text>
      <Text size="sm" c="dimmed" mb="sm" maw={900}>
        Version {difference.honest} computes the same, is trained and tested on the same rows, and no estimator before
        it has seen the test rows.
      </Text>
      <WideTable label={`Test scores of versions ${difference.leaking} and ${difference.honest}`} minWidth={300}>
        <Table verticalSpacing={6} w="auto">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>On the test rows</Table.Th>
              {versions.map(({ version, verdict, severity }) => (
                <Table.Th key={version} data-numeric>
                  <div>Version {version}</div>
                  <VerdictMark verdict={verdict} severity={severity as (typeof SEVERITIES)[number]} />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {names.map((name) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  {MODEL_METRICS[name]?.label ?? name}
                </Table.Th>
                {tests.map((test, index) => (
                  <Table.Td key={versions[index]?.version} data-numeric>
                    {test[name] === undefined ? "–" : metricInWords(name, test[name])}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </section>
  );
}
