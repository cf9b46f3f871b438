"use client";

import { Drawer, Table, Text } from "@mantine/core";
import { CodeBlock } from "@/components/ui/code-block";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { FeatureSkew, SkewCheck } from "@/lib/contracts/skew";
import { SKEW_OUTCOMES } from "./skew-bar";
import classes from "./skew.module.css";

const nameOf = (outcome: string) => SKEW_OUTCOMES.find((one) => one.outcome === outcome)?.label.toLowerCase();

/** Keys whose values differ, with both values, and how to ask for them oneself. */
export function SkewExamples({
  check: { view, environment, at },
  feature: { feature, examples },
  onClose,
}: {
  check: SkewCheck;
  feature: FeatureSkew;
  onClose: () => void;
}) {
  const keys = Object.keys(examples[0]?.key ?? {});
  const isHidden = examples.every(({ online, offline }) => online === null && offline === null);
  const request = {
    features: [`${view}@${environment}:${feature.slice(feature.indexOf(".") + 1)}`],
    entities: Object.fromEntries(keys.map((name) => [name, examples.map(({ key }) => key[name])])),
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={`Examples of ${feature}`}
      closeButtonProps={{ "aria-label": "Close the examples" }}
    >
      <Text size="sm" c="dimmed" mb="sm">
        {view} in {environment}, read <TimeAgo at={at} />.{isHidden && " Personal values are compared but not stored."}
      </Text>
      <WideTable label={`Examples of ${feature}`} minWidth={420}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {keys.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
              <Table.Th>What</Table.Th>
              <Table.Th>Online</Table.Th>
              <Table.Th>Offline</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {examples.map(({ key, outcome, online, offline }) => (
              <Table.Tr key={JSON.stringify(key)}>
                {keys.map((name) => (
                  <Table.Td key={name} className={classes.value}>
                    {String(key[name])}
                  </Table.Td>
                ))}
                <Table.Td>{nameOf(outcome)}</Table.Td>
                <Table.Td className={classes.value}>{online ?? "–"}</Table.Td>
                <Table.Td className={classes.value}>{offline ?? "–"}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Text size="sm" mt="md" mb="xs">
        What the online store returns for these keys: <code>POST /api/serving/get-online-features</code>
      </Text>
      <CodeBlock label="request" code={JSON.stringify(request, null, 2)} />
    </Drawer>
  );
}
